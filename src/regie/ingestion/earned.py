"""Earned media: a row for each kind that a line tells of, so that kinds come and go each alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from regie.domain.facts import EARNED, EARNED_KINDS
from regie.domain.platforms import NAMES
from regie.ingestion.portions import Portion
from regie.ingestion.vocabulary import EARNED_MEASURES

_SPONSORED = "followers_sponsored"
# “Google Business Profile” as facts and formats write it, google_business_profile; what is none of
# the platforms that we know keeps its name.
_SLUG = "trim(regexp_replace(lower(strip_accents(network)), '[^a-z0-9]+', '_', 'g'), '_')"
_KNOWN = ", ".join(f"'{slug}'" for slug in NAMES)
_NETWORK = f"CASE WHEN {_SLUG} IN ({_KNOWN}) THEN {_SLUG} ELSE trim(network) END"


def in_words(words: Collection[str]) -> bool:
    """Whether a file of these words tells of earned media."""
    return "earned" in words or any(word in words for word in EARNED_MEASURES)


def metric_of(word: str) -> str:
    """Followers whom ads won are new followers too."""
    return "followers_gained" if word == _SPONSORED else word


def portions(row: Portion, words: Collection[str]) -> Iterator[Portion]:
    """``row`` for each word that counts one kind; of one's own files each line says its kind."""
    if "earned" in words:
        yield _with(row, {"kind": "earned_kind", "network": _NETWORK, "is_paid": "false"})
    for word in EARNED_MEASURES:
        if word in words:
            yield _with(row, {
                "kind": f"'{EARNED_KINDS[metric_of(word)]}'", "network": "NULL",
                "is_paid": str(word == _SPONSORED).lower(), "earned": word,
            })  # fmt: skip


def _with(row: Portion, own: Mapping[str, str]) -> Portion:
    types = EARNED.schema
    cast = {name: f"CAST({sql} AS {types[name]})" for name, sql in own.items()}
    counted = own.get("earned", "earned")
    return replace(
        row, columns={**row.columns, **cast}, where=f"{row.where} AND {counted} IS NOT NULL"
    )
