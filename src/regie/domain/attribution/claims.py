"""What platforms claim, what was really sold, and what a model gives: side by side, never summed.

Platforms may each claim the same sale. Claims are not revenue; the over-claim is how much more they
claim together than there was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Claim:
    """One channel: what its platform claims (None where none speaks) and what a model gives it."""

    channel: str
    claimed: Decimal | None
    attributed: Decimal

    @property
    def gap(self) -> Decimal | None:
        """Claimed less attributed."""
        return None if self.claimed is None else self.claimed - self.attributed


@dataclass(frozen=True)
class Claims:
    """``real`` conversions of our own, ``attributed`` those that a model could share out."""

    rows: tuple[Claim, ...]
    real: Decimal
    attributed: Decimal

    @property
    def claimed(self) -> Decimal | None:
        known = [row.claimed for row in self.rows if row.claimed is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def overclaim(self) -> Decimal | None:
        """How much more is claimed than was sold; below zero where platforms claim less."""
        return None if self.claimed is None else self.claimed - self.real

    @property
    def overclaim_share(self) -> Decimal | None:
        """The over-claim out of what was sold: 0.5 is half too much. None where nothing was."""
        return None if self.overclaim is None or not self.real else self.overclaim / self.real

    @property
    def unattributed(self) -> Decimal:
        return self.real - self.attributed


def side_by_side(
    *, claimed: Mapping[str, Decimal], attributed: Mapping[str, Decimal], real: Decimal
) -> Claims:
    """All channels that one of the two speaks of, the most attributed first."""
    rows = [
        Claim(channel, claimed.get(channel), attributed.get(channel, Decimal(0)))
        for channel in {*claimed, *attributed}
    ]
    rows.sort(key=lambda row: (-row.attributed, -(row.claimed or 0), row.channel))
    return Claims(tuple(rows), real, sum(attributed.values(), Decimal(0)))
