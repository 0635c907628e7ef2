"""A new day restates itself alone, and the answer is that of a full run, to the last bit."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from regie.apps.attribution.selectors import Attribution
from regie.apps.connections import services as connections
from regie.domain.attribution.calls import attribute_events
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import NOON, asked, order
from tests.cast import Cast, bring

CHANNELS = {"search": "Paid Search", "social": "Organic Social", "email": "Email",
            "direct": "Direct"}  # fmt: skip


def drawn(seed: int) -> tuple[list[Heard], pa.Table]:
    """What twelve people did over twenty days, and the same as a log of events."""
    chance = random.Random(seed)  # noqa: S311
    happened, rows = [], []
    for person in range(12):
        login = {"login": f"c-{person}"}
        at = NOON - timedelta(days=chance.randint(1, 8), minutes=person)
        for step in range(chance.randint(1, 9)):
            name = f"{seed}-{person}-{step}"
            if step and chance.random() < 0.3:
                value = chance.randint(1, 9_999) / 100
                happened.append(order(f"O-{name}", at, value, **login))
                rows.append((person, at, None, value))
            else:
                via = chance.choice(list(CHANNELS))
                cookie = f"{person}-{chance.choice('ab')}"
                happened.append(Heard(f"{name}-v", "page_view", at, cookie, via=via))
                happened.append(Heard(f"{name}-i", "identify", at, cookie, p=login))
                rows.append((person, at, CHANNELS[via], None))
            at += timedelta(hours=chance.randint(1, 60), seconds=chance.randint(0, 59))
    rows.sort(key=lambda row: row[1])
    columns = zip(*rows, strict=True)
    names = ("customer_id", "ts", "channel", "value")
    types = (pa.int64(), pa.timestamp("us", "UTC"), pa.string(), pa.float64())
    return happened, pa.table(
        {name: pa.array(column, kind)
         for name, column, kind in zip(names, columns, types, strict=True)}
    )  # fmt: skip


def bytes_of(found: Attribution) -> dict[str, bytes]:
    return {
        name: one.conversions.tobytes() + one.value.tobytes() for name, one in found.credits.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_days_one_by_one_and_late_events_give_what_a_full_run_gives(seed: int, cast: Cast) -> None:
    forget_journals()
    site = a_site(cast.nantes, cast.chloe)
    happened, log = drawn(seed)
    by_day: dict[object, list[Heard]] = {}
    late = random.Random(seed).sample(range(len(happened)), 3)  # noqa: S311
    for place, one in enumerate(happened):
        if place not in late:
            by_day.setdefault(one.at.date(), []).append(one)
    for _day, ones in sorted(by_day.items()):
        publish(site, *ones)
        asked(cast.chloe)
    publish(site, *(happened[place] for place in late))

    day_by_day = asked(cast.chloe)
    connections.rebuild()
    at_once = asked(cast.chloe)

    assert day_by_day is not at_once
    assert list(day_by_day.units) == list(at_once.units)
    assert bytes_of(day_by_day) == bytes_of(at_once)
    assert day_by_day.rests == at_once.rests
    said = attribute_events(log, lookback="30d")
    theirs = {(row["model"], row["channel"]): row["conversion_value"] for row in said.to_pylist()}
    for name, credit in at_once.credits.items():
        for unit, value in zip(at_once.units, credit.value, strict=True):
            assert np.isclose(value, theirs[name, unit], rtol=1e-9, atol=1e-9), (name, unit)


@pytest.mark.slow
def test_what_is_published_of_other_things_restates_nothing(cast: Cast, tmp_path: Path) -> None:
    forget_journals()
    site = a_site(cast.nantes, cast.chloe)
    publish(site, *drawn(3)[0])
    file = tmp_path / "given.csv"
    file.write_text("date,visits\n2026-06-09,12\n")
    bring(cast.nantes, file)  # with an account of its own
    before = asked(cast.chloe)
    file.write_text("date,visits\n2026-06-09,13\n")
    bring(cast.nantes, file)

    assert asked(cast.chloe) is before

    file.write_text("order_id,ordered_at,currency,revenue\nX-1,2026-06-09,EUR,12\n")
    bring(cast.nantes, file)

    assert asked(cast.chloe) is not before
