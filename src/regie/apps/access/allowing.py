"""What an organisation allows at all in its branch, whatever anybody was given there.

Nothing that was given is taken away: it counts again once it is allowed again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from regie.apps.access import policies
from regie.apps.access.alike import what_if_on_many
from regie.apps.access.effects import Effect
from regie.apps.access.journal import note
from regie.apps.access.paths import rules_over
from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.organisations import policies as organisations
from regie.apps.organisations.models import Organisation
from regie.domain.permissions.catalog import families
from regie.domain.permissions.definitions import Permissions
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

MOST_LOOKED_AT = 1_000  # accounts on which a trial lists who gains and who loses


@dataclass(frozen=True)
class Allowed:
    """``here`` is what the organisation says itself; ``above`` what those above leave."""

    here: Permissions
    above: Permissions


def everything() -> Permissions:
    """Every permission of every kind of asset."""
    return frozenset().union(*(one.all for one in families().values()))


def allowed_in(organisation: Organisation) -> Allowed:
    own = frozenset(organisation.policy)
    rules = rules_over(organisation)
    if own in rules:
        rules.remove(own)
    return Allowed(own or everything(), everything().intersection(*rules))


@transaction.atomic
def set_policy(*, actor: User | None, organisation: Organisation, allowed: Collection[str]) -> None:
    """Only ``allowed`` counts in the branch, from the next request on. All of them is no rule."""
    policies.check_can_administer(actor=actor, organisation=organisation)
    organisations.check_is_open(organisation)
    asked, known = frozenset(allowed), everything()
    strange = sorted(asked - known)
    if strange:
        raise WrongUse(say(_("There is no permission “{code}” here."), code=strange[0]))
    if not asked:
        raise WrongUse(
            _("An organisation allows at least one thing."),
            hint=_("To let nobody in any more, close it."),
        )
    here = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    policy = [] if asked == known else sorted(asked)
    if policy == sorted(here.policy):
        return
    before = frozenset(here.policy) or known
    here.policy = policy
    here.save(update_fields=["policy"])
    note(actor, here.pk, "access.policy_set", allowed=sorted(asked - before),
         no_longer=sorted(before - asked))  # fmt: skip


def what_if_policy(
    *, actor: User | None, organisation: Organisation, allowed: Collection[str]
) -> tuple[Sequence[Effect], bool]:
    """Who would gain and lose what by ``set_policy``; and whether all accounts were looked at."""
    branch = Organisation.objects.filter(path__startswith=organisation.path)
    keys = assets.keys_in(list(branch.values_list("pk", flat=True)))
    effects = what_if_on_many(
        lambda: set_policy(actor=actor, organisation=organisation, allowed=allowed),
        keys[:MOST_LOOKED_AT],
    )
    return effects, len(keys) <= MOST_LOOKED_AT
