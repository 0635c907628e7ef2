"""How codes were used: at the till, online and in orders of files; and codes nobody registered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from regie.apps.access.context import operating
from regie.apps.beneficiaries.selectors import opened
from regie.apps.organisations.models import Organisation
from regie.apps.tracking.models import PromoCode, Redemption
from regie.apps.tracking.redeeming import lineage
from regie.domain.facts import ORDERS, TOUCHES
from regie.domain.traffic.codes import fold, several
from regie.ingestion.collected.filed import FILED
from regie.kernel.i18n import Sentence
from regie.kernel.periods import Period
from regie.kernel.scope import Scope

SHOWN = 500
MOST_TEXTS = 20_000  # different texts of unknown codes that are looked at, the most frequent


@dataclass(frozen=True)
class CodeCard:
    id: int
    name: str
    code: str
    source: str
    medium: str
    campaign: str
    is_single_use: bool
    starts_on: date | None
    ends_on: date | None
    is_archived: bool


@dataclass(frozen=True)
class RedemptionCard:
    """``is_filed``: the order of a file says it."""

    typed: str
    at: datetime
    location: str
    order_id: str
    is_accepted: bool
    reason: Sentence | None
    is_filed: bool = False


@dataclass(frozen=True)
class CodeUse:
    """Of the days asked for. ``card`` is None for a code that orders name and nobody registered:
    ``uses`` are these orders then, and they count for nobody."""

    code: str
    uses: int
    refused: int = 0
    card: CodeCard | None = None
    last: date | None = None


def codes_of(organisation_ids: Sequence[int]) -> list[CodeCard]:
    found = PromoCode.objects.filter(organisation_id__in=list(organisation_ids))
    return [_card(one) for one in found.order_by("is_archived", "-pk")[:SHOWN]]


def codes_used(scope: Scope, cards: Iterable[CodeCard], period: Period) -> list[CodeUse]:
    """Each of ``cards`` with its uses, in the same order."""
    counted = _counted(scope, period)
    found = []
    for card in cards:
        uses, refused, last = counted.get(card.id, (0, 0, None))
        found.append(CodeUse(card.code, uses, refused, card, last))
    return found


def unregistered(scope: Scope, period: Period) -> list[CodeUse]:
    """Codes that orders of ``period`` name and that neither their organisation nor any above it has
    registered, the most frequent first."""
    session = opened(scope)
    if not session.has(ORDERS.name):
        return []
    texts = session.rows(
        "SELECT organisation_id, promo_code, CAST(count(*) AS BIGINT) AS uses, max(date) "
        f"FROM {session.table(ORDERS.name)} WHERE date BETWEEN ? AND ? AND kind = 'order' "
        "AND orders IS NOT NULL AND promo_code IS NOT NULL AND organisation_id IS NOT NULL "
        f"GROUP BY ALL ORDER BY uses DESC, promo_code LIMIT {MOST_TEXTS}",
        [period.start, period.end],
    )
    known = _known({organisation for organisation, *_text in texts})
    found: dict[str, CodeUse] = {}
    for organisation, text, uses, last in texts:
        for typed in several(text):
            if fold(typed) in known[organisation]:
                continue
            before = found.setdefault(fold(typed), CodeUse(typed, 0, last=last))
            found[fold(typed)] = replace(
                before, uses=before.uses + uses, last=max(before.last or last, last)
            )
    return sorted(found.values(), key=lambda one: (-one.uses, one.code))


def redemptions_of(
    organisation_ids: Sequence[int], scope: Scope, *, limit: int = 50
) -> list[RedemptionCard]:
    """What was presented last, by whatever way it is known."""
    found = Redemption.objects.filter(organisation_id__in=list(organisation_ids))
    told = [
        RedemptionCard(
            one.typed, one.at, one.location, one.order_id, one.is_accepted,
            Sentence.from_json(one.reason) if one.reason else None,
            one.event_id.startswith(FILED),
        )
        for one in found.order_by("-at", "-pk")[:limit]
    ]  # fmt: skip
    noted = {(one.order_id, one.at) for one in told if one.is_filed}
    filed = [one for one in _filed(scope, limit) if (one.order_id, one.at) not in noted]
    return sorted([*told, *filed], key=lambda one: one.at, reverse=True)[:limit]


def _filed(scope: Scope, limit: int) -> list[RedemptionCard]:
    session = opened(scope)
    if not (session.has(TOUCHES.name) and session.has(ORDERS.name)):
        return []
    rows = session.rows(
        "SELECT o.promo_code, t.happened_at, coalesce(t.location, ''), t.ref FROM "
        f"(SELECT DISTINCT asset_key, ref, happened_at, location FROM {session.table(TOUCHES.name)}"
        " WHERE kind = 'redemption' AND origin <> 'collector' AND starts_with(touch_id, ?) "
        "ORDER BY happened_at DESC LIMIT ?) t "
        f"JOIN {session.table(ORDERS.name)} o ON o.asset_key = t.asset_key AND o.order_id = t.ref "
        "AND o.kind = 'order' AND o.promo_code IS NOT NULL ORDER BY 2 DESC, 1 LIMIT ?",
        [FILED, limit, limit],
    )
    return [
        RedemptionCard(", ".join(several(text)), at.replace(tzinfo=UTC), place, ref, True, None,
                       is_filed=True)
        for text, at, place, ref in rows
    ]  # fmt: skip


def _counted(scope: Scope, period: Period) -> Mapping[int, tuple[int, int, date | None]]:
    session = opened(scope)
    if not session.has("tracked"):
        return {}
    rows = session.rows(
        "SELECT code_id, CAST(coalesce(sum(events) FILTER (WHERE aside IS NULL), 0) AS BIGINT), "
        "CAST(coalesce(sum(events) FILTER (WHERE aside = 'refused'), 0) AS BIGINT), "
        "max(date) FILTER (WHERE aside IS NULL) "
        f"FROM {session.table('tracked')} WHERE date BETWEEN ? AND ? AND kind = 'redemption' "
        "AND code_id IS NOT NULL GROUP BY code_id",
        [period.start, period.end],
    )
    return {code: (uses, refused, last) for code, uses, refused, last in rows}


def _known(organisations: set[int]) -> Mapping[int, set[str]]:
    """Folded codes that each organisation's orders can use: its own, and those of any above it."""
    with operating():  # that a code of the network exists, its shops may know; not more
        paths = Organisation.objects.filter(pk__in=organisations).values_list("pk", "path")
        above = {key: lineage(path) for key, path in paths}
        of: dict[int, set[str]] = defaultdict(set)
        every = {one for line in above.values() for one in line}
        found = PromoCode.objects.filter(organisation_id__in=every)
        for organisation, folded in found.values_list("organisation_id", "folded"):
            of[organisation].add(folded)
    return {key: set().union(*(of[one] for one in above.get(key, ()))) for key in organisations}


