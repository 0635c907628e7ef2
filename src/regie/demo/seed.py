"""Chance that repeats: every series has its own stream, named, so that one never shifts another."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence


def stream(seed: int, *names: object) -> random.Random:
    """The random numbers of one series of the network, the same for the same seed and names."""
    key = ":".join(str(name) for name in (seed, *names))
    return random.Random(key)  # noqa: S311 (figures of a demo, not secrets)


def identifier(digits: int, *names: object) -> str:
    """A text of ``digits`` digits that looks like a platform's id and depends on names only."""
    digest = hashlib.sha256(":".join(str(name) for name in names).encode()).hexdigest()
    number = int(digest, 16) % (9 * 10 ** (digits - 1)) + 10 ** (digits - 1)
    return str(number)


def share_out(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` split by ``weights`` into whole parts whose sum is exactly ``total``."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    # The largest remainders take what rounding left; the position breaks ties.
    order = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts
