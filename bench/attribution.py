"""What all models cost over a log, against sorting it and against the best-known package."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path

from bench import kept_journeys
from bench.events import write_events
from bench.home import environment, regie, workplace
from bench.measure import Cost, in_turn, process
from bench.page import Line

CHANNELS = 20
MOST_TIMES, GOAL, LEAST_PEER_TIMES = 2, 1.5, 9
MOST_OF_ALL = 0.07  # a few percent, and solving the chain and the game, which no day spares
# What the requirement allows by number of events.
MOST_MB = {10_000_000: 512, 100_000_000: 3_584}
# It is under the GPL: in an environment and a process of its own, never part of ours.
PEER = ("channelattribution==2.2.5", "pandas==3.1.1", "pyarrow==26.0.1", "matplotlib", "plotnine")
PEER_SCRIPT = Path(__file__).with_name("peer_attribution.py")
_SORT = """
import duckdb
duckdb.execute("CREATE TEMP TABLE sorted AS SELECT * FROM '{path}' ORDER BY customer_id, ts")
"""


def run(events: int, times: int) -> list[Line]:
    path, tenth = _log(events), _log(events // 10)
    ours, sort, ours_tenth, sort_tenth = in_turn(
        times, lambda: _ours(path), lambda: _sort(path), lambda: _ours(tenth), lambda: _sort(tenth)
    )
    size = f"{events / 1e6:g} M events, {CHANNELS} channels"
    ratio, grown = ours.cpu_s / sort.cpu_s, ours.cpu_s / ours_tenth.cpu_s
    sort_grown = sort.cpu_s / sort_tenth.cpu_s
    most = MOST_MB.get(events)
    return [
        Line(
            f"`regie attribute`, all models ({size}) / the engine scanning and sorting the file",
            f"{ratio:.2f} × ({ours.cpu_s:.1f} s / {sort.cpu_s:.1f} s)",
            f"at most {MOST_TIMES} ×, {GOAL} × is the goal",
            ratio <= MOST_TIMES,
        ),
        Line(
            f"most memory of that command ({size})",
            f"{ours.peak_mb:,.0f} MB (the sort: {sort.peak_mb:,.0f} MB)",
            f"at most {most:,} MB" if most else "",
            ours.peak_mb <= most if most else None,
        ),
        Line(
            f"the cost of ten times as many events ({size}) / that of the sort",
            f"{grown:.1f} × / {sort_grown:.1f} ×",
            "no faster than the sort",
            # Both begin with the same start of Python: a tenth is noise.
            grown <= sort_grown * 1.1,
        ),
        _new_day(path, size, times),
        *kept_journeys.run(),
        *_beside_the_peer(path, size, times),
    ]


def _new_day(path: Path, size: str, times: int) -> Line:
    """In one process each time: what the day itself costs, the file being read already."""
    command = [sys.executable, "-m", "bench.new_day", str(path)]
    found = []
    for _time in range(times):
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        found.append(json.loads(done.stdout))
    least = {name: min(one[name] for one in found) for name in ("new_day", "all_days")}
    share = least["new_day"] / least["all_days"]
    return Line(
        f"a day more, all models ({size} in {found[0]['days']:.0f} days) / all days again",
        f"{share:.1%} ({least['new_day']:.2f} s / {least['all_days']:.1f} s)",
        f"at most {MOST_OF_ALL:.0%}",
        share <= MOST_OF_ALL,
    )


def _log(events: int) -> Path:
    path = workplace() / f"events-{events}-{CHANNELS}.parquet"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        write_events(unfinished, events, CHANNELS)
        unfinished.rename(path)
    return path


def _ours(path: Path) -> Cost:
    out = path.with_suffix(".credits.parquet")
    return process(regie("attribute", str(path), "--out", str(out)), environment(workplace()))


def _sort(path: Path) -> Cost:
    return process([sys.executable, "-c", _SORT.format(path=path)], environment(workplace()))


def _beside_the_peer(path: Path, size: str, times: int) -> list[Line]:
    what = f"pandas + ChannelAttribution, three rules and Markov ({size}) / ours, all models"
    wanted = f"at least {LEAST_PEER_TIMES} ×"
    python, reason = _peer()
    if python is None:
        return [Line(what, f"not measured: {reason}", wanted)]
    ours, theirs = in_turn(
        min(times, 2),
        lambda: _ours(path),
        lambda: process([str(python), str(PEER_SCRIPT), str(path)], environment(workplace())),
    )
    ratio = theirs.cpu_s / ours.cpu_s
    return [
        Line(
            what,
            f"{ratio:.1f} × ({theirs.cpu_s:.1f} s / {ours.cpu_s:.1f} s; "
            f"{theirs.peak_mb:,.0f} MB / {ours.peak_mb:,.0f} MB)",
            wanted,
            ratio >= LEAST_PEER_TIMES,
        )
    ]


def _peer() -> tuple[Path | None, str]:
    """The interpreter of the peer's environment, or why there is none."""
    folder = workplace() / "peer"
    python, ready = folder / "bin" / "python", folder / "ready"
    if ready.exists():
        return python, ""
    if shutil.which("g++") is None:
        return None, "it is built from source, and there is no C++ compiler here"
    venv.create(folder, with_pip=True, clear=True)
    done = subprocess.run(
        [python, "-m", "pip", "install", "-qq", *PEER], capture_output=True, text=True, check=False
    )
    if done.returncode:
        return None, f"it could not be installed here ({done.stderr.strip().splitlines()[-1:]})"
    ready.touch()
    return python, ""
