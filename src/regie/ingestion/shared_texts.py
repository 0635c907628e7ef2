"""Writes texts that many rows share without a look at each row: they are resolved once per ``who``.

Names, ids, account and currency of a row depend on its texts alone (see ``Staged.summary``). The
engine gives the figures of the rows; their texts come in as dictionaries when they are written.
"""

from __future__ import annotations

from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc

from regie.domain.facts import TABLES, TEXT
from regie.ingestion.spreading import Portion
from regie.ingestion.vocabulary import KINDS
from regie.warehouse.engine import Engine

# Beside texts: what is the same for all rows, or follows from the account.
_SHARED = ("organisation_id", "asset_key", "import_id", "is_primary")


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
        found = engine.execute(f"SELECT who, {listed} FROM {few}").to_arrow_table()
        self._who = found["who"].combine_chunks()
        self._shared = {name: found[name].combine_chunks() for name in shared}
        for name, column in self._shared.items():
            if pa.types.is_string(column.type):
                self._shared[name] = column.dictionary_encode()

    def select(self) -> str:
        """The rows without what ``complete`` adds."""
        own = {n: sql for n, sql in self._portion.columns.items() if n not in self._shared}
        return f"SELECT who, {_listed(own)} FROM {self._portion.view} WHERE {self._portion.where}"

    def complete(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        at = pc.index_in(batch["who"], self._who)
        columns = [
            _taken(self._shared[name], at) if name in self._shared else batch[name]
            for name in self._columns
        ]
        return pa.RecordBatch.from_arrays(columns, self._columns)


def _listed(columns: dict[str, str]) -> str:
    return ", ".join(f"{expression} AS {name}" for name, expression in columns.items())


def _taken(column: pa.Array, at: pa.Array) -> pa.Array:
    if not pa.types.is_dictionary(column.type):
        return column.take(at)
    codes, texts = column.indices.take(at), column.dictionary
    if len(texts) * 4 > len(at):  # else each row group would carry texts that it does not use
        used = codes.dictionary_encode()
        codes, texts = used.indices, texts.take(used.dictionary)
    return pa.DictionaryArray.from_arrays(codes, texts)
