"""Of a broken file nobody can tell whom it names: it is named itself, and the rest is done."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from regie.apps.access.context import acting_as, operating
from regie.apps.identity import services
from regie.cli.person import report as told
from regie.postgres.home import regie_home
from regie.warehouse import catalogue, home
from tests.attribution.test_pages import words
from tests.cast import Cast
from tests.identity.test_erasure import EMAIL, report, where_written
from tests.identity.test_erasure import known as known
from tests.identity.visits import Shop
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow


def test_a_broken_file_is_named_and_the_erasure_not_called_complete(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Nobody can tell what stands in it; everything else is done all the same."""
    orders = next((regie_home() / "lake" / "orders").rglob("*.parquet"))
    stray, cut = orders.with_name("stray.parquet"), orders.with_name("cut.parquet")
    stray.write_bytes(b"PAR1 and nothing of a Parquet file")
    cut.write_bytes(orders.read_bytes()[:-40])
    os.utime(stray, (1, 1))
    names = [path.relative_to(regie_home() / "lake").as_posix() for path in (cut, stray)]
    try:
        with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
            number = services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)

        done = report(cast, number)
        assert [(one.where, one.names) for one in done.left] == [("unreadable_files", tuple(names))]
        assert done.found
        page = words(signed_in(cast.chloe, "en").get(f"/privacy/requests/{number}/"))
        assert "This is not complete" in page
        assert "nothing names the person any more" not in page
        assert names[0] in page
        assert told(cast.nantes, number)
        assert json.loads(capsys.readouterr().out)["unreadable_files"] == names
    finally:
        for path in (stray, cut):
            path.unlink()
    assert where_written([EMAIL]) == []


def test_a_broken_file_that_is_published_does_not_stop_the_others(
    known: Shop, cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    with operating():
        (file, *_others) = catalogue.snapshot(connection.connection).files("orders")
    path = Path(home.lake().absolute(file.path))
    before = path.read_bytes()
    path.write_bytes(before[:-40])
    try:
        with acting_as(cast.chloe), django_capture_on_commit_callbacks(execute=True):
            number = services.erase_person(actor=cast.chloe, organisation=cast.nantes, text=EMAIL)

        done = report(cast, number)
        assert done.unreadable == (file.path,)
        assert done.done_at is not None
    finally:
        path.write_bytes(before)
