"""What each file of a table says of one thing, asked once: files never change.

With a new day its own small file is asked. What files said that are gone is forgotten with them.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

import pyarrow as pa

from regie.warehouse.asking import Asking
from regie.warehouse.catalogue import StoredFile

KEPT_ROWS = 1_500_000  # of all that is known, in this process: some 75 bytes each
Told = Mapping[int, pa.Table]
Key = tuple[str, str, str]
_known: OrderedDict[Key, Told] = OrderedDict()
_too_large: set[Key] = set()
_lock = threading.Lock()


def told(session: Asking, table: str, select: str) -> pa.Table:
    """What the files of ``table`` say, one after another, of the accounts that ``session`` sees.

    ``select`` is asked of the rows of each file, which it calls ``{rows}``. It names their
    ``asset_key``; where it counts or adds up, it says so by file: its reader adds these. What is
    too large to be kept is asked of all files together each time.
    """
    key = (session.place, table, select)
    files = session.snapshot.files(table)
    with _lock:
        known, is_kept = _known.get(key, {}), key not in _too_large
    if not files or not is_kept:
        return session.seen(_asked(session, table, files, select))
    now = {
        file.id: known[file.id] if file.id in known else _asked(session, table, [file], select)
        for file in files
    }
    _keep(key, now)
    return session.seen(pa.concat_tables(now.values()))


def _asked(session: Asking, table: str, files: Sequence[StoredFile], select: str) -> pa.Table:
    return session.arrow(select.format(rows=session.relation(table, files)))


def _keep(key: Key, now: Told) -> None:
    """Those used longest ago make room."""
    with _lock:
        _known[key] = now
        _known.move_to_end(key)
        while sum(map(_rows, _known.values())) > KEPT_ROWS:
            gone, _told = _known.popitem(last=False)
            if gone == key:  # it alone is more than that
                _too_large.add(gone)


def _rows(one: Told) -> int:
    return sum(len(table) + 1 for table in one.values())


def forget_all() -> None:
    with _lock:
        _known.clear()
        _too_large.clear()
