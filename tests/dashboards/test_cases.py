"""Every case: what is given and asked, the answer that is due, and plain SQL that agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from regie.domain.metrics.query import Answer
from regie.domain.metrics.written import rows as shown
from regie.kernel.errors import RegieError
from regie.kernel.money import plain
from regie.kernel.periods import parse_period
from tests.cast import Cast, ask
from tests.dashboards.given import give, plain_sql

CASES = Path(__file__).parent / "cases"


def _cases() -> Iterator[Any]:
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            name = f"{path.stem}: {case['shows']}"
            yield pytest.param(case, id=name)


@pytest.mark.parametrize("case", list(_cases()))
def test_a_case(case: dict[str, Any], cast: Cast, tmp_path: Path) -> None:
    keys = give(cast, case, tmp_path)
    for question in case.get("asks", [case]):
        _ask_one(question, cast, keys)


def _ask_one(question: dict[str, Any], cast: Cast, keys: dict[str, int]) -> None:
    if "refused" in question:
        with pytest.raises(RegieError) as refused:
            _answer(question, cast)
        assert question["refused"] in str(refused.value)
        return
    answer = _answer(question, cast)
    if "rows" in question:
        assert _table(answer) == [_text_row(row) for row in question["rows"]]
    if "totals" in question:
        found = {name: answer.totals[name] for name in question["totals"]}
        assert _text_row(found) == _text_row(question["totals"])
    for note in question.get("notes", []):
        assert any(note in str(one) for one in answer.notes), list(map(str, answer.notes))
    for note in question.get("no_notes", []):
        assert not any(note in str(one) for one in answer.notes)
    if "provisional_from" in question:
        assert answer.provisional_from == question["provisional_from"]
    if "sql" in question:
        _agrees(answer, question["sql"], keys)


def _answer(question: dict[str, Any], cast: Cast) -> Answer:
    asked = dict(question["ask"])
    by = asked.pop("by", "")
    if "period" in asked:
        asked["period"] = parse_period(str(asked["period"]))
    person = question.get("as", "amelie")
    user = getattr(cast, person) if person != "operator" else None
    return ask(user, asked.pop("metrics"), by.split(",") if by else (), **asked)


def _table(answer: Answer) -> list[dict[str, Any]]:
    """Rows as a person reads them, without the ids beside the names."""
    return [
        {name: value for name, value in row.items() if not name.endswith("_id")}
        for row in shown(answer)
    ]


def _text_row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> Any:
    if isinstance(value, dict):
        return _text_row(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return plain(Decimal(str(value)))
    return value.isoformat() if isinstance(value, date) else str(value)


def _agrees(answer: Answer, sql: str, keys: dict[str, int]) -> None:
    """The SQL gives the asked dimensions (raw ids), the currency where it splits, the metrics."""
    accounts = {key: name for name, key in keys.items()}
    found = []
    for row in answer.rows:
        cells = [accounts.get(row[n], row[n]) if n == "account" else row[n] for n in answer.by]
        if "currency" in row and "currency" not in answer.by:
            cells.append(row["currency"])
        found.append([*cells, *(row[name] for name in answer.metrics)])
    expected = [list(row) for row in plain_sql(sql, keys)]
    assert _comparable(found) == _comparable(expected)


def _comparable(rows: list[list[Any]]) -> list[list[Any]]:
    rounded = [[_rounded(cell) for cell in row] for row in rows]
    return sorted(rounded, key=lambda row: [str(cell) for cell in row])


def _rounded(value: Any) -> Any:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return plain(Decimal(str(value)).quantize(Decimal("1e-9")))
    return value.isoformat() if isinstance(value, date) else value
