"""The importer finds the truth in the demo's files: one of each kind and writing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from regie.demo.generate import DemoFile
from regie.ingestion.pipeline import Answers
from regie.kernel.periods import parse_period
from tests.demo.conftest import Written
from tests.ingestion.desk import bring

pytestmark = pytest.mark.slow  # the whole network is generated first


Sums = dict[str, dict[str, Decimal]]


def _one_of_each(network: Written) -> list[DemoFile]:
    """The first file of each platform, name and encoding."""
    kinds: dict[tuple[str, str, bytes], DemoFile] = {}
    for file in network.manifest.files:
        kind = file.path.stem.rstrip("0123456789-_").split("_act")[0]
        kinds.setdefault((file.platform, kind, file.path.read_bytes()[:2]), file)
    return list(kinds.values())


def _answers(file: DemoFile) -> Answers:
    period = file.options.get("period")
    return Answers(
        account=file.options.get("account", ""),
        time_zone=file.options.get("timezone", ""),
        period=parse_period(period) if period else None,
    )


def _without_zeros(sums: dict[str, dict[str, str]] | Sums) -> Sums:
    kept = {
        metric: {code: Decimal(value) for code, value in values.items() if Decimal(value)}
        for metric, values in sums.items()
    }
    return {metric: values for metric, values in kept.items() if values}


def test_an_import_of_each_kind_of_file_gives_its_true_totals(
    network: Written, tmp_path: Path
) -> None:
    files = _one_of_each(network)
    wrong = {}
    for n, file in enumerate(files):
        imported = bring(file.path, tmp_path / str(n), answers=_answers(file))
        told = network.truth["files"][file.path.relative_to(network.folder).as_posix()]
        if _without_zeros(imported.prepared.totals) != _without_zeros(told):
            wrong[file.path.name] = imported.prepared.totals
        assert all(table.rows_refused == 0 for table in imported.read.tables), file.path.name

    assert {file.platform for file in files} == {file.platform for file in network.manifest.files}
    assert wrong == {}
