"""What people give the brand unasked: its pages by network, the press, and reviews."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from regie.demo.seasons import Calendar
from regie.demo.seed import stream

# Network, kind, and how many there are on an ordinary day.
_ORDINARY = (
    ("LinkedIn", "follow", 9.0), ("LinkedIn", "like", 34.0), ("LinkedIn", "comment", 4.0),
    ("LinkedIn", "share", 2.5),
    ("Instagram", "follow", 14.0), ("Instagram", "unfollow", 5.0), ("Instagram", "like", 120.0),
    ("Instagram", "comment", 9.0),
    ("YouTube", "follow", 2.0), ("YouTube", "unfollow", 0.4), ("YouTube", "like", 11.0),
    ("Le Courrier", "mention", 0.3), ("LinkedIn", "mention", 3.0), ("Instagram", "mention", 4.0),
    ("Google", "review", 1.6),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EarnedDay:
    """What one network gave of one kind on one day."""

    day: date
    network: str
    kind: str
    count: int


def earned_days(calendar: Calendar, seed: int) -> list[EarnedDay]:
    """Days on which a network gave nothing of a kind have no row: nobody counted a zero."""
    chance = stream(seed, "earned")
    rows = [
        EarnedDay(day, network, kind, _count(ordinary * calendar.business(day), chance))
        for day in calendar.days
        for network, kind, ordinary in _ORDINARY
    ]
    return [row for row in rows if row.count]


def _count(mean: float, chance: random.Random) -> int:
    """Around ``mean``; below one, now and then a single one."""
    spread = mean * max(chance.gauss(1.0, 0.3), 0.0)
    return int(spread) + int(chance.random() < spread % 1)
