"""The table of the report: rows sought by name, opened in place, and exported as they stand."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest

from regie.web.report.state import MOST_OPEN, read_state
from regie.web.report.unfolding import inner, turned
from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.today import today
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

TODAY = today()
HEADER = "Campaign,Campaign ID,Ad group,Ad group ID,Day,Currency code,Cost,Impr.,Clicks"


@pytest.fixture(scope="module")
def groups(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two accounts, campaigns and ad groups with a cost of their own each."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        for account, first in (("111-111-1111", 1), ("222-222-2222", 100)):
            rows = [
                f"{name} {account[0]},{number + first},{name} groupe {group},{10 * number + group},"
                f"{TODAY - timedelta(days=3)},EUR,{first * number + group}.00,100,5"
                for number, name in ((1, "Été"), (2, "Hiver"))
                for group in (1, 2)
            ]
            path = folder / f"google-{first}.csv"
            path.write_text(
                "\n".join(["Ad group report", '"All time"', HEADER, *rows]) + "\n", "utf-8"
            )
            bring(company.nantes, path, account=account)


def table(person, query: str, **headers: str) -> str:
    answer = signed_in(person, "en").get(f"/report/{query}", headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def names(page: str) -> list[tuple[int, str]]:
    """How deep each row stands, and its name."""
    body = re.search(r"<tbody>(.*?)</tbody>", page[page.index('id="breakdown"') :], re.S)[1]
    found = []
    for row in re.findall(r"<tr.*?</tr>", body, re.S):
        depth = re.search(r"depth-(\d)", row)
        head = re.sub(r'<span class="only-read">.*?</span>|<span class="sub">.*?</span>', "",
                      re.search(r"<th.*?</th>", row, re.S)[0])  # fmt: skip
        text = re.sub(r"<[^>]+>", "", head).strip()
        found.append((int(depth[1]) if depth else 0, text))
    return found


def fold_of(page: str, name: str) -> str:
    """The address that opens or closes the row called ``name``."""
    found = re.search(rf'href="([^"#]+)#row-\d+"[^>]*aria-label="[^"]*inside {name}"', page)
    assert found, name
    return found[1].replace("&amp;", "&")


@pytest.mark.requirement("DASH-12")
def test_rows_open_in_place_as_deep_as_one_likes_and_close_again(cast: Cast, groups: None) -> None:
    page = table(cast.chloe, "")
    assert names(page) == [(0, "Google Ads")]

    page = table(cast.chloe, fold_of(page, "Google Ads"))
    assert names(page) == [(0, "Google Ads"), (1, "222-222-2222"), (1, "111-111-1111")]
    page = table(cast.chloe, fold_of(page, "222-222-2222"))
    page = table(cast.chloe, fold_of(page, "Hiver 2"))
    assert names(page) == [
        (0, "Google Ads"), (1, "222-222-2222"), (2, "Hiver 2"), (3, "Hiver groupe 2"),
        (3, "Hiver groupe 1"), (2, "Été 2"), (1, "111-111-1111"),
    ]  # fmt: skip
    # What was inside closes along, and does not come back by itself.
    page = table(cast.chloe, fold_of(page, "Google Ads"))
    assert names(page) == [(0, "Google Ads")]
    assert len(names(table(cast.chloe, fold_of(page, "Google Ads")))) == 3


def test_what_is_inside_a_row_adds_up_to_it_and_is_explained(cast: Cast, groups: None) -> None:
    page = table(cast.chloe, fold_of(table(cast.chloe, "?split=account"), "222-222-2222"))
    cells = re.findall(
        r'with-bar"><a class="why" data-explains href="([^"]+)"[^>]*>€([\d.,]+)', page
    )

    # The account, its two campaigns, and the other account: 403 + 203 is 606.
    assert [amount for _link, amount in cells] == ["606.00", "403.00", "203.00", "12.00"]
    explained = signed_in(cast.chloe, "en").get("/report/" + cells[1][0].replace("&amp;", "&"))
    assert "€403.00" in explained.content.decode()


def test_a_row_that_opens_says_so_to_those_who_do_not_see_it(cast: Cast, groups: None) -> None:
    closed = table(cast.chloe, "")
    opened = table(cast.chloe, fold_of(closed, "Google Ads"))

    assert 'aria-expanded="false" aria-label="Show what is inside Google Ads"' in closed
    assert 'aria-expanded="true" aria-label="Hide what is inside Google Ads"' in opened
    assert '<span class="only-read">Google Ads › </span>' in opened


@pytest.mark.parametrize("sought", ["été", "ETE", "te 2"])
def test_a_name_is_found_whatever_its_accents(cast: Cast, groups: None, sought: str) -> None:
    page = table(cast.chloe, f"?split=campaign&find={sought}")
    found = [name for _depth, name in names(page)]

    assert found == (["Été 2"] if "2" in sought else ["Été 2", "Été 1"])
    assert f"of 4 ha{'s' if '2' in sought else 've'} “{sought}”" in page
    assert "Total of all rows" in page


def test_the_export_has_the_rows_that_are_sought_in_the_order_of_the_page(
    cast: Cast, groups: None
) -> None:
    answer = signed_in(cast.chloe).get("/report/table.csv?split=campaign&find=hiver&sort=spend")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert [(row["campaign"], row["spend"]) for row in rows] == [
        ("Hiver 1", "7"),
        ("Hiver 2", "403"),
    ]


def test_nothing_found_says_so_and_what_to_do(cast: Cast, groups: None) -> None:
    page = table(cast.chloe, "?split=campaign&find=automne")

    assert "No row has this name" in page
    assert "Show all rows" in page
    assert 'value="automne"' in page


def test_the_table_comes_alone_where_only_it_changes(cast: Cast, groups: None) -> None:
    answer = signed_in(cast.chloe).get("/report/?find=goo", headers={"HX-Target": "breakdown"})
    part = answer.content.decode()

    assert part.lstrip().startswith('<section class="panel" id="breakdown"')
    assert "Google Ads" in part
    assert answer["Cache-Control"] == "no-store"


def test_another_table_begins_anew(cast: Cast, groups: None) -> None:
    state = read_state(
        dict(parse_qsl("find=x&open=google_ads&sort=-clicks&page=2")), today=TODAY,
        home_currency="EUR",
    )  # fmt: skip

    assert state.into("platform", "meta_ads").address() == "?platform=meta_ads"
    assert "open=google_ads" in state.address(preset="this_month")
    assert "open" not in state.only("platform", "meta_ads").address()


def test_only_so_many_rows_are_open_at_once() -> None:
    opened: tuple[str, ...] = ()
    for number in range(MOST_OPEN + 5):
        opened = turned(opened, f"p{number}")

    assert len(opened) == MOST_OPEN
    assert turned(("a", "a~b", "ab"), "a") == ("ab",)


@pytest.mark.parametrize("query", ["split=channel", "split=organisation", "split=ad",
                                   "split=account&view=results"])  # fmt: skip
def test_some_rows_have_no_inside(query: str) -> None:
    state = read_state(dict(parse_qsl(query)), today=TODAY, home_currency="EUR")

    if state.shows_results or state.shown_split != "account":
        assert inner(state, "x", "google_ads") is None


def test_an_outsider_opens_nothing(cast: Cast, groups: None) -> None:
    page = table(cast.diane, "?open=google_ads&find=ete&split=campaign")

    for secret in ("Été", "Hiver", "222-222"):
        assert secret not in page.split('id="breakdown"')[-1]


def test_an_account_says_whose_it_is_where_there_are_several(cast: Cast, groups: None) -> None:
    address = "?split=account"

    assert "Google Ads · Horizon Nantes" in table(cast.amelie, address)
    assert "Horizon Nantes</span>" not in table(cast.chloe, address).split('id="breakdown"')[1]
