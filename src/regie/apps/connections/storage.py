"""Where kept inputs lie on the disk of this installation, beside facts and scratch work."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Container
from pathlib import Path

from django.conf import settings

from regie.warehouse.home import lake as lake
from regie.warehouse.home import workplace as workplace
from regie.warehouse.lake import sync_folder

JUST_MADE_S = 5  # between the making of a folder and its lock


def raw_folder() -> Path:
    folder = Path(settings.HOME) / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sweep(kept: Container[str], *, grace_s: int) -> int:
    """Remove scratch work of dead processes, and inputs that no import names. Returns how many."""
    left = [folder for folder in (Path(settings.HOME) / "work").glob("*") if _is_left(folder)]
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    raw = raw_folder()
    unnamed = [
        path
        for path in raw.glob("*/*")
        if str(path.relative_to(raw)) not in kept and _age_s(path) >= grace_s
    ]
    for path in unnamed:
        path.unlink(missing_ok=True)
    return len(left) + len(unnamed)


def _is_left(folder: Path) -> bool:
    if not folder.is_dir() or _age_s(folder) < JUST_MADE_S:
        return False
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def keep(path: Path, digest: str) -> str:
    """Keep the input under its digest, durably and once. Returns its relative path."""
    relative = f"{digest[:2]}/{digest}"
    target = raw_folder() / relative
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        sync_folder(raw_folder())
        temporary = target.with_name(f".{digest}.{os.getpid()}.part")
        shutil.copyfile(path, temporary)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.rename(target)
        sync_folder(target.parent)
    else:
        os.utime(target)  # else ``sweep`` might take it before its import is recorded
    return relative
