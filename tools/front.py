"""Builds the front end into ``static/build``, and only when its sources changed.

The stamp is a digest of the sources, kept inside the build: removing the build removes it.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tools.node import Node, find_node

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
BUILD = ROOT / "src" / "regie" / "web" / "static" / "build"
# The test browser has a package of its own there, and editors leave folders of theirs.
SOURCES = ("package.json", "package-lock.json", "build.mjs", "tsconfig.json", "src")


def build() -> bool:
    """Build, and tell whether there was anything to do."""
    digest, stamp = digest_of(_sources()), BUILD / ".digest"
    built = stamp.is_file() and stamp.read_text(encoding="utf-8") == digest
    # Tests read the rules of accessibility from there, whoever removed it since the build.
    if built and (FRONTEND / "node_modules").is_dir():
        return False
    node = find_node()
    install(node, folder=FRONTEND)
    node.run(["build.mjs"], folder=FRONTEND)
    stamp.write_text(digest, encoding="utf-8")
    return True


def install(node: Node, *, folder: Path) -> None:
    """Install exactly what the lock file says, running none of the packages' own scripts."""
    digest, stamp = digest_of([folder / "package-lock.json"]), folder / "node_modules" / ".digest"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    node.run_npm(["ci", *options], folder=folder)
    stamp.write_text(digest, encoding="utf-8")


def digest_of(files: Iterator[Path] | list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{file.stat().st_size}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in SOURCES:
        path = FRONTEND / name
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file())
        elif path.exists():
            yield path


if __name__ == "__main__":
    print("Front end built" if build() else "Front end up to date")
