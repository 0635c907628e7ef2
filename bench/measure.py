"""Runs things in turn and keeps their cost: processor seconds first, the clock only beside them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Cost:
    cpu_s: float
    wall_s: float
    peak_mb: float = 0.0


def process(command: Sequence[str], environment: Mapping[str, str]) -> Cost:
    """What ``command`` and the processes that it waits for cost, start-up included."""
    started = time.perf_counter()
    running = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {running.returncode}")
    return Cost(used.ru_utime + used.ru_stime, time.perf_counter() - started, used.ru_maxrss / 1024)


def inside(work: Callable[[], object]) -> Cost:
    """What ``work`` costs in this process, all its threads counted."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def in_turn(times: int, *works: Callable[[], Cost]) -> list[Cost]:
    """The median cost of each of ``works``, run A B A B …, so that the machine's moods cancel."""
    costs: list[list[Cost]] = [[] for _work in works]
    for _time in range(times):
        for seen, work in zip(costs, works, strict=True):
            seen.append(work())
    return [
        Cost(
            median(cost.cpu_s for cost in seen),
            median(cost.wall_s for cost in seen),
            max(cost.peak_mb for cost in seen),
        )
        for seen in costs
    ]
