"""Lays the rows of a question out from its ground: visits, conversions, codes, in their order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from regie.apps.attribution.kept.ground import Ground, ground
from regie.apps.attribution.kept.sales import Acts, acts_of, consents
from regie.apps.attribution.kept.visits import Names, Visits, counted, days_of
from regie.apps.attribution.reading import UNIT_SQL, Read, names_of, read
from regie.domain.attribution.arrays import Flags, Longs
from regie.domain.attribution.assembling import Rows
from regie.domain.attribution.in_turn import in_turn
from regie.domain.attribution.log import CONVERSION
from regie.domain.attribution.questions import Question
from regie.kernel.scope import Scope
from regie.warehouse.views import Session


def is_kept(scope: Scope, question: Question) -> bool:
    """Whether a ground is kept for such questions.

    Parts of accounts are seen through rules that may change any day of the past; one's own events
    are rare questions; bounds are drawn path by path, in the order of a full run.
    """
    return not (scope.parts or question.is_own_event or question.intervals)


def read_kept(session: Session, scope: Scope, question: Question) -> Read:
    """What `reading.read` gives, in the order of who and when."""
    length = (question.read.end - question.read.start).days.bit_length()
    key = (session.seen_as, question.unit, question.probable, length)
    with ground(key) as kept:
        kept.bring_up_to_date(
            session, scope, question.read, UNIT_SQL[question.unit], probable=question.probable
        )
        if kept.acts is None:  # nothing of these days was ever read
            return read(session, scope, question)
        return _read(session, scope, question, kept)


@dataclass(frozen=True)
class _Laid:
    """Columns of all rows: visits first, then acts, then what acts say of themselves.

    ``who`` is whose each visit is. ``some`` are the rows of the visits, ``own`` those of the acts
    that the last ones come from.
    """

    visits: Visits
    who: Longs
    some: Longs
    acts: Acts
    own: Longs

    def joined(self, of_visits: Any, of_acts: Any, of_own: Any = None) -> Any:
        last = of_acts[self.own] if of_own is None else of_own
        return np.concatenate((of_visits[self.some], of_acts, last))


def _read(session: Session, scope: Scope, question: Question, kept: Ground) -> Read:
    acts = acts_of(session, scope, question, kept)
    laid = _laid(question, kept, acts)
    visits, acts, own = laid.visits, laid.acts, laid.own
    nothing = np.zeros(len(visits), np.bool_)
    touch = np.zeros(len(own), np.bool_)
    at, who = laid.joined(visits.at, acts.at), laid.joined(laid.who, acts.who)
    sold = laid.joined(nothing, acts.sold, touch)
    order = _order(kept, laid, who, at, sold)
    names, codes = _codes(kept, laid, sold, question)
    day = laid.joined(visits.day, days_of(acts.table["date"]))[order]
    said = kept.met.rows[3].astype(np.bool_)[visits.met]
    consented, sold = laid.joined(said, consents(acts.table))[order], sold[order]
    counts = np.where(
        sold,
        _within(day, question.conversions.start, question.conversions.end),
        _within(day, question.period.start, question.period.end) & consented,
    )
    worth = laid.joined(np.zeros(len(visits)), acts.worth, np.zeros(len(own)))[order]
    lost = laid.joined(nothing, acts.lost, touch)[order] & counts
    valued = laid.joined(nothing, acts.valued, touch)[order]
    rows = Rows(who[order], at[order], codes[order], worth, counts, is_in_order=True)
    first, last = counted(question.period.start), counted(question.period.end)
    visited = [counts for one, counts in kept.visited.items() if first <= one <= last]
    return Read(
        rows, names, _table(kept, laid, day, order), consented, int(lost.sum()), valued,
        (sum(all_ for all_, _joined in visited), sum(joined for _all, joined in visited)),
    )  # fmt: skip


def _laid(question: Question, kept: Ground, acts: Acts) -> _Laid:
    # Visitors of one day have numbers as they came: in the order of their keys they are the same
    # whichever way a ground came about.
    ranks = kept.keys.ranks()
    visits, acts = kept.visits, replace(acts, who=_canonical(acts.who, ranks))
    who = _canonical(kept.who, ranks)[visits.met]
    some = np.flatnonzero(_within(visits.day, question.read.start, question.read.end))
    laid = _Laid(visits, who, some, acts, np.zeros(0, np.int64))
    return replace(laid, own=_own(question, laid))


def _order(kept: Ground, laid: _Laid, who: Longs, at: Longs, sold: Flags) -> Longs:
    """Whoever did nothing but visit comes first, as the ground has it; then all others."""
    count = len(laid.some)
    acting = np.isin(who[:count], np.unique(who[count:]))
    rest = np.flatnonzero(~acting)
    sub = np.concatenate((np.flatnonzero(acting), np.arange(count, len(who))))
    turn = in_turn(who[sub], at[sub], sold[sub], lambda some: _ids(kept, laid, sub[some]))
    return np.concatenate((rest, sub[turn]))


def _table(kept: Ground, laid: _Laid, day: Any, order: Longs) -> pa.Table:
    """What is shown of rows: their day and device."""
    devices = Names(dict(kept.devices.known))
    own = devices.codes(laid.acts.table["device"]).astype(np.int32)
    device = laid.joined(laid.visits.device, own)[order]
    texts = pa.array(devices.texts(), pa.string())
    return pa.table({
        "date": pa.array(day.astype(np.int32), pa.int32()).cast(pa.date32()),
        "device": pa.DictionaryArray.from_arrays(
            pa.array(device, pa.int32(), mask=device < 0), texts
        ),
    })  # fmt: skip


def _canonical(who: Longs, ranks: Longs) -> Longs:
    """Keys of other forms in the order of their texts; nobody's stay as they are."""
    other = (who < 0) & (who > -(1 << 59))
    if not other.any():
        return who
    found = who.copy()
    found[other] = -1 - ranks[-1 - who[other]]
    return found


