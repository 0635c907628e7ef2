"""Strips the addresses of a package index from lock files of npm.

A lock file needs the version and the digest of each package. The address is where one
developer happened to get it from, and another one's machine may not reach it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def strip_addresses(lock: dict[str, Any]) -> dict[str, Any]:
    """The same lock without ``resolved``; local links keep theirs, which is a folder."""
    packages = {
        name: {
            key: value
            for key, value in package.items()
            if key != "resolved" or not is_address(str(value))
        }
        for name, package in lock.get("packages", {}).items()
    }
    return {**lock, "packages": packages}


def is_address(resolved: str) -> bool:
    return "://" in resolved


def main(paths: Sequence[str]) -> None:
    for path in map(Path, paths):
        before = path.read_text(encoding="utf-8")
        after = json.dumps(strip_addresses(json.loads(before)), indent=2, ensure_ascii=False) + "\n"
        if after != before:
            path.write_text(after, encoding="utf-8")
            print(f"{path}: addresses removed")


if __name__ == "__main__":
    main(sys.argv[1:])
