"""Checks the documentation: the pages we promise exist, and every link between them leads on.

Addresses of the web are not tried: nothing here needs a network.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = (
    "README.md",
    "ARCHITECTURE.md",
    "GLOSSARY.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "changes/README.md",
    "docs/decisions/0001-record-decisions.md",
)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


def tracked_files(root: Path = ROOT) -> list[str]:
    """What is in the repository, and what is about to be; never what is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(name for name in listed.stdout.split("\0") if name and (root / name).is_file())


def missing_pages(root: Path = ROOT) -> list[str]:
    return [
        f"{page}: this page is missing or empty."
        for page in PAGES
        if not (root / page).is_file() or not (root / page).read_text(encoding="utf-8").strip()
    ]


def dead_links(root: Path = ROOT) -> Iterator[str]:
    for name in tracked_files(root):
        if name.endswith(".md"):
            yield from _dead_links_of(root / name, root)


def _dead_links_of(page: Path, root: Path) -> Iterator[str]:
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.finditer(text):
        target = link[1] or link[2]
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        aim = (page.parent / path) if path else page
        if not aim.exists():
            yield f"{page.relative_to(root)}: the link to {target} leads nowhere."
        elif anchor and aim.suffix == ".md" and anchor not in _anchors(aim):
            yield f"{page.relative_to(root)}: {target} names a heading that is not there."


def _anchors(page: Path) -> set[str]:
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    return {_anchor(heading) for heading in HEADING.findall(text)}


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def main() -> int:
    problems = [*missing_pages(), *dead_links()]
    print("\n".join(problems) or "Every page is there, every link leads somewhere.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
