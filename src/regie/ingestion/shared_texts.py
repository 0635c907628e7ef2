"""Writes texts that many rows share without a look at each row: they are resolved once per ``who``.

Names, ids, account and currency of a row depend on its texts alone (see ``Staged.summary``). The
engine gives the figures of the rows; their texts come in as dictionaries when they are written.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa

from regie.domain.facts import TABLES, TEXT
from regie.ingestion.portions import Portion
from regie.ingestion.vocabulary import KINDS
from regie.warehouse.engine import Engine

# Beside texts: what is the same for all rows, or follows from the account.
_SHARED = ("organisation_id", "asset_key", "import_id", "is_primary")
_ALWAYS = ("date", "provisional")


class SharedTexts:
    """Texts for the rows of ``portion``, from the view ``few`` that has a row for each ``who``.

    Measures that are not among the ``words`` of the file are the same for all rows as well.
    """

    def __init__(
        self, table: str, portion: Portion, few: str, engine: Engine, words: Collection[str]
    ) -> None:
        fact = TABLES[table]
        types = fact.schema
        absent = {measure.name for measure in fact.measures} & KINDS.keys() - set(words)
        self._portion = portion
        self._columns = list(portion.columns)
        shared = [n for n in self._columns if types[n] == TEXT or n in (*_SHARED, *absent)]
        listed = _listed({name: portion.columns[name] for name in shared})
        found = engine.execute(f"SELECT who, {listed} FROM {few} ORDER BY who").to_arrow_table()
        if found["who"].to_pylist() != list(range(found.num_rows)):
            raise ValueError("rows share texts that the summary does not have")
        self._shared = {name: _Texts(found[name].combine_chunks()) for name in shared}

    def select(self) -> str:
        """The rows without what ``complete`` adds."""
        own = {n: sql for n, sql in self._portion.columns.items() if n not in self._shared}
        return f"SELECT who, {_listed(own)} FROM {self._portion.view} WHERE {self._portion.where}"

    def complete(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        who = batch["who"]
        columns = [
            self._shared[name].of(who) if name in self._shared else batch[name]
            for name in self._columns
        ]
        # Which row has a value is not written for a column of which all rows have one.
        fields = [
            pa.field(name, column.type, nullable=not self._is_always_there(name))
            for name, column in zip(self._columns, columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))

    def _is_always_there(self, name: str) -> bool:
        return self._shared[name].is_complete if name in self._shared else name in _ALWAYS


class _Texts:
    """A column of the summary, for the rows of a batch. Where all say the same it is not taken."""

    def __init__(self, column: pa.Array) -> None:
        self.is_complete = not column.null_count
        self._same = len(column) > 0 and column.null_count == len(column)
        is_text = pa.types.is_string(column.type) and not self._same
        self._column = column.dictionary_encode() if is_text else column

    def of(self, who: pa.Array) -> pa.Array:
        column = self._column
        if self._same:
            return pa.nulls(len(who), column.type)
        if not pa.types.is_dictionary(column.type):
            return column.take(who)
        codes, texts = column.indices.take(who), column.dictionary
        if len(texts) * 4 > len(who):  # else each row group would carry texts that it does not use
            used = codes.dictionary_encode()
            codes, texts = used.indices, texts.take(used.dictionary)
        return pa.DictionaryArray.from_arrays(codes, texts)


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())
