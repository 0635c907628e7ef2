"""The first report of an organisation: what it teaches, and files of older days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.cast import Cast, bring
from tests.web.test_every_page import HEADER, signed_in
from tests.web.test_explanation import TODAY, text_of

LATEST = TODAY - timedelta(days=90)


def test_files_of_older_days_are_shown_at_once(cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "google.csv"
    rows = [
        f"Marque,201,{LATEST - timedelta(days=back)},EUR,10.00,100,5,1.00,20.00" for back in (0, 1)
    ]
    file.write_text("\n".join(["Campaign report", '"All time"', HEADER, *rows]) + "\n", "utf-8")
    bring(cast.nantes, file, account="123")
    client = signed_in(cast.chloe, "en")

    answer = client.get("/report/")
    assert answer.status_code == 302
    week = f"from={LATEST - timedelta(days=6)}&to={LATEST}"
    assert answer["Location"] == f"/report/?{week}"
    page = client.get(answer["Location"]).content.decode()
    assert "The last 30 days have no figures yet: here are the last that have." in page
    assert "€20.00" in page
    # Said once, and not on each of eight cards.
    # No sale, lead or visit was brought: what platforms claim stands there rather than dashes.
    headline = page.split('class="headline"')[1].split("</ul>")[0]
    assert "No orders were imported" not in headline
    assert "Conversions (claimed)" in headline
    assert "Bring your orders, leads or visits" in page
    assert page.count("No figures in the days compared with.") == 1
    assert "Nothing to compare with." not in page

    asked = "/report/?from=2020-01-01&to=2020-01-31"
    assert "No figures between these dates" in text_of(cast.chloe, asked)
    assert client.get("/report/?period=last_month").status_code == 200


def test_before_any_file_the_report_says_how_to_begin(cast: Cast) -> None:
    page = signed_in(cast.diane, "en").get("/report/").content.decode()

    assert "Your figures will stand here" in page
    for address in ("/imports/", "/planner/new/", "/objectives/new/", "/sites/"):
        assert f'href="{address}"' in page.split("<main")[1].split("</main>")[0]
    assert "Compared with" not in page
