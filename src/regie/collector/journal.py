"""Appends records to the disk, many at once: nobody is told yes before his record is there.

All records that arrive while the disk is busy share the next write and the next sync. After a
failed write or sync the file is left for good: what a disk holds after an error is not known.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from regie.ingestion.collected.journal import SUFFIX

LARGEST_FILE = 64 << 20
MOST_WAITING = 16 << 20  # bytes that wait for the disk; beyond, callers are sent away
BETWEEN_S = 0.004  # from one write to the next
LITTLE_SPACE = 64 << 20  # bytes left to PostgreSQL and the warehouse on the same disk
TRIAL = 512  # bytes
NEARLY_FULL = "the disk is nearly full"
LOG = logging.getLogger(__name__)
Send = Callable[[bytes], None]
Waiting = tuple[Send, bytes, Callable[[], bytes]]


class Journal:
    """One process's journal in ``folder``. Belongs to one event loop."""

    def __init__(self, folder: Path, *, largest: int = LARGEST_FILE) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._largest = folder, largest
        self._content = bytearray()
        self._waiting: list[Waiting] = []
        self._is_busy = False
        self._file: int | None = None
        self._size = 0
        # One thread: two syncs of one file at a time would only wait for each other.
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._loop = asyncio.get_running_loop()
        self._latest = 0.0
        self._problem: BaseException | None = None

    def append(self, frames: bytes, send: Send, yes: bytes, no: Callable[[], bytes]) -> None:
        """Send ``yes`` once ``frames`` are durable; ``no()`` where they cannot be.

        Frames that are given together become durable together.
        """
        if len(self._content) > MOST_WAITING:
            send(no())
            return
        self._content += frames
        self._waiting.append((send, yes, no))
        if not self._is_busy:
            self._is_busy = True
            self._loop.call_soon(self._soon)

    def check(self, send: Send, yes: bytes, no: Callable[[], bytes]) -> None:
        """Send ``yes`` if something could be kept now: it is tried, beside the journal."""
        self._disk.submit(self._try).add_done_callback(
            lambda done: self._loop.call_soon_threadsafe(
                send, yes if done.exception() is None else no()
            )
        )

    def _try(self) -> None:
        if not self._has_room():
            raise OSError(NEARLY_FULL)
        path = self._folder / f"trial-{os.getpid()}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(file, bytes(TRIAL))
            os.fdatasync(file)
        finally:
            os.close(file)
            path.unlink(missing_ok=True)

    def _has_room(self) -> bool:
        space = os.statvfs(self._folder)
        return space.f_bavail * space.f_frsize >= LITTLE_SPACE

    async def close(self) -> None:
        """Write what waits, then let the file go."""
        while self._is_busy:
            await asyncio.sleep(0.005)
        self._disk.submit(self._leave).result()
        self._disk.shutdown()

    def _soon(self) -> None:
        """Commit now, or a moment after the commit before: under load more share the next."""
        wait = self._latest + BETWEEN_S - self._loop.time()
        if wait > 0:
            self._loop.call_later(wait, self._commit)
        else:
            self._commit()

    def _commit(self) -> None:
        self._latest = self._loop.time()
        content, waiting = self._content, self._waiting
        self._content, self._waiting = bytearray(), []
        # No name for what is submitted: a callback that holds its own future is garbage late.
        self._disk.submit(self._store, content).add_done_callback(
            lambda done: self._loop.call_soon_threadsafe(self._answer, waiting, done.exception())
        )

    def _answer(self, waiting: list[Waiting], problem: BaseException | None) -> None:
        if self._waiting:
            self._soon()
        else:
            self._is_busy = False
        if (problem is None) != (self._problem is None):
            LOG.error("Events are %s", f"not kept: {problem}" if problem else "kept again")
        self._problem = problem
        for send, yes, no in waiting:
            send(yes if problem is None else no())

    def _store(self, content: bytearray) -> None:
        file = self._open()
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(file, rest) :]
            os.fdatasync(file)
        except OSError:
            self._take_back(file)
            raise
        self._size += len(content)
        if self._size >= self._largest:
            self._leave()

    def _take_back(self, file: int) -> None:
        """Who was refused must not be counted; what was written of him goes, if it can."""
        with suppress(OSError):
            os.ftruncate(file, self._size)
            os.fdatasync(file)
        self._leave()

    def _open(self) -> int:
        if self._file is not None:
            return self._file
        if not self._has_room():
            raise OSError(NEARLY_FULL)
        path = self._folder / f"{time.time_ns():020d}-{os.getpid()}{SUFFIX}"
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._file, self._size = file, 0
        return file

    def _leave(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