def _card(one: PromoCode) -> CodeCard:
    return CodeCard(
        one.pk, one.name, one.code, one.source, one.medium, one.campaign, one.is_single_use,
        one.starts_on, one.ends_on, one.is_archived,
    )  # fmt: skip


def used_between(
    scope: Scope, organisation_ids: Sequence[int], period: Period
) -> tuple[list[CodeUse], list[CodeUse]]:
    """Registered codes with their uses, and those that orders name and nobody registered."""
    return (
        codes_used(scope, codes_of(organisation_ids), period),
        unregistered(scope, period),
    )


COLUMNS = ("code", "name", "source", "medium", "campaign", "is_registered", "uses", "refused",
           "last_used")  # fmt: skip


def written_use(one: CodeUse) -> dict[str, Any]:
    """As every door gives it, by ``COLUMNS``."""
    card = one.card
    said = (card.name, card.source, card.medium, card.campaign) if card else ("", "", "", "")
    figures = (card is not None, one.uses, one.refused, one.last)
    return dict(zip(COLUMNS, (one.code, *said, *figures), strict=True))


def row_of(one: CodeUse) -> list[Any]:
    """The same as cells of a table of text."""
    said = written_use(one) | {"is_registered": "true" if one.card else "false"}
    return [said[name] for name in COLUMNS]
