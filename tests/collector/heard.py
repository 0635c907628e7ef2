"""What the collector heard, without the collector: records in a journal of its own making."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from regie.apps.tracking.publishing import journal_folder
from regie.collector.journal import Journal
from regie.ingestion.collected.journal import Record, frame


def keep(records: Iterable[Record]) -> None:
    """Write ``records`` as the collector does, in a thread: a browser may have a loop in this."""

    async def write() -> None:
        journal, answers = Journal(journal_folder()), list[bytes]()
        for record in records:
            journal.append(frame(record), answers.append, b"yes", lambda: b"no")
        await journal.close()
        assert set(answers) <= {b"yes"}

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, write()).result()
