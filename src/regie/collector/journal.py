"""Appends records to the disk, many at once: nobody is told yes before his record is there.

All records that arrive while the disk is busy share the next write and the next sync. After a
failed write or sync the file is left for good: what a disk holds after an error is not known.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from regie.ingestion.collected.journal import SUFFIX, Record, frame

LARGEST_FILE = 64 << 20
MOST_WAITING = 16 << 20  # bytes that wait for the disk; beyond, callers are sent away
BETWEEN_S = 0.004  # from one write to the next
LITTLE_SPACE = 64 << 20  # bytes left to PostgreSQL and the warehouse on the same disk


class NotWritten(Exception):
    """The record is not on the disk: it was not accepted."""


class Journal:
    """One process's journal in ``folder``. Belongs to one event loop."""

    def __init__(self, folder: Path, *, largest: int = LARGEST_FILE) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._largest = folder, largest
        self._waiting = bytearray()
        self._written: asyncio.Future[None] | None = None
        self._is_busy = False
        self._file: int | None = None
        self._size = 0
        # One thread: two syncs of one file at a time would only wait for each other.
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._loop = asyncio.get_running_loop()
        self._latest = 0.0

    def append(self, record: Record) -> asyncio.Future[None]:
        """What resolves once ``record`` is durable. Raises ``NotWritten`` where too many wait."""
        if len(self._waiting) > MOST_WAITING:
            raise NotWritten("overload")
        self._waiting += frame(record)
        if self._written is None:
            self._written = self._loop.create_future()
            if not self._is_busy:
                self._is_busy = True
                self._loop.call_soon(self._soon)
        return self._written

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
        content, written = self._waiting, self._written
        assert written is not None  # noqa: S101 - whoever calls has just seen it
        self._waiting, self._written = bytearray(), None
        done = self._disk.submit(self._store, content)
        done.add_done_callback(
            lambda _done: self._loop.call_soon_threadsafe(self._answer, written, done.exception())
        )

    def _answer(self, written: asyncio.Future[None], problem: BaseException | None) -> None:
        if self._written is not None:
            self._soon()
        else:
            self._is_busy = False
        if problem is None:
            written.set_result(None)
        else:
            written.set_exception(NotWritten(str(problem)))
            written.exception()  # nobody may be waiting any more

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
        space = os.statvfs(self._folder)
        if space.f_bavail * space.f_frsize < LITTLE_SPACE:
            raise OSError("the disk is nearly full")
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
