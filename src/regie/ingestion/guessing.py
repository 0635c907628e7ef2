"""Looks at a table that no format knows, and guesses what its columns are.

The labels of all formats are our dictionary, with a few words of other tables; the cells below
decide where the label says nothing. A guess is only where a person begins: nothing is read by it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from regie.ingestion.files.refusal import UnreadableFile
from regie.ingestion.files.sheet import Line, Sheet, read_sheets
from regie.ingestion.formats import formats
from regie.ingestion.labels import normal, repair
from regie.ingestion.mapping import WORDS
from regie.kernel.i18n import _

HEADER_WITHIN = 20
SAMPLES = 8
SHORTEST_PART = 4
_NUMBER = re.compile(r"^[\s\u00a0\u202f+\-−]*[€$£]?\s*\d[\d\s\u00a0\u202f.,']*\s*[%€$£]?$")
_DAY = re.compile(
    r"^\s*(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})|20\d{6})\b"
)
_DOTTED = re.compile(r"^\s*\d{1,2}\.\d{1,2}\.\d{2,4}\b")
_MONEY = re.compile(r"[€$£]|\b(EUR|USD|CHF|GBP|CAD)\b")

# What people call things in tables of their own, in the languages of our neighbours.
_OTHERS = {
    "date": "date jour day datum tag fecha dia data giorno journée période",
    "campaign": "campaign campagne kampagne campaña campagna opération op",
    "spend": (
        "cost coût cout coûts spend dépense dépenses budget montant net kosten ausgaben coste "
        "costo gasto spesa investissement prix"
    ),
    "impressions": "impressions affichages diffusions vues impressionen impresiones passages",
    "clicks": "clicks clics klicks clic click clic(s)",
    "conversions": "conversions konversionen ventes achats acquisitions",
    "visits": "visits visites besuche sessions visitas visite",
    "revenue": "revenue ca chiffre umsatz ingresos ricavi recettes",
    "order_id": "order commande bestellung pedido ordine",
    "call_id": "call appel anruf llamada",
    "lead_id": "lead prospect contact",
    "account_name": "account compte konto cuenta client annonceur",
    "currency": "currency devise währung moneda valuta monnaie",
    "location": "location magasin agence établissement filiale ville store shop",
    "channel": "channel canal kanal canale support média media",
    "likes": "likes",
    "comments": "comments commentaires",
    "shares": "shares partages reposts",
    "mentions": "mentions citations",
    "customer": "customer kunde acheteur",
}
_MOMENT = {"orders": "ordered_at", "leads": "received_at", "calls": "started_at"}


@dataclass(frozen=True)
class Look:
    """The labels of a table and the lines beneath them."""

    header_line: int
    labels: tuple[str, ...]
    samples: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Guess:
    fact: str
    words: dict[int, str]  # place of a column -> our word
    date_order: str = ""


def look(path: Path, work: Path, *, header_line: int = 0) -> Look:
    """The best table of the file; ``header_line`` where a person says on which line it begins.

    Raises ``UnreadableFile`` for what is no table.
    """
    found: list[tuple[int, Sheet, int]] = []
    for sheet in read_sheets(path, work):
        for place, (line, cells) in enumerate(sheet.preview[:HEADER_WITHIN]):
            if not header_line or line == header_line:
                found.append((_likeness(cells, sheet.preview[place + 1 :]), sheet, place))
    best = max(found, key=lambda one: one[0], default=None)
    if best is None or best[0] <= 0:
        raise UnreadableFile(
            _("No table was found in this file."),
            hint=_("It needs a line of labels, and lines of cells beneath."),
        )
    _score, sheet, place = best
    line, cells = sheet.preview[place]
    width = len(cells)
    beneath = [(at, (row + [""] * width)[:width]) for at, row in sheet.preview[place + 1 :]]
    filled = [(at, tuple(row)) for at, row in beneath if any(cell.strip() for cell in row)]
    return Look(line, tuple(repair(cell).strip() for cell in cells), tuple(filled[:SAMPLES]))


def _likeness(cells: Sequence[str], beneath: Sequence[Line]) -> int:
    """How much a line looks like labels: texts, each once, above lines of the same width."""
    texts = [cell.strip() for cell in cells if cell.strip()]
    if len(texts) < 2 or not beneath:
        return 0
    named = sum(1 for text in set(texts) if not _NUMBER.match(text) and not _DAY.match(text))
    rows = [row for _line, row in beneath[:SAMPLES] if any(cell.strip() for cell in row)]
    alike = sum(1 for row in rows if abs(len(row) - len(cells)) <= 1)
    numbers = sum(1 for row in rows if any(_NUMBER.match(c) or _DAY.match(c) for c in row))
    known = sum(1 for text in texts if normal(text) in _dictionary())
    if named * 2 <= len(texts) or not alike:
        return 0
    return 4 * named + alike + numbers + 2 * known


def guess(table: Look) -> Guess:
    """What the columns may be, each of our words at most once."""
    words: dict[int, str] = {}
    for read in (_same, _within):
        for place, label in enumerate(table.labels):
            word = read(normal(label)) if label and place not in words else ""
            if word and word not in words.values():
                words[place] = word
    _by_cells(table, words)
    fact = _fact(set(words.values()))
    return Guess(fact, _in_words_of(fact, words), _date_order(table))


def _date_order(table: Look) -> str:
    """Who separates with dots writes the day first."""
    cells = [cell for _line, row in table.samples for cell in row if _DOTTED.match(cell)]
    return "dmy" if cells else ""


@cache
def _dictionary() -> dict[str, str]:
    """Normal label -> the word that most formats give it."""
    votes: dict[str, Counter[str]] = {}
    for format_ in formats().values():
        if format_.fact in {"history", "counted"}:
            continue
        for column in format_.columns:
            for label in column.labels:
                if "{currency}" not in label:
                    votes.setdefault(normal(label), Counter())[column.name] += 1
    found = {label: count.most_common(1)[0][0] for label, count in votes.items()}
    for word, labels in _OTHERS.items():
        for label in labels.split():
            found[normal(label)] = word
    return found


def _same(label: str) -> str:
    return _dictionary().get(label, "")


def _within(label: str) -> str:
    """The longest known label inside this one: “coût total HT” holds “coût”."""
    parts = re.findall(r"[^\W_]+", label)
    known = _dictionary()
    for length in range(min(4, len(parts)), 0, -1):
        for start in range(len(parts) - length + 1):
            phrase = " ".join(parts[start : start + length])
            if len(phrase) >= SHORTEST_PART and phrase in known:
                return known[phrase]
    return ""


def _by_cells(table: Look, words: dict[int, str]) -> None:
    """Days are recognised by their shape, amounts by the sign of their currency."""
    dated = {"date", "period_start", *_MOMENT.values()}
    for place in range(len(table.labels)):
        cells = [row[place] for _line, row in table.samples if row[place].strip()]
        if place in words or not cells or not table.labels[place]:
            continue
        if not dated & set(words.values()) and all(_DAY.match(cell) for cell in cells):
            words[place] = "date"
        elif "spend" not in words.values() and all(
            _MONEY.search(cell) and any(char.isdigit() for char in cell) for cell in cells
        ):
            words[place] = "spend"


def _fact(words: set[str]) -> str:
    signs = (
        ("rates", {"rate", "from_currency"}), ("calls", {"call_id"}), ("calls", {"duration_s"}),
        ("orders", {"order_id"}), ("leads", {"lead_id"}),
    )  # fmt: skip
    for fact, needed in signs:
        if needed <= words and not words & {"clicks", "impressions"}:
            return fact
    if {"earned_kind", "earned"} <= words or {"order_kind", "earned"} <= words:
        return "earned"
    if "visits" in words and not words & {"spend", "impressions"}:
        return "visits"
    return "performance"


def _in_words_of(fact: str, words: dict[int, str]) -> dict[int, str]:
    """The same guess in the words of ``fact``: the day of an order is its moment."""
    own = {"date": _MOMENT.get(fact, "date"), "conversions": "conversions"}
    if fact == "orders":
        own["spend"] = "revenue"
    if fact == "earned":  # labels that other tables have too
        own |= {"order_kind": "earned_kind", "ad_network": "network"}
    found: dict[int, str] = {}
    for place, word in words.items():
        meant = own.get(word, word)
        if meant in WORDS[fact] and meant not in found.values():
            found[place] = meant
    return found
