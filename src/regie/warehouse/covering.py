"""Which levels an account has on a day: facts that are reported level by level, read by one."""

from __future__ import annotations

from collections.abc import Sequence

from regie.domain.facts import EARNED
from regie.warehouse.rollups import bit_of

# Facts of which one level answers for an account and day.
LEVELLED = frozenset({"performance", "conversions", EARNED.name})


def covered(fact: str, relation: str) -> str:
    """A join that gives rows ``f`` of ``fact`` their ``b.bits``.

    ``relation`` is the rollup of the fact by account, or the rows themselves of earned media, which
    have none: of each kind of it another level may answer.
    """
    keys = _keys(fact, "asset_key", "date")
    bits = "any_value(bits)" if fact != EARNED.name else _BITS
    listed = ", ".join(keys)
    return (
        f" LEFT JOIN (SELECT {listed}, {bits} AS bits FROM {relation} GROUP BY {listed}) b "
        f"ON {_same(keys)}"
    )


def bits_of_parts(fact: str, rows: str) -> str:
    """Which levels each part of an account has each day."""
    listed = ", ".join(_keys(fact, "asset_key", "unit", "date"))
    return f"SELECT {listed}, {_BITS} AS bits FROM {rows} GROUP BY {listed}"


def covered_in_parts(fact: str, bits: str) -> str:
    """A join that gives rows ``f`` of parts the ``b.bits`` of ``bits_of_parts``."""
    return f" JOIN {bits} b ON {_same(_keys(fact, 'asset_key', 'unit', 'date'))}"


_BITS = f"CAST(bit_or({bit_of('level', 'ad_network')}) AS INTEGER)"


def _keys(fact: str, *keys: str) -> tuple[str, ...]:
    return (*keys, "kind") if fact == EARNED.name else keys


def _same(keys: Sequence[str]) -> str:
    return " AND ".join(f"b.{key} = f.{key}" for key in keys)
