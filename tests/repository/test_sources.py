"""What holds for every file of the repository, whoever writes it and whatever it is about."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from tools.documentation import ROOT, tracked_files
from tools.lockfile import is_address, strip_addresses

REFUSED_NAMES = {"utils", "util", "helpers", "helper", "misc", "common", "manager", "data", "info"}
LONGEST = 400
# Cells that no person opens, or that must leave as they came.
AS_THEY_ARE = {
    "src/regie/ui/csv_cells.py", "src/regie/ingestion/files/unpacking.py",
    "src/regie/domain/privacy/masking.py", "src/regie/apps/audiences/services.py",
    "src/regie/demo/exports/text.py",
}  # fmt: skip
SIZED = (".py", ".ts", ".html", ".css")
# Written in pieces, so that this file does not hold what it looks for.
PLACES = "|".join(("wo" + "rk", "fa" + "rm", "ro" + "ot"))
FOREIGN = re.compile(
    rf"(^|[^A-Za-z0-9_.-])/({PLACES})/|pythonhoste[d]|registry[.]np[m]|pypi[.]o[r]g|de[b][.]debian"
)


def _texts() -> list[tuple[str, str]]:
    texts = []
    for name in tracked_files():
        content = (ROOT / name).read_bytes()
        if b"\0" not in content:
            texts.append((name, content.decode("utf-8", errors="replace")))
    return texts


def _python() -> list[str]:
    return [name for name in tracked_files() if name.endswith(".py")]


def test_a_module_is_named_by_its_subject() -> None:
    refused = [
        name
        for name in _python()
        if REFUSED_NAMES & {part.removesuffix(".py") for part in Path(name).parts}
    ]

    assert refused == [], "name the subject of these modules"


def test_a_file_can_be_held_in_the_head() -> None:
    too_long = {
        name: lines
        for name, text in _texts()
        if name.endswith(SIZED)
        and "/migrations/" not in name
        and (lines := text.count("\n")) > LONGEST
    }

    assert too_long == {}, "split these by subject"


def test_a_module_opens_with_what_it_is() -> None:
    silent = []
    for name in _python():
        if "/migrations/" in name:
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        if text.strip() and ast.get_docstring(ast.parse(text)) is None:
            silent.append(name)

    assert [name for name in silent if not name.endswith("__init__.py")] == []


def test_one_writer_keeps_formulas_out_of_what_people_open() -> None:
    found = [
        name
        for name in _python()
        if name.startswith("src/") and name not in AS_THEY_ARE
        and "csv.writer(" in (ROOT / name).read_text(encoding="utf-8")
    ]  # fmt: skip
    assert found == [], "regie.ui.csv_cells.Writer writes CSV for people"


def test_nothing_names_the_machine_it_was_written_on() -> None:
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in _texts()
        for number, line in enumerate(text.splitlines(), start=1)
        if FOREIGN.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("text", ["see /ro" + "ot/x", "https://py" + "pi.org/simple"])
def test_a_path_of_a_machine_or_an_index_is_recognised(text: str) -> None:
    assert FOREIGN.search(text)


@pytest.mark.parametrize("text", ["/rootless/x", "src/ro" + "ot/x", "npm ci", "framework/x"])
def test_an_ordinary_word_is_not_taken_for_one(text: str) -> None:
    assert FOREIGN.search(text.replace("src/ro", "src-ro")) is None


def test_no_lock_file_says_where_a_package_was_fetched() -> None:
    locks = [ROOT / name for name in tracked_files() if name.endswith("package-lock.json")]

    assert locks
    for lock in locks:
        pinned = json.loads(lock.read_text(encoding="utf-8"))
        assert strip_addresses(pinned) == pinned, f"run: python tools/lockfile.py {lock}"
        own = {name: one for name, one in pinned["packages"].items() if name}
        assert [name for name, one in own.items() if "integrity" not in one] == []


def test_the_address_goes_and_the_digest_stays() -> None:
    package = {"version": "1.0.0", "resolved": "https://npm.example/a.tgz", "integrity": "sha512-x"}
    lock = {"lockfileVersion": 3, "packages": {"node_modules/a": package}}

    assert strip_addresses(lock) == {
        "lockfileVersion": 3,
        "packages": {"node_modules/a": {"version": "1.0.0", "integrity": "sha512-x"}},
    }
    assert is_address("git+ssh://git@code.example/a.git")
    assert not is_address("../local")


def test_every_requirement_is_pinned_with_a_digest_and_without_an_address() -> None:
    for pins in sorted((ROOT / "requirements").glob("*.txt")):
        text = pins.read_text(encoding="utf-8")
        blocks = re.findall(r"^[^\s#](?:.*\\\n)*.*", text, flags=re.MULTILINE)

        assert blocks, pins.name
        assert [block for block in blocks if "==" not in block or "--hash=" not in block] == []
        assert "://" not in text, pins.name


def test_every_requirement_asked_for_is_compiled() -> None:
    folder = ROOT / "requirements"
    asked = {path.stem for path in folder.glob("*.in")}

    assert asked == {path.stem for path in folder.glob("*.txt")}


def test_the_package_is_built_by_the_pinned_backend() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pinned = re.search(
        r"^(setuptools==\S+)", (ROOT / "requirements/build.txt").read_text(), re.MULTILINE
    )

    assert pinned is not None
    assert f'requires = ["{pinned[1]}"]' in project
