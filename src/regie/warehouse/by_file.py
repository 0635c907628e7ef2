"""What each file of a table says of one thing, asked once: files never change.

With a new day its own small file is asked. What files said that are gone is forgotten with them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

import pyarrow as pa

from regie.warehouse.asking import Asking
from regie.warehouse.catalogue import StoredFile

KEPT_ROWS = 2_000_000  # of all that is known, in this process: some 40 bytes each
Told = Mapping[int, pa.Table]
_known: OrderedDict[tuple[str, str, str], Told] = OrderedDict()
_lock = threading.Lock()


def told(session: Asking, table: str, select: str) -> pa.Table:
    """What the files of ``table`` say, one after another, of the accounts that ``session`` sees.

    ``select`` is asked of the rows of each file, which it calls ``{rows}``. It names their
    ``asset_key``; where it counts or adds up, it says so by file: its reader adds these.
    """
    key = (session.place, table, select)
    with _lock:
        known = _known.get(key, {})
    files = session.snapshot.files(table)
    now = {
        file.id: known[file.id] if file.id in known else _asked(session, table, file, select)
        for file in files
    }
    _keep(key, now)
    return session.seen(pa.concat_tables(now.values() or [_asked(session, table, None, select)]))


def _asked(session: Asking, table: str, file: StoredFile | None, select: str) -> pa.Table:
    rows = session.relation(table, [] if file is None else [file])
    return session.arrow(select.format(rows=rows))


def _keep(key: tuple[str, str, str], now: Told) -> None:
    with _lock:
        _known[key] = now
        _known.move_to_end(key)
        while sum(map(_rows, _known.values())) > KEPT_ROWS:
            _known.popitem(last=False)


def _rows(one: Told) -> int:
    return sum(len(table) + 1 for table in one.values())


def forget_all() -> None:
    with _lock:
        _known.clear()
