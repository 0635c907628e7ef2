"""What a change of rules would move: from whom, to whom, from when to when. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from regie.domain.beneficiaries.assigning import Outcome
from regie.domain.beneficiaries.rules import AD_GROUP, CAMPAIGN, Entity

Span = tuple[object, date | None, date | None]  # whom it works for, from when to when


@dataclass(frozen=True)
class Move:
    """``entity`` works for ``was`` and would for ``will``; each is in order of days."""

    entity: Entity
    was: tuple[Span, ...]
    will: tuple[Span, ...]

    @property
    def gaining(self) -> list[object]:
        return _only(self.will, self.was)

    @property
    def losing(self) -> list[object]:
        return _only(self.was, self.will)


def moves(before: Outcome, after: Outcome) -> list[Move]:
    """Ad group by ad group where a campaign is told so, now or then."""
    divided = {one.campaign for one in (*_met(before), *_met(after)) if one.level == AD_GROUP}
    was, will = _spans(before), _spans(after)
    found = []
    for entity in dict.fromkeys((*_met(before), *_met(after))):
        if entity.level == CAMPAIGN and entity.id in divided:
            continue
        one = Move(entity, _of(entity, was), _of(entity, will))
        if one.was != one.will:
            found.append(one)
    return found


def _met(outcome: Outcome) -> Iterator[Entity]:
    yield from (one.entity for one in outcome.assignments)
    yield from outcome.unmatched


def _spans(outcome: Outcome) -> dict[tuple[str, str], list[Span]]:
    found: dict[tuple[str, str], list[Span]] = {}
    for one in outcome.assignments:
        span = (one.rule.serves, one.starts, one.ends)
        found.setdefault((one.entity.level, one.entity.id), []).append(span)
    return found


def _of(entity: Entity, spans: dict[tuple[str, str], list[Span]]) -> tuple[Span, ...]:
    """An ad group has what its campaign has, where that is given as a whole."""
    own = spans.get((entity.level, entity.id))
    if own is None and entity.level == AD_GROUP:
        own = spans.get((CAMPAIGN, entity.campaign))
    return tuple(own or ())


def _only(these: Sequence[Span], those: Sequence[Span]) -> list[object]:
    """Whom ``these`` name on days on which ``those`` do not."""
    left = [span for span in these if span not in those]
    return list(dict.fromkeys(serves for serves, _starts, _ends in left))
