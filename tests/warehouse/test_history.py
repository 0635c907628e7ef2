"""Any sequence of imports, undos, repeats, compaction, cleaning and rebuilding, against a model.

The model is a list of imports: what is shown of a day is what the last standing import that
speaks of it says.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from regie.apps.access.context import operating
from regie.apps.access.selectors import scope_of
from regie.apps.connections import services
from regie.apps.dashboards.selectors import answer
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.services import create_organisation
from regie.domain.facts import TABLES
from regie.domain.metrics.planning import parse
from regie.kernel import clock
from regie.kernel.errors import NotFound
from regie.postgres.urls import access
from regie.warehouse import catalogue
from regie.warehouse.lake import reading
from tests.cast import bring

START, DAYS = date(2026, 8, 25), 14  # two months
ACCOUNTS = ("111-111-1111", "222-222-2222")
HEADERS = {
    "campaign": "Customer ID,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks",
    "ad_group": (
        "Customer ID,Campaign,Campaign ID,Ad group,Ad group ID,Day,Currency code,Cost,Impr.,Clicks"
    ),
}
ROWS = {
    "campaign": "{account},C,1,{day},EUR,{cost},10,1",
    "ad_group": "{account},C,1,G,2,{day},EUR,{cost},10,1",
}
Cell = tuple[str, str, int]  # account, level, day
numbers = itertools.count(1)


@dataclass(frozen=True)
class Sent:
    """One file: days of an account at a level, each with the same cost."""

    account: str
    level: str
    first: int
    days: int
    cost: int

    def speaks_of(self) -> dict[Cell, int]:
        days = range(self.first, self.first + self.days)
        return {(self.account, self.level, day): self.cost for day in days}

    def write(self, folder: Path) -> Path:
        path = folder / f"{self.account}-{self.level}-{self.first}-{self.days}-{self.cost}.csv"
        lines = [
            ROWS[self.level].format(
                account=self.account, day=START + timedelta(days=day), cost=self.cost
            )
            for day in range(self.first, self.first + self.days)
        ]
        path.write_text("\n".join([HEADERS[self.level], *lines]) + "\n", encoding="utf-8")
        return path


@dataclass
class Standing:
    """An import that was published and not taken back."""

    number: int
    sent: Sent


@dataclass
class Model:
    imports: list[Standing] = field(default_factory=list)

    def shown(self) -> dict[Cell, int]:
        found: dict[Cell, int] = {}
        for one in self.imports:
            found |= one.sent.speaks_of()
        return found

    def bring(self, sent: Sent, number: int) -> None:
        """A repeat of what is shown unchanged does nothing: it has the number of the first time."""
        if all(one.number != number for one in self.imports):
            self.imports.append(Standing(number, sent))

    def undoable(self) -> list[Standing]:
        """Of the same file sent twice, the later one."""
        last = {one.sent: one for one in self.imports}
        return list(last.values())


class History(RuleBasedStateMachine):
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        with operating():
            name = f"history-{next(numbers)}"
            self.organisation: Organisation = create_organisation(
                actor=None, name=name, slug=name, parent=None
            )
        self.model = Model()
        self.past: list[tuple[datetime, dict[Cell, int]]] = []
        self.kept_since = clock.now()

    @rule(
        account=st.sampled_from(ACCOUNTS),
        level=st.sampled_from(list(HEADERS)),
        first=st.integers(0, DAYS - 1),
        days=st.integers(1, DAYS),
        cost=st.integers(1, 3),
    )
    def bring(self, account: str, level: str, first: int, days: int, cost: int) -> None:
        sent = Sent(account, level, first, min(days, DAYS - first), cost)
        (record,) = bring(self.organisation, sent.write(self.folder))
        self.model.bring(sent, record.pk)

    @precondition(lambda self: self.model.imports)
    @rule(choice=st.integers(0, 99))
    def repeat(self, choice: int) -> None:
        sent = self.model.imports[choice % len(self.model.imports)].sent
        (record,) = bring(self.organisation, sent.write(self.folder))
        self.model.bring(sent, record.pk)

    @precondition(lambda self: self.model.imports)
    @rule(choice=st.integers(0, 99))
    def undo(self, choice: int) -> None:
        undoable = self.model.undoable()
        chosen = undoable[choice % len(undoable)]
        services.undo_import(actor=None, import_id=chosen.number)
        self.model.imports.remove(chosen)

    @rule()
    def compact(self) -> None:
        services.compact(at_least=2)

    @rule()
    def clean(self) -> None:
        services.clean(keep_days=0, grace_s=0)
        self.kept_since = clock.now()

    @rule()
    def rebuild(self) -> None:
        assert services.rebuild().differing == []

    @rule()
    def remember(self) -> None:
        self.past.append((clock.now(), self.figures()))

    def figures(self, **query: Any) -> dict[Cell, int]:
        return {
            (row["account_id"], row["level"], (row["date"] - START).days): int(row["spend"])
            for row in self.rows(["account", "level", "date"], **query)
        }

    def rows(self, by: list[str], **query: Any) -> list[dict[str, Any]]:
        with operating():
            scope = scope_of([self.organisation])
            return answer(parse(metrics=["spend"], by=by), scope, **query).rows

    @invariant()
    def figures_are_those_of_the_model(self) -> None:
        assert self.figures() == self.model.shown()

    @invariant()
    def each_day_of_an_account_is_answered_by_one_level(self) -> None:
        costs: dict[tuple[str, int], set[int]] = {}
        for (account, _level, day), cost in self.model.shown().items():
            costs.setdefault((account, day), set()).add(cost)
        rows = self.rows(["account", "date"])
        found = {(row["account_id"], (row["date"] - START).days): row["spend"] for row in rows}
        assert found.keys() == costs.keys()
        assert all(spend in costs[place] for place, spend in found.items())

    @invariant()
    def months_add_their_days_up(self) -> None:
        wanted: dict[tuple[str, str], int] = {}
        for (account, level, _day), cost in self.model.shown().items():
            wanted[account, level] = wanted.get((account, level), 0) + cost
        for by in ("campaign", "platform"):
            rows = self.rows(["account", "level", by])
            assert {(r["account_id"], r["level"]): int(r["spend"]) for r in rows} == wanted

    @invariant()
    def the_past_is_what_was_shown_then_or_no_longer_kept(self) -> None:
        for moment, figures in self.past:
            try:
                assert self.figures(as_of=moment) == figures
            except NotFound:
                assert moment < self.kept_since


def torment(folder: Path, *, examples: int, steps: int) -> None:
    History.folder = folder
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            phases=[Phase.generate],  # a failing sequence is short enough as it is
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_any_sequence_shows_what_the_model_shows(transactional_db: None, tmp_path: Path) -> None:
    torment(tmp_path, examples=8, steps=12)


@pytest.mark.long
def test_many_sequences_show_what_the_model_shows(transactional_db: None, tmp_path: Path) -> None:
    torment(tmp_path, examples=100, steps=40)


def test_months_published_before_there_were_rollups_by_month_are_in_them(
    transactional_db: None, tmp_path: Path
) -> None:
    with operating():
        organisation = create_organisation(actor=None, name="Older", slug="older", parent=None)
    sent = [Sent(ACCOUNTS[0], "campaign", 0, 7, 1), Sent(ACCOUNTS[0], "campaign", 7, 7, 2)]
    question = parse(metrics=["spend"], by=["campaign"])
    bring(organisation, sent[0].write(tmp_path))  # August; the next one is of September
    with operating():
        scope = scope_of([organisation])
        with connection.cursor() as database:
            database.execute("DELETE FROM warehouse_content WHERE table_name LIKE '%_by_month'")
        assert answer(question, scope).totals == {"spend": {"EUR": 7}}

    bring(organisation, sent[1].write(tmp_path))

    with operating():
        snapshot = catalogue.snapshot(connection.connection)
        assert snapshot.files("performance_by_campaign_by_month")
        assert answer(question, scope).totals == {"spend": {"EUR": 7 + 14}}


def test_cleaning_waits_for_who_reads(transactional_db: None, tmp_path: Path) -> None:
    """A reader that has pinned its version reads all of it, however much is cleaned meanwhile."""
    with operating():
        organisation = create_organisation(actor=None, name="Pins", slug="pins", parent=None)
    sent = [Sent(ACCOUNTS[0], "campaign", 0, DAYS, cost) for cost in (1, 2)]
    bring(organisation, sent[0].write(tmp_path))
    services.compact(at_least=1)  # now no import names the published files
    with psycopg.connect(access("app").dsn()) as reader:
        pinned = catalogue.snapshot(reader)
        catalogue.pin(reader, pinned.version)
        bring(organisation, sent[1].write(tmp_path))
        services.clean(keep_days=0, grace_s=0)
        assert _cost(pinned) == DAYS
    assert services.clean(keep_days=0, grace_s=0) > 0
    with pytest.raises(duckdb.IOException):
        _cost(pinned)


def _cost(snapshot: catalogue.Snapshot) -> int:
    paths = [services.lake().absolute(file.path) for file in snapshot.files("performance")]
    schema = TABLES["performance"].schema
    return int(duckdb.sql(f"SELECT sum(spend) FROM {reading(paths, schema)}").fetchall()[0][0])
