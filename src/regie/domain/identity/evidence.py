"""What speaks for two identifiers being one person, as arrays of equal length."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.int64]
DEFINITE: Final = 1.0


class Kind(IntEnum):
    """What an identifier names. Personal kinds belong to one person; the others may be shared."""

    LOGIN = 1
    CUSTOMER = 2
    LOYALTY = 3
    EMAIL = 4
    PHONE = 5
    CLICK = 6
    DEVICE = 7
    ORDER = 8
    COUPON = 9


PERSONAL: Final = frozenset({Kind.LOGIN, Kind.CUSTOMER, Kind.LOYALTY})


@dataclass(frozen=True)
class Identifiers:
    """``keys`` are unique and sorted; ``kinds`` says what each one names."""

    keys: Keys
    kinds: NDArray[np.int8]

    def __post_init__(self) -> None:
        if len(self.keys) != len(self.kinds):
            raise ValueError("every identifier needs a kind: keys and kinds differ in length")
        if len(self.keys) > 1 and not bool(np.all(self.keys[1:] > self.keys[:-1])):
            raise ValueError("keys of identifiers must be sorted and unique")

    def __len__(self) -> int:
        return len(self.keys)

    def positions(self, wanted: Keys) -> NDArray[np.int64]:
        """Where each wanted key stands. Raises ``KeyError`` with the first unknown one."""
        if not len(wanted):
            return np.empty(0, np.int64)
        if not len(self):
            raise KeyError(int(wanted[0]))
        found = self._by_table(wanted) if self._is_dense() else self._by_search(wanted)
        if bool((found < 0).any()):
            raise KeyError(int(wanted[found < 0][0]))
        return found

    def _is_dense(self) -> bool:
        """Keys of a database sequence leave few holes: a table is then ten times faster."""
        return int(self.keys[-1] - self.keys[0]) < 8 * len(self) + 1024

    def _by_table(self, wanted: Keys) -> NDArray[np.int64]:
        low, high = self.keys[0], self.keys[-1]
        table = np.full(int(high - low) + 1, -1, np.int64)
        table[self.keys - low] = np.arange(len(self))
        inside = (wanted >= low) & (wanted <= high)
        found: NDArray[np.int64] = table[np.where(inside, wanted, low) - low]
        found[~inside] = -1
        return found

    def _by_search(self, wanted: Keys) -> NDArray[np.int64]:
        # Searching in order keeps the caches warm.
        order = np.argsort(wanted)
        ordered = wanted[order]
        place = np.minimum(np.searchsorted(self.keys, ordered), len(self) - 1)
        found = np.empty(len(wanted), np.int64)
        found[order] = np.where(self.keys[place] == ordered, place, -1)
        return found


@dataclass(frozen=True)
class Evidence:
    """``left[i]`` and ``right[i]`` are one person with ``probability[i]``; 1.0 is sure."""

    left: Keys
    right: Keys
    probability: NDArray[np.float64]

    def __post_init__(self) -> None:
        if not len(self.left) == len(self.right) == len(self.probability):
            raise ValueError("left, right and probability differ in length")
        if len(self.probability) and not bool(
            np.all((self.probability > 0) & (self.probability <= 1))
        ):
            raise ValueError("a probability lies above 0 and at most at 1")

    def __len__(self) -> int:
        return len(self.left)

    @classmethod
    def definite(cls, left: Any, right: Any) -> Evidence:
        """Links that are sure, such as a login on a device."""
        one, other = np.asarray(left, np.int64), np.asarray(right, np.int64)
        return cls(one, other, np.full(len(one), DEFINITE))
