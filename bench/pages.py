"""The report on the demo: its server time, what explains it, its weight, and the first paint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.home import environment, home, regie
from bench.page import Line

WARM_MS, COLD_MS, PAINT_MS, WEIGHT_KB = 150, 400, 1000, 350
STARTS = 5
# What is measured, in words, and the most that it may take.
WANTED = {
    "report": ("the report on the demo, asked again", WARM_MS),
    "report, other days": ("the report on the demo, other days each time", WARM_MS),
    "first": ("the report on the demo, the first page of a server just started", COLD_MS),
    "after an import": ("the report on the demo, the first time after an import", COLD_MS),
    "by campaign": ("the report by campaign, asked again", WARM_MS),
    "explanation": ("“where does this come from?”, asked again", WARM_MS),
    "filters": ("the choice of filters, asked again", WARM_MS),
}
# A function, which the page's content security policy lets the test browser call.
_PAINT = """() => new Promise((found) => {
  new PerformanceObserver((seen) => {
    const paint = seen.getEntriesByName("first-contentful-paint")[0];
    if (paint) found(paint.startTime);
  }).observe({ type: "paint", buffered: true });
})"""


def run() -> list[Line]:
    kept = os.environ.get("BENCH_DEMO")
    if kept:
        return _measured(Path(kept))
    with home() as folder:
        subprocess.run(regie("demo", "--no-serve"), env=environment(folder), check=True,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        return _measured(folder)


def _measured(folder: Path) -> list[Line]:
    ready = environment(folder) | {"REGIE_DEMO": "1"}
    found = _asked(ready)
    # A process has one first page: the median is of several processes.
    firsts = [
        found["times"]["first"],
        *(_asked(ready, "first")["times"]["first"] for _ in range(1, STARTS)),
    ]
    found["times"]["first"] = [median(one) for one in zip(*firsts, strict=True)]
    lines = [
        Line(
            f"server time: {what}",
            f"{cpu * 1000:.0f} ms of processor ({wall * 1000:.0f} ms by the clock)",
            f"at most {most} ms",
            cpu * 1000 <= most,
        )
        for name, (what, most) in WANTED.items()
        for cpu, wall in [found["times"][name]]
    ]
    return [*lines, *_in_the_browser(ready, found["cookie"])]


def _asked(ready: Mapping[str, str], *only: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.page_times", *only]
    said = subprocess.run(command, env=ready, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def _weight(weights: Mapping[str, int]) -> Line:
    kb = sum(weights.values()) / 1024
    parts = ", ".join(f"{Path(name).name} {size / 1024:.0f}" for name, size in weights.items())
    return Line(
        "weight of the report with all that the test browser fetches for it, charts and fonts too",
        f"{kb:.0f} kB ({parts})",
        f"at most {WEIGHT_KB} kB",
        kb <= WEIGHT_KB,
    )


def _in_the_browser(ready: Mapping[str, str], cookie: str) -> list[Line]:
    """What fresh visits of the test browser fetch, and the median of their first paint; nothing
    where there is no browser."""
    from tests.browser import FLAGS
    from tools.browser import find_browser

    path = find_browser()
    if path is None:
        return []
    from playwright.sync_api import Request, sync_playwright

    with _served(ready) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        seen: list[float] = []
        weights: dict[str, int] = {}
        for _visit in range(6):
            context = browser.new_context()
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
            page = context.new_page()
            fetched: list[Request] = []
            page.on("requestfinished", lambda one: fetched.append(one))  # noqa: B023
            page.goto(f"{address}/report/", wait_until="networkidle")
            seen.append(page.evaluate(_PAINT))
            weights = {
                Path(one.url).name or "page": one.sizes()["responseBodySize"] for one in fetched
            }
            context.close()
        browser.close()
    paint = median(seen[1:])
    return [
        _weight(weights),
        Line(
            "first contentful paint of the report in the test browser, nothing cached there",
            f"{paint:.0f} ms (by the clock)",
            f"at most {PAINT_MS} ms",
            paint <= PAINT_MS,
        ),
    ]


@contextmanager
def _served(ready: Mapping[str, str]) -> Iterator[str]:
    command = regie("serve", "--port", "8790", "--no-worker")
    with subprocess.Popen(command, env=ready, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = server.stdout.readline() if server.stdout else ""
            address = said.removeprefix("Régie: ").strip()
            _await(address)
            yield address
        finally:
            server.terminate()


def _await(address: str) -> None:
    for _try in range(300):
        try:
            urllib.request.urlopen(address, timeout=10).close()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"{address} does not answer")
