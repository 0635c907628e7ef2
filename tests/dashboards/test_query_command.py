"""``regie query`` as programs use it: exact JSON, and a sentence with exit 2 for what is wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from regie.apps.access.context import operating
from regie.apps.audit.models import AuditLine
from regie.cli.main import main
from tests.cast import Cast
from tests.installation import Installation, new_installation
from tests.lasting import Lasting

pytestmark = pytest.mark.slow

GOOGLE = """Campaign report
"August 31, 2026 - September 2, 2026"
Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value
Brand,11,2026-08-31,EUR,"1,000.10",1000,10,1,50
Brand,11,2026-09-01,EUR,20,500,5,0,0
"=1+1",12,2026-09-02,EUR,30.5,300,3,2.5,99.9
"""
META = (
    "Reporting starts,Reporting ends,Day,Campaign name,Campaign ID,Amount spent (USD),Impressions\n"
    "2026-09-01,2026-09-01,2026-09-01,Reach,77,40,900\n"
)
ORDERS = """order_id,ordered_at,currency,revenue,campaign
a,2026-09-01T10:00:00+02:00,EUR,100,Brand
b,2026-09-02T10:00:00+02:00,EUR,60.5,
"""
RATES = "date,from,to,rate\n2026-09-01,USD,EUR,0.9\n"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("files")
    texts = {"g.csv": GOOGLE, "m.csv": META, "o.csv": ORDERS, "r.csv": RATES}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


@pytest.fixture(scope="module")
def imported(lasting: Lasting, company: Cast, files: list[Path]) -> None:
    with lasting():
        assert main(["import", *map(str, files), "--organisation", company.network.slug]) == 0


@pytest.fixture(scope="module")
def home(files: list[Path]) -> Iterator[Installation]:
    """The same in an installation, whose commands are processes."""
    with new_installation() as made:
        made.run("import", *files)
        yield made


@dataclass
class Said:
    """What the command says in this process."""

    capsys: pytest.CaptureFixture[str]

    def text(self, *arguments: str) -> str:
        self.capsys.readouterr()
        assert main(["query", *arguments]) == 0
        return self.capsys.readouterr().out

    def json(self, *arguments: str) -> Any:
        return json.loads(self.text(*arguments, "--format", "json"))

    def refusal(self, *arguments: str) -> str:
        self.capsys.readouterr()
        try:
            status = main(["query", *arguments])
        except SystemExit as ended:
            status = int(str(ended.code))
        said = self.capsys.readouterr()
        assert (status, said.out) == (2, "")
        return said.err


@pytest.fixture
def said(imported: None, db: None, capsys: pytest.CaptureFixture[str]) -> Said:
    return Said(capsys)


def query(home: Installation, *arguments: str) -> Any:
    return home.json("query", *arguments, "--format", "json")


def test_json_has_the_promised_keys_and_exact_decimals(home: Installation) -> None:
    answer = query(home, "--metrics", "spend,clicks,ctr", "--by", "platform")

    assert {"metrics", "by", "rows", "totals", "currency", "freshness"} <= set(answer)
    assert answer["metrics"] == ["spend", "clicks", "ctr"]
    assert answer["by"] == ["platform"]
    assert answer["currency"] is None
    assert answer["rows"][0] == {
        "platform": "google_ads", "currency": "EUR", "spend": "1050.6", "clicks": "18",
        "ctr": "0.01",
    }  # fmt: skip
    assert answer["totals"]["spend"] == {"EUR": "1050.6", "USD": "40"}
    assert {source["platform"] for source in answer["freshness"]} == {"google_ads", "meta_ads"}


def test_names_may_stand_apart_and_the_largest_come_first(said: Said) -> None:
    answer = said.json(
        "--metrics", "spend, clicks", "--by", " campaign ,date", "--currency", "EUR", "--where",
        "platform=google_ads", "--order", "-spend", "--limit", "2",
    )  # fmt: skip

    assert [row["spend"] for row in answer["rows"]] == ["1000.1", "30.5"]
    assert (answer["metrics"], answer["by"]) == (["spend", "clicks"], ["campaign", "date"])


def test_with_a_currency_money_is_one_value(said: Said) -> None:
    answer = said.json("--metrics", "spend", "--currency", "eur", "--from", "2026-09-01")

    assert answer["currency"] == "EUR"
    assert answer["totals"] == {"spend": "86.5"}
    assert answer["rows"] == [{"spend": "86.5"}]


def test_months_are_written_as_months(said: Said) -> None:
    answer = said.json("--metrics", "clicks", "--by", "month", "--where", "platform=google_ads")

    assert answer["rows"] == [
        {"month": "2026-08", "clicks": "10"}, {"month": "2026-09", "clicks": "8"},
    ]  # fmt: skip


def test_a_period_is_compared_with_another(said: Said) -> None:
    answer = said.json(
        "--metrics", "clicks", "--from", "2026-09-01", "--to", "2026-09-01",
        "--where", "platform=google_ads", "--compare", "previous",
    )  # fmt: skip

    assert answer["rows"] == [
        {"clicks": "5", "clicks_before": "10", "clicks_difference": "-5", "clicks_change": "-0.5"}
    ]
    assert answer["totals"] == answer["rows"][0]
    assert answer["compared_with"] == "2026-08-31..2026-08-31"


def test_what_changed_is_said_for_the_eye_in_points_and_percent(said: Said) -> None:
    text = said.text(
        "--metrics", "clicks,ctr", "--from", "2026-09-01", "--to", "2026-09-01",
        "--where", "platform=google_ads", "--compare", "previous",
    )  # fmt: skip
    csv_text = said.text(
        "--metrics", "ctr", "--from", "2031-09-01", "--to", "2031-09-01", "--by", "platform",
        "--compare", "previous", "--format", "csv",
    )  # fmt: skip

    heads, figures = (" ".join(line.split()) for line in text.splitlines()[:2])
    assert heads.endswith("ctr ctr_before ctr_difference ctr_change")
    assert figures == "5 10 -5 -50.0 % 1.00 % 1.00 % +0.00 pt +0.0 %"
    assert csv_text.split() == ["platform,ctr,ctr_before,ctr_difference,ctr_change"]


def test_csv_says_what_json_says_and_runs_in_no_spreadsheet(said: Said) -> None:
    question = ("--metrics", "spend,cpa,orders", "--by", "campaign")
    rows = said.json(*question)["rows"]
    text = said.text(*question, "--format", "csv")

    found = list(csv.DictReader(io.StringIO(text)))
    assert [row["campaign"] for row in found] == ["'=1+1", "Brand", "Reach", ""]
    assert [row["spend"] for row in found] == [row["spend"] or "" for row in rows]
    assert found[1]["cpa"] == "1020.1"


def test_a_table_rounds_for_the_eye_only(said: Said) -> None:
    text = said.text("--metrics", "spend,ctr,cpc", "--by", "platform", "--currency", "EUR")

    assert "google_ads 1050.60 1.00 % 58.37" in " ".join(text.split())


def test_csv_without_rows_still_has_its_header(said: Said) -> None:
    text = said.text("--metrics", "spend", "--by", "campaign", "--from", "2031-01-01",
                    "--format", "csv")  # fmt: skip

    assert text.splitlines() == ["campaign,campaign_id,currency,spend"]


def test_python_gives_the_same_rows(home: Installation) -> None:
    script = (
        "import json, regie\n"
        "figures = regie.open()\n"
        "table = figures.query(metrics=['spend', 'clicks', 'ctr'], by=['campaign', 'date'])\n"
        "assert table.equals(figures.query(metrics='spend,clicks,ctr', by='campaign,date'))\n"
        "print(json.dumps(table.to_pylist(), default=str))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], env=home.environment, capture_output=True, text=True,
        timeout=120, check=True,
    )  # fmt: skip
    rows = query(home, "--metrics", "spend,clicks,ctr", "--by", "campaign,date")["rows"]

    assert [_exact(row) for row in json.loads(done.stdout)] == [_exact(row) for row in rows]


EVERYTHING = (
    "import sys, pyarrow as pa, regie\n"
    "from regie.domain.metrics.dimensions import DIMENSIONS\n"
    "figures = regie.open()\n"
    "for by in [*((name,) for name in DIMENSIONS), ()]:\n"
    "    for names in (['spend', 'clicks'], ['clicks', 'ctr']):\n"
    "        asked = dict(metrics=names, by=by, where='platform=google_ads')\n"
    "        some = figures.query(**asked)\n"
    "        none = figures.query(**asked, start='2031-01-01')\n"
    "        assert none.column_names == some.column_names, (by, names)\n"
    "        for one, other in zip(some.schema, none.schema):\n"
    "            decimals = pa.types.is_decimal(one.type) and pa.types.is_decimal(other.type)\n"
    "            assert decimals or one.type == other.type, (by, one, other)\n"
    "        print(len(some), len(none))"
)


def test_python_gives_every_column_its_type_without_a_row_too(home: Installation) -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERYTHING], env=home.environment, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-900:]
    counts = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert sum(some for some, _none in counts) >= 40
    assert sum(none for _some, none in counts) <= 2  # without anything to split by, one row


@pytest.mark.parametrize("as_person", [False, True])
def test_what_the_operator_reads_is_told_once_and_what_a_person_reads_not_at_all(
    cast: Cast, said: Said, as_person: bool
) -> None:
    before = _told(cast)
    for _time in range(2):
        said.json(
            "--metrics", "spend,clicks,ctr", "--by", "platform,campaign", "--compare", "previous",
            "--from", "2026-09-01", "--to", "2026-09-02",
            *(["--as", cast.chloe.email] if as_person else ["--organisation", "horizon"]),
        )  # fmt: skip

    new = _told(cast)[len(before) :]
    asked = {"metrics": ["spend", "clicks", "ctr"]}
    line = ("dashboards.queried", cast.network.pk, None, "local operator", asked)
    assert new == ([] if as_person else [line] * 2)


def test_the_operator_is_heard_in_every_network_that_he_reads(cast: Cast, said: Said) -> None:
    before = _told(cast)

    said.json("--metrics", "spend")

    new = _told(cast)[len(before) :]
    assert sorted(line[1] for line in new) == sorted([cast.network.pk, cast.studio.pk])


def test_a_question_that_is_refused_is_told_of_nobody(cast: Cast, said: Said) -> None:
    before = _told(cast)

    said.refusal("--metrics", "spent")
    said.refusal("--metrics", "spend", "--organisation", "nowhere")
    said.refusal("--metrics", "spend", "--as", "nobody@horizon.example")

    assert _told(cast) == before


def _told(cast: Cast) -> list[tuple[Any, ...]]:
    """Every line of every journal, in its order."""
    with operating():
        found = AuditLine.objects.order_by("pk")
        return [(e.action, e.organisation_id, e.actor_id, e.actor, e.details) for e in found]


def _exact(row: dict[str, Any]) -> dict[str, Any]:
    numbers = ("spend", "clicks", "ctr")
    return {k: Decimal(str(v)) if k in numbers and v is not None else v for k, v in row.items()}


WRONG = {
    "an unknown metric": (["--metrics", "spent"], "Did you mean spend?"),
    "no metric": (["--metrics", ""], "No metric"),
    "an unknown dimension": (["--metrics", "spend", "--by", "platfrom"], "Did you mean platform?"),
    "an unknown filter": (["--metrics", "spend", "--where", "x=1"], "cannot be split by “x”"),
    "a filter without a value": (["--metrics", "spend", "--where", "platform"], "not a filter"),
    "a day that is none": (["--metrics", "spend", "--from", "2026-02-30"], "not a day"),
    "a period backwards": (
        ["--metrics", "spend", "--from", "2026-09-02", "--to", "2026-09-01"], "before it starts",
    ),
    "a currency that is none": (["--metrics", "spend", "--currency", "CAN"], "not a currency"),
    "an attack as a currency": (
        ["--metrics", "spend", "--currency", "EUR'; DROP TABLE x--"], "not a currency",
    ),
    "an attack as a dimension": (["--metrics", "spend", "--by", "1; DROP TABLE x"], "split by"),
    "an attack as a metric": (["--metrics", "spend) FROM x; --"], "no metric"),
    "an unknown organisation": (["--metrics", "spend", "--organisation", "nobody"], "nobody"),
    "an unknown person": (["--metrics", "spend", "--as", "nobody@example.org"], "no person"),
    "less than no rows": (["--metrics", "spend", "--limit", "-1"], "cannot be negative"),
    "an order by what is not asked": (["--metrics", "spend", "--order", "ctr"], "sorted"),
    "a time that is none": (["--metrics", "spend", "--as-of", "monday"], "not a time"),
    "a comparison of all days": (["--metrics", "spend", "--compare", "year"], "All days"),
    "days as a filter": (["--metrics", "spend", "--where", "date=2026-09-01"], "period"),
    "an unknown level": (["--metrics", "spend", "--where", "level=campagn"], "no level"),
    "the sum of people": (["--metrics", "reach", "--by", "platfor"], "split by"),
    "a limit that is no number": (["--metrics", "spend", "--limit", "ten"], "invalid int"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_gets_a_sentence_and_exit_2(said: Said, name: str) -> None:
    arguments, sentence = WRONG[name]

    assert sentence in said.refusal(*arguments)


def test_an_attack_as_a_value_finds_nothing(said: Said) -> None:
    for dimension in ("platform", "campaign", "account", "channel"):
        values = "' OR 1=1 --,google_ads') OR ('1'='1,%,\\,é\u202f💶"
        answer = said.json("--metrics", "clicks,visits", "--where", f"{dimension}={values}")
        assert answer["rows"] == []


def test_a_process_ends_with_2_and_without_a_trace(home: Installation) -> None:
    done = subprocess.run(
        home.command("query", "--metrics", "spent"), env=home.environment, capture_output=True,
        text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean spend?" in done.stderr
    assert "Traceback" not in done.stderr


def test_yesterdays_answer_is_still_there(said: Said) -> None:
    assert said.json("--metrics", "spend", "--as-of", "2020-01-01")["rows"] == []


def test_a_question_leaves_its_line_in_the_journal(home: Installation) -> None:
    script = (
        "import django; from regie.config.boot import start; start()\n"
        "from regie.apps.access.context import operating\n"
        "from django.db import connection\n"
        "with operating():\n"
        "    with connection.cursor() as c:\n"
        '        c.execute("SELECT count(*) FROM audit_auditline")\n'
        "        print(c.fetchone()[0])"
    )
    environment = {**os.environ, **home.environment}
    query(home, "--metrics", "spend")
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert int(done.stdout or 0) > 0, done.stderr
