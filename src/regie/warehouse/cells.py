"""What each day of each account holds, as a number that changes when a row of it does.

Files never change, so that each is looked at once: with a new day its own small file is.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable
from datetime import date

from regie.domain.facts import TABLES
from regie.warehouse.asking import Asking
from regie.warehouse.catalogue import StoredFile

KEPT_FILES = 4_096
# Who brought a row, and when, says nothing about it: the same rows told again are the same day.
_OF_THE_WAY_IN = {"import_id", "origin", "provisional"}
Cells = Counter[tuple[int, date]]
_known: OrderedDict[tuple[str, int], Cells] = OrderedDict()
_lock = threading.Lock()


def cells(session: Asking, table: str, files: Iterable[StoredFile]) -> Cells:
    """For each ``(asset_key, date)`` of ``files`` the sum of what its rows are."""
    found: Cells = Counter()
    for file in files:
        key = (session.place, file.id)
        with _lock:
            known = _known.get(key)
        if known is None:
            known = _of_file(session, table, file)
            with _lock:
                _known[key] = known
                while len(_known) > KEPT_FILES:
                    _known.popitem(last=False)
        found.update(known)
    return found


def _of_file(session: Asking, table: str, file: StoredFile) -> Cells:
    columns = ", ".join(name for name in TABLES[table].schema if name not in _OF_THE_WAY_IN)
    # Each row as a number of its own: that there is one more, or twice the same, is told too.
    rows = session.rows(
        f"SELECT asset_key, date, sum(hash({columns})::HUGEINT + 1) "
        f"FROM {session.relation(table, [file])} GROUP BY ALL"
    )
    return Counter({(asset, day): int(total) for asset, day, total in rows})


def changed_days(before: Cells, now: Cells) -> set[date]:
    """The days of which any account's rows are other than they were."""
    keys = before.keys() | now.keys()
    return {day for asset, day in keys if before.get((asset, day)) != now.get((asset, day))}
