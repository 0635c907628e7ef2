"""Questions put from outside the pages: by the local operator, or in the name of a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.accounts.selectors import person_by_email
from regie.apps.attribution import selectors
from regie.apps.attribution.choosing import choose as choose
from regie.apps.attribution.closing import close_months as close_months
from regie.apps.audit import services as audit
from regie.apps.organisations import selectors as organisations
from regie.domain.attribution.questions import Question
from regie.kernel.errors import NotFound
from regie.kernel.i18n import _, say


def ask(
    question: Question,
    *,
    organisation: str = "",
    person: str = "",
    models: tuple[str, ...] = (),
    shaped: Callable[..., Any] = selectors.document,
) -> Any:
    """The answer for the local operator (audited) or for the person called ``person``.

    Without a currency it is that of the organisation. Raises ``NotFound`` for a person or an
    organisation that is absent, or hidden from the person.
    """
    user = person_by_email(person) if person else None
    if person and user is None:
        raise NotFound(say(_("There is no person {email}."), email=person))
    with acting_as(user) if user else operating():
        visible = organisations.visible_organisations()
        root = next((one for one in visible if one.slug == organisation), None)
        if organisation and root is None:
            raise NotFound(say(_("There is no organisation “{slug}”."), slug=organisation))
        chosen = [one for one in visible if root is None or one.path.startswith(root.path)]
        if not question.currency:
            usual = chosen[0].currency if chosen else "EUR"
            question = replace(question, currency=usual)
        for one in chosen[:1] if user is None else []:
            audit.record(organisation_id=one.pk, action="attribution.asked", unit=question.unit)
        scope = scope_of(chosen)
        answer = selectors.attribution(question, scope)
        units = list(answer.units)
        return shaped(
            answer, selectors.beside(question, scope, units),
            selectors.unit_names(question.unit, units), models,
            selectors.revised(question, scope), selectors.told(question, scope),
            selectors.both_ways(question, scope),
        )  # fmt: skip
