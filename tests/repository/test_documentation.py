"""The pages we promise exist, and a reader who follows a link arrives somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tools.documentation import ROOT, dead_links, missing_pages


def test_the_promised_pages_exist() -> None:
    assert missing_pages() == []


def test_every_link_leads_somewhere() -> None:
    assert list(dead_links()) == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "here.md").write_text("# One part\n[there](there.md) [a](#one-part) [b](#two)\n")

    assert list(dead_links(tmp_path)) == [
        "here.md: the link to there.md leads nowhere.",
        "here.md: #two names a heading that is not there.",
    ]


def test_every_command_of_make_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)", makefile, flags=re.MULTILINE)
    assert phony is not None
    commands = set(phony[1].replace("\\", " ").split()) - {"setup", "setup-test"}

    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))

    assert explained == commands


def test_every_command_the_pages_name_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    for page in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, flags=re.MULTILINE))

        assert named <= known, page


def test_decisions_are_numbered_without_gap_and_have_the_same_parts() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

    assert [int(page.name[:4]) for page in pages] == list(range(1, len(pages) + 1))
    for page in pages:
        headings = re.findall(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert {"Context", "Choice", "What it costs"} <= set(headings), page.name


def test_every_term_of_the_glossary_is_in_both_languages() -> None:
    rows = re.findall(
        r"^\| (?!FR |---)(.+?) \| (.+?) \| (.+?) \|$",
        (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )

    assert len(rows) > 40
    assert [row for row in rows if not all(cell.strip() for cell in row)] == []
    terms = [row[0].lower() for row in rows]
    assert sorted(set(terms)) == sorted(terms), "a term is defined once"