def _own(question: Question, laid: _Laid) -> Longs:
    """Conversions that are touches too: they say their source, and no visit led to them."""
    acts = laid.acts
    candidates = np.flatnonzero(acts.own & acts.sold)
    asking = candidates[~acts.sure[candidates]]
    if len(asking) == 0:
        return candidates
    who, at = laid.who[laid.some], laid.visits.at[laid.some]
    met = np.isin(who, acts.who[asking])
    whose = np.concatenate((who[met], acts.who[asking]))
    when = np.concatenate((at[met], acts.at[asking]))
    sale = np.arange(len(whose)) >= met.sum()
    order = np.lexsort((sale, when, whose))
    # The visit before each: the nearest is the one that counts longest.
    last = np.maximum.accumulate(np.where(sale[order], -1, np.arange(len(order))))
    there = order[np.maximum(last, 0)]
    near = (last >= 0) & (whose[there] == whose[order])
    near &= when[order] - when[there] <= round(question.lookback.total_seconds()) * 1_000_000
    led = np.zeros(len(acts.who), np.bool_)
    led[asking[order[near & sale[order]] - met.sum()]] = True
    return candidates[acts.sure[candidates] | ~led[candidates]]


def _ids(kept: Ground, laid: _Laid, rows: Longs) -> pa.Array:
    """Ids as a full run has them: what a conversion says of itself begins with an “o”."""
    visits, acts = len(laid.some), len(laid.acts.who)
    texts = np.empty(len(rows), object)
    of_visit = rows < visits
    texts[of_visit] = kept.ids_of(laid.visits.serial[laid.some[rows[of_visit]]]).to_pylist()
    ids = laid.acts.table["touch_id"]
    of_act = ~of_visit & (rows < visits + acts)
    here = rows[of_act] - visits
    presented = np.where(laid.acts.sold[here], "", "c").tolist()
    said = ids.take(pa.array(here)).to_pylist()
    texts[of_act] = [f"{mark}{one}" for mark, one in zip(presented, said, strict=True)]
    of_own = rows >= visits + acts
    own = ids.take(pa.array(laid.own[rows[of_own] - visits - acts])).to_pylist()
    texts[of_own] = [f"o{one}" for one in own]
    return pa.array(texts, pa.string())


def _codes(kept: Ground, laid: _Laid, sold: Flags, question: Question) -> tuple[list[str], Longs]:
    """The names of the units as a full run has them, and the code of each row."""
    first, last = counted(question.read.start), counted(question.read.end)
    units = Names(dict(kept.units.known))
    of_acts = units.codes(laid.acts.table["earner"])
    every = laid.joined(laid.visits.unit, of_acts)
    texts = units.texts()
    seen = np.bincount(every[~sold], minlength=len(texts))
    for code, count in kept.dropped.between(first, last).items():
        seen[code] += count
    names, table = names_of(texts, seen)
    return names, np.where(sold, CONVERSION, np.append(table, 0)[np.where(sold, -1, every)])


def _within(day: Any, start: Any, end: Any) -> Any:
    return (day >= counted(start)) & (day <= counted(end))
