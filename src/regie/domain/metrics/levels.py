"""Which level of a platform's report answers a question: exactly one per account and day.

The account's own rows answer for the account; where a question goes deeper, the coarsest level
that knows what is asked answers. Keywords and search terms answer only when asked, or alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from regie.domain.facts import LEVELS, PARTIAL_LEVELS

_WHOLE = tuple(level for level in LEVELS if level not in PARTIAL_LEVELS)
_ORDERS = {
    "": (*_WHOLE, *PARTIAL_LEVELS),
    "campaign": ("campaign", "ad_group", "ad", "account", "page", "site", "location", "post",
                 *PARTIAL_LEVELS),
    "ad_group": ("ad_group", "ad", "campaign", "account", "page", "site", "location", "post",
                 *PARTIAL_LEVELS),
    "ad": ("ad", "post", "ad_group", "campaign", "account", "page", "site", "location",
           *PARTIAL_LEVELS),
    "keyword": PARTIAL_LEVELS,
}  # fmt: skip


def order_of(needs: str) -> tuple[str, ...]:
    """Levels in the order in which they may answer."""
    return _ORDERS[needs]


def answers(needs: str, *, split: bool, seen: Collection[int] | None = None) -> str:
    """SQL: whether a row of ``level`` answers, given ``bits``, the levels of its account and day.

    Two bits a level: its undivided rows, and its rows split by network. Undivided rows answer
    where there are some, unless the split itself is asked for. ``seen`` are all the ``bits`` that
    there are, where that is known: the statement then speaks of no other.
    """
    if seen is None:
        cases = " ".join(
            f"WHEN (bits & {3 << (2 * LEVELS.index(level))}) <> 0 "
            f"THEN level = '{level}' AND {_undivided(level, split=split)}"
            for level in order_of(needs)
        )
        return f"(CASE {cases} ELSE false END)"
    by_kind: dict[int, list[int]] = {}
    for bits in sorted(seen):
        by_kind.setdefault(_answering(bits, needs, split=split), []).append(bits)
    if all(found == [kind] for kind, found in by_kind.items()):
        return "true"
    parts = [
        f"({_among(found)}{'' if found == [kind] else f' AND {_is_kind(kind)}'})"
        for kind, found in by_kind.items()
        if kind
    ]
    return f"({' OR '.join(parts)})" if parts else "false"


def shown(*, split: bool, seen: Collection[int] | None = None) -> str:
    """SQL: whether a row counts where levels are split or chosen: never beside its own parts."""
    if seen is not None and not any(_is_divided_too(bits) for bits in seen):
        return "true"
    cases = " ".join(
        f"WHEN level = '{level}' THEN {_undivided(level, split=split)}" for level in LEVELS
    )
    return f"(CASE {cases} ELSE true END)"


def has_partial(seen: Collection[int]) -> bool:
    """Whether there are keywords or search terms among the levels ``seen``."""
    partial = sum(3 << (2 * LEVELS.index(level)) for level in PARTIAL_LEVELS)
    return any(bits & partial for bits in seen)


def _answering(bits: int, needs: str, *, split: bool) -> int:
    """Of the kinds of rows in ``bits`` the one that answers, as a bit; 0 for none."""
    for level in order_of(needs):
        undivided = 1 << (2 * LEVELS.index(level))
        divided = undivided << 1
        if bits & (undivided | divided):
            preferred, other = (divided, undivided) if split else (undivided, divided)
            return preferred if bits & preferred else other
    return 0


def _is_kind(kind: int) -> str:
    """SQL: whether a row is of this kind."""
    place = kind.bit_length() - 1
    network = "ad_network IS NOT NULL" if place % 2 else "ad_network IS NULL"
    return f"level = '{LEVELS[place // 2]}' AND {network}"


def _among(bits: Iterable[int]) -> str:
    return f"bits IN ({', '.join(map(str, bits))})"


def _is_divided_too(bits: int) -> bool:
    """Whether a level has undivided rows beside those split by network."""
    return any(bits >> (2 * place) & 3 == 3 for place in range(len(LEVELS)))


def rank(needs: str, *, split: bool) -> str:
    """SQL: the place of a row's level among those that may answer, the first to be preferred."""
    cases = " ".join(f"WHEN '{level}' THEN {place}" for place, level in enumerate(order_of(needs)))
    divided = "ad_network IS NULL" if split else "ad_network IS NOT NULL"
    return f"(2 * (CASE level {cases} ELSE {len(LEVELS)} END) + ({divided})::INTEGER)"


def is_partial() -> str:
    """SQL: whether a row speaks of a part of its account only."""
    names = ", ".join(f"'{level}'" for level in PARTIAL_LEVELS)
    return f"level IN ({names})"


def _undivided(level: str, *, split: bool) -> str:
    shift = 2 * LEVELS.index(level) + (1 if split else 0)
    preferred = f"(bits & {1 << shift}) <> 0"
    wanted, other = ("ad_network IS NOT NULL", "ad_network IS NULL")
    if not split:
        wanted, other = other, wanted
    return f"CASE WHEN {preferred} THEN {wanted} ELSE {other} END"
