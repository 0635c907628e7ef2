"""Which levels an account has on a day: facts that are reported level by level, read by one."""

from __future__ import annotations

from regie.domain.facts import EARNED
from regie.warehouse.rollups import bit_of

# Facts of which one level answers for an account and day.
LEVELLED = frozenset({"performance", "conversions", EARNED.name})


def covered(fact: str, relation: str) -> str:
    """A join that gives rows ``f`` of ``fact`` their ``b.bits``.

    ``relation`` is the rollup of the fact by account, or the rows themselves of earned media, which
    have none: of each kind of it another level may answer.
    """
    bits, keys = "any_value(bits)", ["asset_key", "date"]
    if fact == EARNED.name:
        bits = f"CAST(bit_or({bit_of('level', 'ad_network')}) AS INTEGER)"
        keys.append("kind")
    listed = ", ".join(keys)
    same = " AND ".join(f"b.{key} = f.{key}" for key in keys)
    return (
        f" LEFT JOIN (SELECT {listed}, {bits} AS bits FROM {relation} GROUP BY {listed}) b "
        f"ON {same}"
    )
