"""Each row of the table beside itself in another period, columns of one's own, ads beside ads."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from regie.cli import main as command
from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.query import ENDS
from regie.library import Regie
from regie.web.report.columns import THEMES, offered, shown, table_kind, theme_of, themes
from regie.web.report.state import SPLITS, read_state
from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.today import today
from tests.web.test_every_page import HEADER, signed_in
from tests.web.test_explanation import text_of

pytestmark = pytest.mark.slow

TODAY = today()
NOW, THEN = TODAY - timedelta(days=3), TODAY - timedelta(days=33)
META = (
    "Début des rapports,Fin des rapports,Jour,Nom de la campagne,ID de la campagne,"
    "Nom de la publicité,ID de la publicité,Montant dépensé (EUR),Impressions,Clics (tous),Achats,"
    "Valeur de conversion des achats,Paramètre d’attribution"
)


@pytest.fixture(scope="module")
def two_months(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two campaigns stay, one is new and one is gone; one of them named no clicks before."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        lines = [
            f"Stays,1,{THEN},EUR,100.00,1000,50,4,80.00",
            f"Stays,1,{NOW},EUR,150.00,1000,60,0,90.00",
            f"Shrinks,2,{THEN},EUR,300.00,2000,0,2,50.00",
            f"Shrinks,2,{NOW},EUR,100.00,1500,30,2,20.00",
            f"Arrives,3,{NOW},EUR,70.00,500,10,1,10.00",
            f"Leaves,4,{THEN},EUR,900.00,900,90,9,90.00",
            # The whole of the period compared with is known: else nothing would be compared.
            f"Stays,1,{TODAY - timedelta(days=60)},EUR,0.00,10,0,0,0.00",
        ]
        path = folder / "google.csv"
        path.write_text("\n".join(["Campaign report", '"All time"', HEADER, *lines]) + "\n")
        bring(company.nantes, path, account="123")


def table(person: Any, query: str, language: str = "en") -> dict[str, str]:
    """The text of each row by its name, as it is read."""
    page = signed_in(person, language).get(f"/report/{query}").content.decode()
    part = page.split('id="breakdown"')[1].split("</section>")[0]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", part.split("<tbody>")[1], re.S):
        name = re.search(r'class="long"[^>]*>([^<]+)<', row)
        text = re.sub(r"<(?!td)[^>]+>", " ", row).replace("<td", " | <td")
        text = re.sub(r"<[^>]+>", " ", text)
        found[name[1] if name else "Total"] = re.sub(r"[\s\u00a0\u202f]+", " ", text)
    return found


def exported(person: Any, query: str) -> list[dict[str, str]]:
    answer = signed_in(person).get(f"/report/table.csv{query}")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_each_row_says_what_changed_with_sign_and_arrow(cast: Cast, two_months: None) -> None:
    rows = table(cast.chloe, "?split=campaign")

    assert "€150.00 ▲ +50.0%" in rows["Stays"]
    assert "€100.00 ▼ −66.7%" in rows["Shrinks"]
    assert "30 ▲ +30" in rows["Shrinks"]  # from zero no percentage can be told
    assert "€320.00 ▼ −75.4%" in rows["Total"]  # 1,300 before


def test_a_new_row_is_called_new_and_a_gone_one_does_not_vanish(
    cast: Cast, two_months: None
) -> None:
    rows = table(cast.chloe, "?split=campaign")

    assert " new " in rows["Arrives"]
    assert "▲" not in rows["Arrives"]
    assert " gone " in rows["Leaves"]
    assert "– was €900.00" in rows["Leaves"]
    assert "1 row had figures in" in text_of(cast.chloe, "/report/?split=campaign")
    french = table(cast.chloe, "?split=campaign", "fr")
    assert "disparu" in french["Leaves"]
    assert "avant : 900,00 €" in french["Leaves"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("spend_change", ["Leaves", "Shrinks", "Stays", "Arrives"]),
        ("-spend_change", ["Arrives", "Stays", "Shrinks", "Leaves"]),
        # A rate of what is new or gone did not move: it goes last whichever way one sorts.
        ("-ctr_change", ["Shrinks", "Stays"]),
        ("ctr_change", ["Stays", "Shrinks"]),
    ],
)
def test_rows_are_sorted_by_what_changed(
    cast: Cast, two_months: None, sort: str, order: Sequence[str]
) -> None:
    query = f"?split=campaign&sort={sort}"
    found = [name for name in table(cast.chloe, query) if name != "Total"]

    assert found[: len(order)] == list(order)
    assert [row["campaign"] for row in exported(cast.chloe, query)] == found


def test_without_a_comparison_nothing_is_said_to_have_changed(cast: Cast, two_months: None) -> None:
    rows = table(cast.chloe, "?split=campaign&compare=none")

    assert "Leaves" not in rows
    assert not any(mark in text for text in rows.values() for mark in "▲▼")
    assert list(exported(cast.chloe, "?split=campaign&compare=none")[0])[1:3] == [
        "spend",
        "impressions",
    ]


def test_a_period_of_which_nothing_is_known_makes_no_row_new(cast: Cast, two_months: None) -> None:
    rows = table(cast.chloe, "?split=campaign&compare=year")

    assert " new " not in rows["Stays"]
    assert "▲" not in rows["Stays"]


def test_any_days_can_be_compared_with(cast: Cast, two_months: None) -> None:
    query = f"?split=campaign&compare_from={THEN}&compare_to={THEN}"
    text = text_of(cast.chloe, f"/report/{query}")

    assert "+50.0%" in table(cast.chloe, query)["Stays"]
    assert "which is 1 day: sums stand as they are" in text
    assert exported(cast.chloe, query)[0]["spend_before"] == "100"
    wrong = text_of(cast.chloe, "/report/?compare_from=2026-02-31&compare_to=2026-03-01")
    assert "The dates of the address were not understood" in wrong


@pytest.mark.parametrize("days", ["0001-01-01..9999-12-31", "2026-01-01..2026-01-01"])
def test_a_very_long_or_short_period_compares_all_the_same(
    cast: Cast, two_months: None, days: str
) -> None:
    assert "Stays" in table(cast.chloe, f"?split=campaign&compare={days}")


def test_page_exports_api_command_and_python_compare_the_same(
    cast: Cast, two_months: None, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("regie.config.boot.start", lambda: None)
    first, last = NOW - timedelta(days=10), NOW
    names = ["spend", "clicks", "ctr", "roas_claimed"]
    capsys.readouterr()
    words = [
        "query", "--metrics", ",".join(names), "--by", "platform,campaign", "--from", str(first),
        "--to", str(last), "--currency", "EUR", "--compare", f"{THEN}..{THEN}", "--format", "json",
        "--as", "chloe@horizon.example", "--organisation", "horizon-nantes",
    ]  # fmt: skip
    assert command.main(words) == 0
    told = {row["campaign"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    query = f"?split=campaign&from={first}&to={last}&compare={THEN}..{THEN}" + "".join(
        f"&columns=delivery.{name}" for name in names
    )
    rows = exported(cast.chloe, query)
    book = load_workbook(
        io.BytesIO(signed_in(cast.chloe).get(f"/report/table.xlsx{query}").content)
    )
    header, *cells = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    sheet = {row[0]: dict(zip(header, row, strict=True)) for row in cells}

    python = Regie().query(
        metrics=names, by=["platform", "campaign"], start=first, end=last, currency="EUR",
        compare=f"{THEN}..{THEN}", person="chloe@horizon.example", organisation="horizon-nantes",
    )  # fmt: skip
    pythons = {row["campaign"]: row for row in python.to_pylist()}

    assert {row["campaign"] for row in rows} == set(told) == set(sheet)
    for row in rows:
        for name in names:
            for end in ENDS:
                said = told[row["campaign"]][f"{name}{end}"]
                assert pythons[row["campaign"]][f"{name}{end}"] == (said and Decimal(said))
                assert (row[f"{name}{end}"] or None) == said
                in_sheet = sheet[row["campaign"]][f"{name}{end}"]
                assert in_sheet == (None if said is None else pytest.approx(float(said)))
    stays = next(row for row in rows if row["campaign"] == "Stays")
    assert (stays["spend_difference"], stays["spend_change"]) == ("50", "0.5")
    assert "+50.0%" in table(cast.chloe, query)["Stays"]
    assert any("Compared with" in map(str, row) or "Comparé à" in map(str, row)
               for row in book.worksheets[1].iter_rows(values_only=True))  # fmt: skip


def test_the_program_s_answer_keeps_its_limit_and_calls_nothing_gone(
    cast: Cast, two_months: None, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("regie.config.boot.start", lambda: None)
    capsys.readouterr()
    words = [
        "query", "--metrics", "spend", "--by", "campaign", "--order=-spend", "--limit", "1",
        "--from", str(NOW), "--to", str(NOW), "--compare", f"{THEN}..{THEN}", "--currency", "EUR",
        "--format", "json", "--organisation", "horizon-nantes",
    ]  # fmt: skip
    assert command.main(words) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]

    assert [(row["campaign"], row["spend"], row["spend_before"]) for row in rows] == [
        ("Stays", "150", "100")
    ]


def test_an_outsider_is_compared_with_nothing_of_theirs(cast: Cast, two_months: None) -> None:
    page = signed_in(cast.diane, "en").get("/report/?split=campaign").content.decode()

    for secret in ("Leaves", "Arrives", "900.00"):
        assert secret not in page


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("view", ["", "results"])
def test_every_metric_that_is_known_there_can_be_a_column(split: str, view: str) -> None:
    state = read_state({"split": split, "view": view}, today=TODAY, home_currency="EUR")
    names = offered(state)

    assert len(set(names)) == len(names)
    assert set(shown(state)) <= set(names)
    assert sum(len(theme.offers) for theme in themes(state)) == len(names)
    # What a campaign's own orders, visits and calls say is asked of the results.
    if view and split in {"platform", "campaign"}:
        assert {"bounce_ga4", "bounce_single_page", "social_visit_share", "calls"} <= set(names)
        assert {"returning_share", "engagements", "cpm", "cpl", "cpc", "aov"} <= set(names)
    if split in {"platform", "account", "campaign", "ad"} and not state.shows_results:
        assert {"cpm", "cpl", "cpc", "engagements", "reach", "frequency"} <= set(names)
        assert ("orders" in names) is (split == "account")


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("view", ["", "results"])
def test_a_table_may_have_all_of_its_columns_at_once(
    cast: Cast, two_months: None, split: str, view: str
) -> None:
    state = read_state({"split": split, "view": view}, today=TODAY, home_currency="EUR")
    every = "".join(f"&columns={table_kind(state)}.{name}" for name in offered(state))
    page = signed_in(cast.amelie, "en").get(f"/report/?split={split}&view={view}{every}")
    text = page.content.decode()

    assert page.status_code == 200
    (part,) = re.findall(r'id="breakdown".*?</section>', text, re.S)
    # Without a figure at this level the table teaches what would fill it.
    has_rows = "<thead>" in part
    assert part.count('<th scope="col"') == (1 + len(offered(state)) if has_rows else 0)
    assert has_rows is (split not in {"channel", "event"})
    assert "is refused" not in text


def test_every_metric_has_a_theme() -> None:
    assert {theme_of(one) for one in metrics().values()} == set(THEMES)


def test_a_column_that_cannot_be_added_up_says_why_and_costs_nothing_else(
    cast: Cast, two_months: None
) -> None:
    query = "?split=campaign&columns=delivery.spend&columns=delivery.reach"
    page = signed_in(cast.chloe, "en").get(f"/report/{query}").content.decode()

    assert "€150.00" in page
    assert 'title="No report gives it for this row and exactly this period."' in page
    text = text_of(cast.chloe, f"/report/{query}")
    assert "Reach · No report gives it for exactly this period" in text
    assert 'title="Rows are not added up: the same person may be in several of them."' in page


def test_columns_go_back_to_the_usual_ones(cast: Cast, two_months: None) -> None:
    client = signed_in(cast.chloe, "en")
    client.get("/report/?split=campaign&columns=delivery.cpm")
    page = client.get("/report/?split=campaign").content.decode()
    heads = page.split('id="breakdown"')[1].split("<thead>")[1].split("</thead>")[0]

    assert heads.count("<th ") == 2
    (usual,) = re.findall(r'href="([^"#]+)#breakdown">The usual columns', page)
    assert client.get("/report/" + usual.replace("&amp;", "&")).content.decode().count(
        "Conversion value (claimed)"
    ) > 1  # fmt: skip


@pytest.fixture
def ads(cast: Cast, tmp_path: Path) -> None:
    """Two ads of one name, told apart by their campaign, and one that nobody bought from."""
    window = "Clic dans les 7 jours ou vue dans la journée"
    lines = [
        f"{NOW},{NOW},{NOW},{campaign},{campaign[0]},Video {name},{number},{spend},10000,{clicks},"
        f"{sales},{sales}0.00,{window}"
        for campaign, name, number, spend, clicks, sales in (
            ("1 Winter", "A", 11, "480.00", 500, 12),
            ("2 Summer", "A", 12, "950.00", 700, 16),
            ("1 Winter", "B", 13, "20.00", 4, 3),
            ("1 Winter", "C", 14, "5000.00", 400, 2),
            ("1 Winter", "D", 15, "20.00", 4, 0),
        )
    ]
    path = tmp_path / "meta.csv"
    path.write_text("\n".join([META, *lines]) + "\n", "utf-8-sig")
    bring(cast.nantes, path, account="77")


def test_two_ads_ticked_in_the_table_are_laid_side_by_side(cast: Cast, ads: None) -> None:
    page = signed_in(cast.chloe, "en").get("/report/?split=ad").content.decode()
    picks = re.findall(r'name="pick" value="([^"]+)"', page)

    assert sorted(picks) == [f"ad.meta_ads~{n}" for n in range(11, 16)]
    assert "Meta Ads · 1 Winter" in page  # ads of one name
    text = text_of(cast.chloe, "/report/compare/?pick=ad.meta_ads~11&pick=ad.meta_ads~12")
    assert "Video A · 1 Winter · Meta Ads is better" in text
    assert "Chance alone would show such a gap 3 times in 10: it may be none." in text
    assert "Both with €480.00" in text


@pytest.mark.parametrize("picks", [["ad.meta_ads~11"], ["ad.meta_ads~11", "campaign.1"],
                                   ["ad.meta_ads~11", "ad.meta_ads~12", "ad.meta_ads~13"],
                                   ["nonsense"]])  # fmt: skip
def test_other_than_two_of_a_kind_asks_for_two(cast: Cast, ads: None, picks: list[str]) -> None:
    query = "&".join(f"pick={one}" for one in picks)
    text = text_of(cast.chloe, f"/report/compare/?{query}")

    assert "Two are compared at a time" in text
    assert "is better" not in text


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (13, "less than once in 10: likely, not certain"),
        (14, "less than once in 100"),
        (15, "12 and 0"),
    ],
)
def test_how_sure_it_is_stands_beside_the_verdict(
    cast: Cast, ads: None, other: int, said: str
) -> None:
    address = "/report/compare/?level=ad&first=meta_ads~11&second=meta_ads~"

    text = text_of(cast.chloe, f"{address}{other}")
    assert said in text
    assert ("Video A is better" in text) is (other != 13)


def test_few_results_decide_nothing(cast: Cast, ads: None) -> None:
    address = "/report/compare/?level=ad&first=meta_ads~13&second=meta_ads~14"

    assert "3 and 2. That is too few to choose by" in text_of(cast.chloe, address)


def test_the_outsider_lays_no_ads_of_theirs_side_by_side(cast: Cast, ads: None) -> None:
    text = text_of(cast.diane, "/report/compare/?pick=ad.meta_ads~11&pick=ad.meta_ads~12")

    assert "Two ads are needed" in text
    assert "Video" not in text


def test_the_results_of_ads_are_what_their_platform_claims(cast: Cast, ads: None) -> None:
    text = text_of(cast.chloe, "/report/?split=ad&view=results")

    assert "beside what each platform claims for it" in text
    assert "Cost per conversion (claimed)" in text
    page = signed_in(cast.chloe, "en").get("/report/?split=ad&view=results").content.decode()
    (link,) = re.findall(r'href="(/attribution/[^"]*unit=content[^"]*)"', page)
    assert signed_in(cast.chloe, "en").get(link.replace("&amp;", "&")).status_code == 200


def test_differences_are_exact() -> None:
    from regie.domain.metrics.comparison import difference, relative, standing

    row = {"spend": Decimal("0.3"), "spend_before": Decimal("0.1"), "ctr": None, "ctr_before": 1}
    assert difference(row, "spend") == Decimal("0.2")
    assert difference(row, "ctr", "gone") is None
    assert difference({"spend": 5}, "spend", "new") == 5
    assert (relative(5, 0), relative(0, 0), relative(None, 1)) == (None, 0, None)
    assert relative(Decimal(-5), Decimal(-10)) == Decimal("0.5")
    assert standing({}, ["spend"]) == ""
