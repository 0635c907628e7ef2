"""Writes what turns cells of text into typed rows: how a cell is read, and the fate of a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from regie.ingestion import amount_codes, grains, parsing, quick_cells
from regie.ingestion.format import Column
from regie.ingestion.parsing import Locale, is_null
from regie.ingestion.recognise import Table
from regie.ingestion.vocabulary import ADDITIVE, NUMBER_KINDS

DATA, TOTAL, TRAILER, IGNORED, REPEATED, RULES = 0, 1, 2, 3, 4, 10
# Values of ``bad`` that are not the position of a cell.
CUT, CONFLICT, UNREADABLE, EXTRA, NO_DAY = -5, -4, -3, -2, -1
_DIMENSIONS = (
    "date", "campaign", "campaign_id", "ad_group", "ad_group_id", "ad", "ad_id",
    "keyword", "keyword_id", "search_term", "channel", "source", "medium", "source_medium",
    "landing_page", "location", "location_name", "order_id", "lead_id", "call_id", "entity_id",
    "earned_kind",
)  # fmt: skip
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)
_DAYS = f"DATE '{EARLIEST}' AND DATE '{LATEST}'"
_CODE = re.compile("[A-Z]{3}")
_LABEL = re.compile(r"\{([^{}]+)\}")
TYPES = {"count": "BIGINT", "date": "DATE", "timestamp": "TIMESTAMP", "flag": "BOOLEAN"}
_EVENT_NUMBER = {"orders": "order_id", "leads": "lead_id", "calls": "call_id"}
# Words without which a line of the fact means nothing.
_OF_EVENTS = ("order_id", "lead_id", "call_id", "revenue")
_NEEDED = {
    "orders": _OF_EVENTS, "leads": _OF_EVENTS, "calls": _OF_EVENTS,
    "earned": ("earned_kind", "earned"),
}  # fmt: skip
_EVENT_MOMENT = {"orders": "ordered_at", "leads": "received_at", "calls": "started_at"}


class StagingSql:
    """The statement for one table, and the words it yields."""

    def __init__(self, table: Table, locale: Locale, *, time_zone: str, currency: str) -> None:
        self.table = table
        self.locale = locale
        self.time_zone = table.format.time_zone or time_zone
        self.day_zone = time_zone  # days of orders, leads and calls are the organisation's
        said = table.currency or table.preamble.currency or table.format.currency or currency
        self.currency = (said or locale.currency).upper()
        self.columns = {column.name: column for column in table.format.columns}
        self.words = {name: self.columns[name].parsed_as for name in table.cells}
        moment = _EVENT_MOMENT.get(table.format.fact)
        self.moment = moment if moment in self.words else None
        if self.moment:
            self.words["date"] = "date"

    @property
    def number(self) -> str:
        """The word by which orders, leads and calls are told apart; empty for other facts."""
        word = _EVENT_NUMBER.get(self.table.format.fact, "")
        return word if word in self.words else ""

    @property
    def additive(self) -> list[str]:
        return [word for word in self.words if word in ADDITIVE]

    def label_of(self, word: str) -> str:
        return self.table.labels[self.table.cells[word][0]].strip()

    def with_cells(self, sql: str) -> str:
        """Replace ``{label}`` by the cell under that label; ``KeyError`` where there is none."""

        def cell(found: re.Match[str]) -> str:
            place = self.table.position_of(found[1])
            if place is None:
                raise KeyError(found[1])
            return f"trim(coalesce(c{place}, ''))"

        return _LABEL.sub(cell, sql)

    def readings(self) -> dict[str, tuple[int, str]]:
        """The place of each value that one cell gives, and the expression that reads ``cell``."""
        found = {
            value_of(name, i): (place, self._typed(name))
            for name, places in self.table.cells.items()
            if name not in self._by_others
            for i, place in enumerate(places)
        }
        found |= {name: (place, parsing.code_of("cell")) for name, place in self.coded.items()}
        if self.moment:
            place = self.table.cells[self.moment][0]
            day = parsing.day_of_moment("cell", self.time_zone, self.day_zone, self.locale)
            found[value_of("date", 0)] = (place, day)
        return found

    def _typed(self, name: str) -> str:
        expression, type_ = (
            self._expression(self.columns[name], "cell"),
            TYPES.get(self.words[name]),
        )
        return f"CAST({expression} AS {type_})" if type_ else expression

    @property
    def alone(self) -> list[str]:
        """The words whose value is that of one cell."""
        places = self.table.cells
        return [
            word
            for word in self.words
            if len(places.get(word, (0,))) == 1 and word not in self._by_others
        ]

    @property
    def _by_others(self) -> list[str]:
        """Amounts in the smallest unit of the currency that stands beside them."""
        if "currency" not in self.table.cells:
            return []
        return [name for name in self.table.cells if self.columns[name].parsed_as == "minor"]

    @property
    def coded(self) -> dict[str, int]:
        """The codes that amounts carry, where each line has a currency of its own."""
        if "currency" not in self.table.cells:
            return {}
        return {
            value_of(f"{name}_code", i): place
            for name, places in self.table.cells.items()
            if self.words[name] == "money"
            for i, place in enumerate(places)
        }

    @property
    def _code(self) -> str:
        return self.currency if _CODE.fullmatch(self.currency) else ""

    def currency_of(self, cells: Sequence[str]) -> str:
        """The currency of a line, as far as the file says it."""
        places = self.table.cells.get("currency", ())
        own = cells[places[0]].strip().upper() if places and places[0] < len(cells) else ""
        return own or self.currency

    @property
    def may_share_texts(self) -> bool:
        """Whether lines are figures of a day, which need no look at their texts one by one."""
        format_ = self.table.format
        daily = format_.fact in {"performance", "visits"} and not format_.lifetime
        adds_up = format_.merge or "device" in self.words
        return daily and not adds_up and not format_.counts

    @property
    def judged_by_cells(self) -> bool:
        """Whether a line is data as soon as all of its cells read well, and it has its day."""
        format_ = self.table.format
        return (
            format_.fact in {"performance", "visits"}
            and "date" in self.table.cells
            and len(self.alone) == len(self.words)
            and not (format_.rules or format_.trailer or self.table.sheet.encoding.damaged)
        )

    def select(self) -> str:
        """The other words, ``fate`` and ``bad`` (position of the first cell refused).

        Reads ``parsed``: the cells (``c0``, ``c1`` …), ``fits`` and the values of ``readings``.
        """
        return (
            f"WITH completed AS (SELECT *{self._beside()} FROM parsed), "
            f"fated AS (SELECT *, {self._fate()} AS fate FROM completed) "
            f"SELECT {self._added()}CAST(fate AS SMALLINT) AS fate, "
            f"CAST({self._bad()} AS SMALLINT) AS bad FROM fated"
        )

    def _beside(self) -> str:
        return "".join(
            f", {self._expression(self.columns[name], f'c{place}')} AS {value_of(name, i)}"
            for name in self._by_others
            for i, place in enumerate(self.table.cells[name])
        )

    def _expression(self, column: Column, cell: str) -> str:
        kind = column.parsed_as
        if column.meanings:
            return parsing.meaning(cell, column.meanings)
        if kind == "minor":
            return parsing.minor(cell, self._currency_cell())
        simple = {
            "text": lambda: quick_cells.text(cell),
            "id": lambda: quick_cells.identifier(cell),
            "date": lambda: self._day(cell, column.name),
            "timestamp": lambda: parsing.moment(cell, self.time_zone, self.locale),
            "flag": lambda: parsing.flag(cell),
            "sale": lambda: parsing.sale(cell),
            "earned": lambda: parsing.earned(cell),
            "micros": lambda: parsing.micros(cell),
            "share": lambda: parsing.share(cell, self.locale),
            "count": lambda: quick_cells.count(cell, self.locale),
        }.get(kind)
        if simple:
            return simple()
        # Beside a column of currencies any code is read, and then compared with that of its line.
        own = amount_codes.ANY if "currency" in self.table.cells else self._code
        return quick_cells.number(cell, self.locale, code=own if kind == "money" else "")

    def _day(self, cell: str, word: str) -> str:
        if self.table.grain:
            return grains.bound(self.table, word, cell, self.locale)
        day = parsing.day(cell, self.locale)
        if not self.table.format.stamped_at_end:
            return day
        return f"CAST({day} - CASE WHEN contains({cell}, ':') THEN 1 ELSE 0 END AS DATE)"

    def _currency_cell(self) -> str:
        places = self.table.cells.get("currency")
        return f"c{places[0]}" if places else f"'{self.currency}'"

    def _added(self) -> str:
        alone = self.alone
        return "".join(
            f"{self._sum(name, len(places))} AS {name}, "
            for name, places in self.table.cells.items()
            if name not in alone
        )

    def _sum(self, name: str, count: int) -> str:
        values = [value_of(name, i) for i in range(count)]
        if count == 1:
            return values[0]
        type_ = TYPES.get(self.words[name], "DECIMAL(20,9)")
        added = " + ".join(f"coalesce({value}, 0)" for value in values)
        absent = " AND ".join(f"{value} IS NULL" for value in values)
        return f"CASE WHEN {absent} THEN NULL ELSE CAST({added} AS {type_}) END"

    def _fate(self) -> str:
        format_ = self.table.format
        cases = [f"WHEN {self._total()} THEN {TOTAL}"] if self._names_something() else []
        if format_.trailer:
            pattern = _engine_pattern(format_.trailer)
            cases.insert(0, f"WHEN regexp_matches({self._whole_line}, '{pattern}') THEN {TRAILER}")
        for index, rule in enumerate(format_.rules):
            try:
                condition = self.with_cells(rule.sql)
            except KeyError:
                continue
            if not rule.refuse:
                cases.append(f"WHEN {condition} THEN {RULES + index}")
        empty = f"length({self._whole_line}) < {self._width}"
        if "date" in self.words:
            blank = f"CASE WHEN v_date_0 IS NULL THEN {empty} END"
            cases.insert(0, f"WHEN {blank} THEN {IGNORED}")
        return f"CASE {' '.join(cases)} ELSE {DATA} END" if cases else str(DATA)

    @property
    def _width(self) -> int:
        return len(self.table.labels)

    @property
    def _whole_line(self) -> str:
        return f"concat_ws(chr(31), {', '.join(f'c{i}' for i in range(self._width))})"

    def _dimension_cells(self) -> list[str]:
        return [
            f"c{place}"
            for name, places in self.table.cells.items()
            if name in _DIMENSIONS
            for place in places
        ]

    def _names_something(self) -> bool:
        return bool(self._dimension_cells() or self.table.format.totals)

    def _total(self) -> str:
        """A total names nothing: no day, no entity, or its own label in their place."""
        if self.moment or self.table.format.fact in {"rates", "history", "counted"}:
            return "false"
        day = "period_start" if self.table.grain else "date"
        has_day = f"v_{day}_0 IS NULL" if day in self.words else "true"
        pattern = self.table.format.totals
        cells = self._dimension_cells()
        if pattern and "c0" not in cells and not self._is_measure(0):
            # The label of a total stands first: an entity may well be called “Total: …”.
            cells.append("c0")
        nameless = " AND ".join(
            f"({is_null(cell)}"
            + (f" OR regexp_matches({cell}, '{_engine_pattern(pattern)}'))" if pattern else ")")
            for cell in cells
        )
        return f"CASE WHEN {has_day} THEN {nameless} END"

    def _is_measure(self, place: int) -> bool:
        return any(
            place in places and self.words[name] in NUMBER_KINDS
            for name, places in self.table.cells.items()
        )

    def _bad(self) -> str:
        misfits = f"WHEN fits IN ({EXTRA}, {CUT}) THEN fits"
        cases = [f"WHEN fate <> {DATA} THEN NULL", misfits]
        if self.table.sheet.encoding.damaged:
            cases.append(f"WHEN contains({self._whole_line}, chr(65533)) THEN {UNREADABLE}")
        for name, places in self.table.cells.items():
            for i, place in enumerate(places):
                value = value_of(name, i)
                if self.words[name] != "text":
                    # Nested, so that few cells are looked at: AND does not keep its order.
                    absent = self.absent(name, f"c{place}")
                    unread = f"CASE WHEN {value} IS NULL THEN NOT {absent} END"
                    cases.append(f"WHEN {unread} THEN {place}")
                if self.words[name] in {"date", "timestamp"}:
                    cases.append(f"WHEN CAST({value} AS DATE) NOT BETWEEN {_DAYS} THEN {place}")
        line = f"coalesce(upper({value_of('currency')}), '{self._code}')"
        cases += [f"WHEN {code} <> {line} THEN {place}" for code, place in self.coded.items()]
        cases += [
            f"WHEN v_{name}_0 IS NULL THEN {self.table.cells[name][0]}"
            for name in _NEEDED.get(self.table.format.fact, ())
            if name in self.table.cells
        ]
        cases += self._bad_rates() if self.table.format.fact == "rates" else []
        cases += self._refusing_rules()
        return f"CASE {' '.join([*cases, *self._no_day()])} END"

    def _no_day(self) -> list[str]:
        if self.table.grain:
            place = self.table.cells["period_start"][0]
            return [f"WHEN v_period_start_0 IS NULL THEN {place}"]
        return [f"WHEN v_date_0 IS NULL THEN {NO_DAY}"] if "date" in self.words else []

    def _bad_rates(self) -> list[str]:
        """A rate of nothing, or between what are no currencies, would convert into nonsense."""
        places = self.table.cells
        codes = [places[name][0] for name in ("from_currency", "to_currency")]
        return [
            f"WHEN v_rate_0 IS NULL OR v_rate_0 <= 0 THEN {places['rate'][0]}",
            *(f"WHEN NOT {parsing.is_code(f'c{place}')} THEN {place}" for place in codes),
        ]

    def absent(self, name: str, cell: str) -> str:
        """Whether ``cell`` gives no value for the word ``name``, as SQL."""
        is_share = self.words[name] == "share"
        return f"({is_null(cell)} OR {parsing.is_bound(cell)})" if is_share else is_null(cell)

    def _refusing_rules(self) -> list[str]:
        cases = []
        for index, rule in enumerate(self.table.format.rules):
            if rule.refuse:
                try:
                    cases.append(f"WHEN {self.with_cells(rule.sql)} THEN {-RULES - index}")
                except KeyError:
                    continue
        return cases


def _engine_pattern(pattern: re.Pattern[str]) -> str:
    """``pattern`` for the engine, whose ``\\s`` does not know the spaces of French typography."""
    flags = "(?i)" if pattern.flags & re.IGNORECASE else ""
    spaces = pattern.pattern.replace(r"\s", r"[\s\x{a0}\x{2009}\x{202f}]")
    return f"{flags}{spaces}".replace("'", "''")


def value_of(word: str, nth: int = 0) -> str:
    return f"v_{word}_{nth}"
