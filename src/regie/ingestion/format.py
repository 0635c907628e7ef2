"""What a file format is: a declaration of its columns, its traps and how sure we are of them.

A format is data. Reading, parsing, refusing and publishing are the same for all of them, so a
new one is one file in ``ingestion/formats/`` and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from regie.ingestion.vocabulary import KINDS
from regie.kernel.periods import Period

WITHOUT_FACTS = frozenset({"rates", "history", "counted"})  # what a format may be made for


@dataclass(frozen=True)
class Column:
    """One of our words and the labels under which the file may give it.

    Labels are compared without case, accents, kinds of space, dash or apostrophe. A label may
    hold ``{currency}``: ``Amount spent ({currency})``. ``add`` lists further columns of the
    file that are added to the first (absent cells count as nothing, all absent as absent).
    ``words`` is looked for in the labels, in small letters, where none of them fits exactly.
    ``meanings``: our name of a value and the texts that mean it, in any language.
    """

    name: str
    labels: tuple[str, ...]
    kind: str = ""
    add: tuple[tuple[str, ...], ...] = ()
    words: re.Pattern[str] | None = None
    meanings: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def parsed_as(self) -> str:
        return self.kind or KINDS[self.name]


@dataclass(frozen=True)
class Rule:
    """Lines left aside on purpose: ``sql`` names cells as ``{label}``: ``{test} = 'true'``.

    ``reason`` is shown beside their number. With ``refuse`` they count as refused lines. With
    ``voids`` their order stands among the facts without its figures, so that it counts nowhere:
    not where it was measured, nor where an earlier file told of it.
    """

    sql: str
    reason: str
    refuse: bool = False
    voids: bool = False


@dataclass(frozen=True)
class Count:
    """A native figure of the file, reported, never stored: ``sql`` is an aggregate over cells."""

    name: str
    sql: str


@dataclass(frozen=True)
class Preamble:
    """What the lines above the header (or the file's name) say about the whole file."""

    period: Period | None = None
    account_id: str = ""
    account_name: str = ""
    currency: str = ""
    time_zone: str = ""
    grain: str = ""  # "week" or "month" where the file says that its lines are
    incomplete: bool = False
    rows: int | None = None  # a checksum, where the file states how many rows it has


def no_preamble(lines: Sequence[Sequence[str]], file_name: str) -> Preamble:
    return Preamble()


@dataclass(frozen=True)
class Format:
    """A kind of file.

    ``required``: each group needs one of its members, one of our words or ``"label:…"``.
    ``without``: labels that tell another table apart; ``exactly``: no label beyond those declared.
    ``fact``: ``performance`` (also feeds conversions, non-additive and period figures,
    earned media), ``visits``, ``orders``, ``leads``, ``calls``, ``earned``, ``rates``, ``history``
    (names, parents, currencies of entities) or ``counted`` (recognised and counted, nothing
    stored yet).
    ``totals``: a line whose first text matches is a total: a checksum, never data.
    ``trailer``: lines that are neither (footers, descriptions under the header).
    ``level``: fixed level, else the deepest entity that the file names.
    ``restated``: days before the import that the platform may still change.
    ``entity_kind``: for ``history``: account, campaign, ad_group, ad, keyword, order_code.
    ``stamped_at_end``: a day with a time is the moment at which the day before ended.
    ``order_kind``: for ``orders`` whose rows are all of one kind: ``refund`` takes revenue off
    on its own day and is no order.
    """

    name: str
    label: str
    platform: str
    columns: tuple[Column, ...]
    required: tuple[tuple[str, ...], ...]
    fact: str = "performance"
    level: str = ""
    date_order: str = ""  # "mdy", "dmy" or "" where dates are ISO or spelled out
    totals: re.Pattern[str] | None = None
    trailer: re.Pattern[str] | None = None
    rules: tuple[Rule, ...] = ()
    counts: tuple[Count, ...] = ()
    preamble: Callable[[Sequence[Sequence[str]], str], Preamble] = no_preamble
    restated: int = 0
    time_zone: str = ""  # when the platform's days are always of one zone ("UTC")
    currency: str = ""
    attribution: str = ""
    category: str = ""
    primary: bool = True  # whether its conversions count as the platform's claim
    entity_kind: str = ""
    without: tuple[str, ...] = ()
    exactly: bool = False
    order_kind: str = ""
    stamped_at_end: bool = False
    lifetime: bool = False  # cumulative snapshots: the latest one of each entity counts
    merge: bool = False  # lines split by hour or device that must be added up
    blocks: bool = False  # a blank line ends the table; others may follow
    decimal: str = ""  # known decimal mark, else decided from the money columns
    origin: str = "file"
    certainty: str = ""
    source: str = ""
    notes: tuple[str, ...] = field(default=())


DEFAULT_TOTALS = re.compile(
    r"^\s*(grand[ -]total|total\s*(:|$)|total\s+g[ée]n[ée]ral|totaux"
    r"|somme\s*:?$|summe\s*:?$|sum\s*:?$)",
    re.IGNORECASE,
)
