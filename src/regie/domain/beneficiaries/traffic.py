"""For whom visits, orders, leads and calls came: by their location, or by the campaign they name.

They belong to the account that measured them. A rule about a location goes before one about a
campaign, and what that account says itself before what is said of the campaign where it is
advertised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from regie.domain.beneficiaries.assigning import spans
from regie.domain.beneficiaries.matching import Book
from regie.domain.beneficiaries.rules import CAMPAIGN, LOCATION, Entity, Rule

TRAFFIC = "traffic"


@dataclass(frozen=True)
class Traffic:
    """Rows alike in what rules can tell them apart by; "" is not given, None is any."""

    asset: int
    campaign: str
    source: str | None
    location: str | None


@dataclass(frozen=True)
class Given:
    """From ``starts`` to ``ends``, both included, ``rule`` says whom ``traffic`` came for."""

    traffic: Traffic
    rule: Rule
    starts: date | None
    ends: date | None

    def holds(self, day: date) -> bool:
        return (self.starts or date.min) <= day <= (self.ends or date.max)


def share_out(
    rules: Iterable[Rule],
    advertised: Mapping[Traffic, Sequence[Rule]],
    labels: Callable[[str, str], frozenset[str]],
) -> Iterator[Given]:
    """``rules`` are of the account that measured, ``advertised`` those of the campaign named, each
    with the days on which it counts. Nothing is given twice on one day."""
    book = Book(sorted(rules, key=lambda rule: rule.place))
    for traffic, others in advertised.items():
        own = [
            rule
            for level, value in ((LOCATION, traffic.location), (CAMPAIGN, traffic.campaign))
            if value
            for rule in book.rules_of(Entity(value, value, level, "", labels(level, value)))
        ]
        for rule, starts, ends in spans([*own, *others]):
            yield Given(traffic, rule, starts, ends)
