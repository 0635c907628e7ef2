"""Round marks for an axis, so that the labels can be written by Babel like every other figure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from regie.ui.figures import Number

STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Ticks:
    low: Decimal
    high: Decimal
    step: Decimal

    @property
    def values(self) -> list[Decimal]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * index for index in range(count + 1)]


def ticks(values: list[Number | None], *, wanted: int = 4, whole: bool = False) -> Ticks:
    """Marks from zero (bars and areas must start there) to just above the highest value."""
    known = [Decimal(value) for value in values if value is not None] or [Decimal(0)]
    highest, lowest = max(*known, Decimal(0)), min(*known, Decimal(0))
    spread = highest - lowest
    if spread == 0:
        return Ticks(Decimal(0), Decimal(1), Decimal(1))
    step = _step(spread / wanted)
    if whole and step < 1:
        step = Decimal(1)
    low = (lowest / step).to_integral_value(ROUND_FLOOR) * step
    high = (highest / step).to_integral_value(ROUND_CEILING) * step
    return Ticks(low, high, step)


def _step(raw: Decimal) -> Decimal:
    magnitude = Decimal(10) ** raw.adjusted()
    return next(magnitude * step for step in STEPS if magnitude * step >= raw)
