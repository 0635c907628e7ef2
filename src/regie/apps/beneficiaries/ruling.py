"""Write rules, take them away, undo either: each act is one change, and nothing is lost by it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from regie.apps.accounts.models import User
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.audit import services as audit
from regie.apps.beneficiaries import policies
from regie.apps.beneficiaries.assigning import keep, standing
from regie.apps.beneficiaries.models import Change, Label, Rule
from regie.apps.beneficiaries.targets import Targets
from regie.apps.organisations.models import Organisation
from regie.domain.beneficiaries import rules as domain
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused, WrongUse
from regie.kernel.i18n import _

MOST_RULES = 20_000  # of one account
KNOWN_LEVELS = {
    "ad_account": (domain.CAMPAIGN, domain.AD_GROUP),
    "source": (domain.CAMPAIGN, domain.LOCATION),
}


@dataclass(frozen=True)
class NewRule:
    """``beneficiary`` is the key of a target: an organisation of the branch, or a location."""

    level: str
    way: str
    value: str
    beneficiary: str
    starts: date | None = None
    ends: date | None = None


def may_rule(*, actor: User | None, asset_id: int) -> AssetCard:
    """The account, for whoever may write its rules. Raises ``NotFound`` or ``Forbidden``."""
    card = assets.card(asset_id)
    owner = Organisation.objects.filter(pk=card.organisation_id).first()
    if owner is None or card.kind not in KNOWN_LEVELS:
        raise NotFound(_("There is no such account."))
    policies.check_can_rule(actor=actor, organisation=owner)
    return card


def checked(card: AssetCard, new: NewRule, among: Targets) -> Rule:
    """The rule that ``new`` would become, kept nowhere. Raises ``WrongUse`` or ``Refused``."""
    value = " ".join(new.value.split())
    domain.check(domain.Rule(0, new.level, new.way, value, None, new.starts, new.ends))
    if new.level not in KNOWN_LEVELS[card.kind]:
        raise WrongUse(
            _("Rules of an ad account speak of campaigns and ad groups; those of a site or shop, "
              "of campaigns and locations."),
            hint=_("Write this rule for the other account."),
        )  # fmt: skip
    serves = among.named(new.beneficiary)
    return Rule(
        organisation_id=card.organisation_id, asset_id=card.key, level=new.level, way=new.way,
        value=value, serves_id=serves.organisation_id, location_id=serves.location_id,
        starts_on=new.starts, ends_on=new.ends,
    )  # fmt: skip


@transaction.atomic
def add_rules(
    *, actor: User | None, asset_id: int, rules: Sequence[NewRule], replace: bool = False
) -> Change | None:
    """Write those that are not there yet; with ``replace`` the others are taken away.

    None where nothing changed.
    """
    card = may_rule(actor=actor, asset_id=asset_id)
    among = Targets(card.organisation_id)
    known = standing(asset_id)
    wanted = [checked(card, new, among) for new in rules]
    fresh, taken = changes(known, wanted, replace=replace)
    gone = [rule.pk for rule in taken]
    if not fresh and not gone:
        return None
    if len(known) + len(fresh) - len(gone) > MOST_RULES:
        raise Refused(_("An account has at most 20,000 rules."),
                      hint=_("A pattern speaks of many campaigns at once."))  # fmt: skip
    change = _change(actor, card, added=len(fresh), removed=len(gone))
    for rule in fresh:
        rule.added_by = change
    Rule.objects.bulk_create(fresh, batch_size=2_000)
    Rule.objects.filter(pk__in=gone).update(removed_by=change, stands=False)
    keep(asset_id, card.organisation_id)
    return change


def changes(
    known: Sequence[Rule], wanted: Sequence[Rule], *, replace: bool
) -> tuple[list[Rule], list[Rule]]:
    """The rules that ``wanted`` adds, and with ``replace`` those that it takes away."""
    there, asked = ({_same(rule): rule for rule in rules} for rules in (known, wanted))
    gone = [rule for key, rule in there.items() if key not in asked] if replace else []
    return [rule for key, rule in asked.items() if key not in there], gone


@transaction.atomic
def remove_rules(*, actor: User | None, asset_id: int, rule_ids: Collection[int]) -> Change | None:
    card = may_rule(actor=actor, asset_id=asset_id)
    found = Rule.objects.filter(asset_id=asset_id, stands=True, pk__in=rule_ids)
    count = found.count()
    if not count:
        return None
    change = _change(actor, card, added=0, removed=count)
    found.update(removed_by=change, stands=False)
    keep(asset_id, card.organisation_id)
    return change


@transaction.atomic
def undo_change(*, actor: User | None, asset_id: int, change_id: int) -> None:
    """What it wrote goes, what it took away comes back; of what later changes did nothing."""
    card = may_rule(actor=actor, asset_id=asset_id)
    change = Change.objects.select_for_update().filter(pk=change_id, asset_id=asset_id).first()
    if change is None:
        raise NotFound(_("There is no such change."))
    if change.undone_at is not None:
        raise Refused(_("This change is undone already."))
    change.undone_at = clock.now()
    change.save(update_fields=["undone_at"])
    touched = Rule.objects.filter(Q(added_by=change) | Q(removed_by=change))
    is_there = Q(added_by__undone_at=None) & (
        Q(removed_by=None) | Q(removed_by__undone_at__isnull=False)
    )
    back = set(touched.filter(is_there).values_list("pk", flat=True))
    numbers = set(touched.values_list("pk", flat=True))
    Rule.objects.filter(pk__in=numbers).update(stands=False)
    Rule.objects.filter(pk__in=back).update(stands=True)
    keep(asset_id, card.organisation_id)
    _note(actor, card, "beneficiaries.undone", added=change.added, removed=change.removed)


@transaction.atomic
def put_labels(
    *, actor: User | None, asset_id: int, labels: Collection[tuple[str, str, str]]
) -> int:
    """(level, id or name, label): in place of all labels of the account; how many there are."""
    card = may_rule(actor=actor, asset_id=asset_id)
    Label.objects.filter(asset_id=asset_id).delete()
    made = Label.objects.bulk_create(
        [
            Label(
                organisation_id=card.organisation_id, asset_id=asset_id, level=level,
                entity=entity, label=label,
            )
            for level, entity, label in sorted(set(labels))
        ],
        batch_size=2_000,
    )  # fmt: skip
    keep(asset_id, card.organisation_id)
    _note(actor, card, "beneficiaries.labels_put", count=len(made))
    return len(made)


def _same(rule: Rule) -> tuple[object, ...]:
    return (
        rule.level, rule.way, rule.value, rule.serves_id, rule.location_id, rule.starts_on,
        rule.ends_on,
    )  # fmt: skip


def _change(actor: User | None, card: AssetCard, *, added: int, removed: int) -> Change:
    change = Change.objects.create(
        organisation_id=card.organisation_id, asset_id=card.key, added=added, removed=removed,
        actor=str(actor) if actor else audit.OPERATOR,
    )  # fmt: skip
    _note(actor, card, "beneficiaries.changed", added=added, removed=removed)
    return change


def _note(actor: User | None, card: AssetCard, action: str, **details: int) -> None:
    audit.record(
        organisation_id=card.organisation_id, action=action,
        actor_id=actor.pk if actor else None, actor=str(actor) if actor else audit.OPERATOR,
        asset_id=card.key, account=card.label, **details,
    )  # fmt: skip
