"""An import that is no longer wanted stops, and leaves no trace among the figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.apps.access.context import acting_as
from regie.apps.connections import selectors, services
from regie.apps.connections.models import Import, State
from regie.apps.connections.services import Options
from regie.kernel.errors import NotFound, Refused
from tests.cast import Cast, bring, total

VISITS = "date,visits\n2026-09-01,10\n"


def received(cast: Cast, path: Path) -> Import:
    """A file that waits for its worker."""
    path.write_text(VISITS, encoding="utf-8")
    batch = services.receive(
        actor=cast.chloe, organisation=cast.nantes, files=[(path, path.name)], options=Options()
    )
    with acting_as(cast.chloe):
        return Import.objects.get(batch=batch)


def now(cast: Cast, record: Import) -> Import:
    with acting_as(cast.chloe):
        return Import.objects.get(pk=record.pk)


def test_what_has_not_begun_never_begins(cast: Cast, tmp_path: Path) -> None:
    record = received(cast, tmp_path / "visits.csv")

    services.ask_to_stop(actor=cast.chloe, import_id=record.pk)
    services.run_batch(record.batch, actor=cast.chloe)

    assert now(cast, record).state == State.STOPPED
    assert total(cast.chloe, "visits") is None


def test_what_has_begun_stops_at_its_next_step(cast: Cast, tmp_path: Path) -> None:
    record = received(cast, tmp_path / "visits.csv")
    with acting_as(cast.chloe):
        Import.objects.filter(pk=record.pk).update(progress=0.01)

    services.ask_to_stop(actor=cast.chloe, import_id=record.pk)
    assert now(cast, record).state == State.RUNNING
    services.run_batch(record.batch, actor=cast.chloe)

    stopped = now(cast, record)
    assert (stopped.state, stopped.rows_imported) == (State.STOPPED, 0)
    assert total(cast.chloe, "visits") is None


def test_what_is_over_cannot_be_stopped(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(VISITS, encoding="utf-8")
    (record,) = bring(cast.nantes, path)

    with pytest.raises(Refused):
        services.ask_to_stop(actor=cast.chloe, import_id=record.pk)


def test_an_outsider_stops_nothing(cast: Cast, tmp_path: Path) -> None:
    record = received(cast, tmp_path / "visits.csv")

    with pytest.raises(NotFound):
        services.ask_to_stop(actor=cast.diane, import_id=record.pk)


def test_the_speed_of_large_files_is_remembered(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(VISITS, encoding="utf-8")
    (record,) = bring(cast.nantes, path, actor=cast.chloe)
    with acting_as(cast.chloe):
        assert selectors.bytes_per_second([cast.nantes.pk]) is None
        Import.objects.filter(pk=record.pk).update(bytes=50 << 20)

        assert (selectors.bytes_per_second([cast.nantes.pk]) or 0) > 1e6
