"""The model and the window by which the reports of an organisation share conversions out.

Each kind of conversion has its own; what is chosen for orders holds for the others until then.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.attribution.crediting import Way, laid
from regie.apps.attribution.models import Choice
from regie.apps.audit import services as audit
from regie.apps.organisations import policies
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.domain.attribution.models import chosen, models
from regie.domain.attribution.models.linear import linear
from regie.domain.attribution.questions import (
    KINDS,
    Question,
    is_own_event,
    read_question,
)
from regie.domain.metrics.planning import Plan
from regie.domain.metrics.query import Crediting
from regie.kernel import clock
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _
from regie.kernel.periods import Period
from regie.kernel.scope import Scope
from regie.warehouse.views import Session

USUAL = Crediting(linear.name, "30d")
USUAL_KIND = "order"


@dataclass(frozen=True)
class Kept:
    """Whether anything changed, and what was chosen before: to be taken back."""

    changed: bool
    before: Crediting


@transaction.atomic
def choose(
    *, actor: User, organisation: Organisation, crediting: Crediting, kind: str = USUAL_KIND,
    below: bool = False,
) -> Kept:  # fmt: skip
    """From now on the reports of ``organisation`` use it; with ``below`` those under it too.

    It is of conversions of one ``kind``. Raises ``WrongUse`` for a model or a window that is none.
    """
    policies.check_can_administer(actor=actor, organisation=organisation, now=clock.now())
    checked(crediting, kind)
    before = chosen_by({organisation.pk}, kind)
    branch = organisations.branch_of(organisation) if below else [organisation]
    changed = False
    for one in branch:
        record, _is_new = Choice.objects.select_for_update().get_or_create(
            organisation=one, kind=kind, defaults=vars(USUAL)
        )
        was = Crediting(record.model, record.lookback, record.lag)
        if was == crediting:
            continue
        record.model, record.lookback = crediting.model, crediting.lookback
        record.lag = crediting.lag
        record.save(update_fields=["model", "lookback", "lag"])
        changed = True
        audit.record(
            organisation_id=one.pk, action="attribution.chosen", actor_id=actor.pk,
            actor=str(actor), kind=kind, before=vars(was), after=vars(crediting),
        )  # fmt: skip
    return Kept(changed, before)


def checked(crediting: Crediting, kind: str = USUAL_KIND) -> Crediting:
    """Raises ``WrongUse`` where it names no one model, or no window."""
    if kind not in KINDS and not is_own_event(kind):
        raise WrongUse(
            _("Reports share out orders, leads, calls, codes used and events of your own; nothing "
              "else has a model.")
        )  # fmt: skip
    if len(chosen(crediting.model)) != 1:
        raise WrongUse(_("Choose one attribution model."))
    _question(crediting, kind)
    return crediting


def _question(crediting: Crediting, kind: str) -> Question:
    today = clock.today()
    return read_question(
        period=Period(today, today), kind=kind, lookback=crediting.lookback, lag=crediting.lag
    )


def in_use(scope: Scope, kind: str = USUAL_KIND) -> Crediting:
    """What the highest organisation of ``scope`` has chosen for ``kind``, else the usual."""
    return chosen_by(scope.organisations, kind)


def chosen_by(keys: set[int] | frozenset[int], kind: str) -> Crediting:
    """As ``in_use``, of the organisations ``keys``."""
    highest = Organisation.objects.filter(pk__in=keys).order_by("path").first()
    found = (
        {one.kind: one for one in Choice.objects.filter(organisation=highest)} if highest else {}
    )
    record = found.get(kind) or found.get(USUAL_KIND)
    if record is None or record.model not in models():
        return USUAL
    return Crediting(record.model, record.lookback, record.lag)


def credited(session: Session, scope: Scope, plan: Plan) -> Plan:
    """``plan`` with its credits, by what it asks for or what the organisation has chosen."""
    asked = plan.query.crediting

    def way_of(kind: str) -> Way:
        usual = in_use(scope, kind)
        found = checked(
            Crediting(asked.model or usual.model, asked.lookback or usual.lookback,
                      asked.lag or usual.lag),
            kind,
        )  # fmt: skip
        return Way(models()[found.model], _question(found, kind))

    return laid(session, scope, plan, way_of)
