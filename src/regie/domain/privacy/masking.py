"""Takes a person's names out of texts, or puts corrected ones in their place."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from regie.domain.privacy.names import Names

# Where a short name may stand: the heading of a column, the key of a value.
PERSONAL: Final = frozenset(
    {
        "customer", "client", "customer_id", "customerid", "id_client", "client_id", "buyer",
        "acheteur", "contact", "numero_client", "numéro_client", "login", "user", "user_id",
        "visitor", "email", "e_mail", "mail", "courriel", "email_sha256", "phone", "telephone",
        "téléphone", "tel", "mobile", "portable", "phone_sha256", "loyalty_card", "carte",
    }
)  # fmt: skip
_ADDRESS: Final = re.compile(r"[^\s@/\\]+@[^\s@/\\]+\.[a-z]{2,}", re.IGNORECASE)
_KEY: Final = re.compile(r"[\s\-]+")


@dataclass
class Mask:
    """Replaces the names of one person by ``by``, and counts what it replaced.

    ``by`` is empty for an erasure. A short name is replaced only where it is a whole cell of a
    personal column or a whole value under a personal key.
    """

    names: Names
    by: str = ""
    count: int = 0

    def text(self, text: str) -> str:
        """``text`` without telling names."""
        if self.names.pattern is None:
            return text
        made, count = self.names.pattern.subn(lambda _found: self.by, text)
        self.count += count
        return made

    def value(self, value: Any, key: str = "") -> Any:
        """The same for what JSON holds, all the way down; keys are left alone."""
        if isinstance(value, Mapping):
            return {name: self.value(one, name) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.value(one, key) for one in value]
        if is_personal(key) and str(value) in self.names.all:
            self.count += 1
            return self.by
        return self.text(value) if isinstance(value, str) else value

    def table(self, text: str) -> str:
        """The same for a table whose cells are separated by a mark, or for lines of JSON."""
        told = self._json(text) if text.lstrip()[:1] in ("{", "[") else None
        if told is not None:
            return told
        lines = text.splitlines(keepends=True)
        places: list[int] = []
        mark = ","
        for number, line in enumerate(lines):
            found = max(";,\t|", key=line.count)
            cells = _cells(line, found)
            if any(is_personal(cell) for cell in cells):
                places = [place for place, cell in enumerate(cells) if is_personal(cell)]
                mark = found
            elif places:
                lines[number] = self._line(line, mark, places)
        return self.text("".join(lines))

    def _line(self, line: str, mark: str, places: list[int]) -> str:
        cells = _cells(line, mark)
        here = [place for place in places if place < len(cells) and cells[place] in self.names.all]
        if not here:
            return line
        for place in here:
            cells[place] = self.by
        self.count += len(here)
        text = io.StringIO()
        csv.writer(text, delimiter=mark, lineterminator="").writerow(cells)
        return text.getvalue() + line[len(line.rstrip("\r\n")) :]

    def _json(self, text: str) -> str | None:
        """A document, or a document on each line; ``None`` where it is neither."""
        before = self.count
        try:
            told = json.dumps(self.value(json.loads(text)), ensure_ascii=False)
        except ValueError:
            try:
                lines = [
                    json.dumps(self.value(json.loads(one)), ensure_ascii=False) if one.strip()
                    else one for one in text.splitlines()
                ]  # fmt: skip
            except ValueError:
                self.count = before
                return None
            told = "\n".join(lines) + "\n"
        return text if self.count == before else told


def without_addresses(text: str) -> str:
    """For what can never be mended, as a journal: any address of an e-mail becomes “…”."""
    return _ADDRESS.sub("…", text)


def is_personal(name: str) -> bool:
    return _KEY.sub("_", name.strip().strip('"').lower()) in PERSONAL


def _cells(line: str, mark: str) -> list[str]:
    bare = line.rstrip("\r\n")
    try:
        return next(csv.reader([bare], delimiter=mark), [])
    except csv.Error:
        return bare.split(mark)
