"""Gives rows the shape of a fact, whatever columns they come with."""

from __future__ import annotations

from regie.domain.facts import Fact


def projected(fact: Fact, select: str) -> str:
    """``select`` with every column of ``fact``, in its type; those it does not name are empty."""
    empty = ", ".join(f"CAST(NULL AS {type_}) AS {name}" for name, type_ in fact.schema.items())
    names = ", ".join(f"CAST({name} AS {type_}) AS {name}" for name, type_ in fact.schema.items())
    return f"SELECT {names} FROM (SELECT {empty} WHERE false UNION ALL BY NAME ({select}))"
