"""Where kept inputs, facts and scratch work lie on the disk of this installation."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from regie.warehouse.lake import Lake, sync_folder


def lake() -> Lake:
    root = Path(settings.HOME) / "lake"
    root.mkdir(parents=True, exist_ok=True)
    return Lake(root)


def raw_folder() -> Path:
    folder = Path(settings.HOME) / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def workplace() -> Iterator[Path]:
    """A scratch folder that is gone afterwards."""
    root = Path(settings.HOME) / "work"
    root.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(path: Path, digest: str) -> str:
    """Keep the input under its digest, durably and once. Returns its relative path."""
    relative = f"{digest[:2]}/{digest}"
    target = raw_folder() / relative
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        temporary = target.with_name(f".{digest}.{os.getpid()}.part")
        shutil.copyfile(path, temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.rename(target)
        sync_folder(target.parent)
    return relative
