"""The reference is what the registries say, in both languages; its examples can be imported."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.cli.main import COMMANDS
from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.ingestion.formats import formats
from tests.ingestion.desk import bring
from tools.plain_files import EXAMPLES
from tools.reference import FOLDER, OWN, pages, translations


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_page_is_what_the_registries_say(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == pages()[name], "run `make docs`"


def test_every_metric_and_dimension_is_explained_in_both_languages() -> None:
    french = set(translations())
    said = {one.label for one in metrics().values()}
    said |= {one.description for one in metrics().values()}
    said |= {one.label for one in DIMENSIONS.values()}

    assert said - french == set()


def test_every_format_and_command_is_documented() -> None:
    written = pages()

    assert [name for name in formats() if f"\n## {name}\n" not in written["formats.md"]] == []
    assert [n for n in COMMANDS if f"\n## `regie {n}`\n" not in written["commands.md"]] == []


@pytest.mark.parametrize("name", OWN)
def test_the_example_of_each_plain_file_is_read_without_a_refusal(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / "example.csv"
    path.write_text(EXAMPLES[name].lstrip(), encoding="utf-8")

    imported = bring(path, tmp_path)

    (staged,) = imported.read.tables
    assert staged.table.format.name == name
    assert (staged.rows_data, staged.rows_refused) == (EXAMPLES[name].strip().count("\n"), 0)
