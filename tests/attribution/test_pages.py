"""Who earned it on its pages, in files and for programs: the same figures everywhere."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from regie.apps.access.context import operating
from regie.apps.attribution.services import ask
from regie.apps.tracking.models import Site
from regie.domain.attribution.models import models
from regie.domain.attribution.questions import read_question
from tests.api.test_api import call, token_of
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import DAY, JUNE, NOON, order
from tests.cast import Cast
from tests.web.test_every_page import signed_in

DAYS = "from=2026-06-01&to=2026-06-30"


@pytest.fixture
def site(cast: Cast) -> Site:
    """Three orders whose shares are thirds, a lead without consent, and who never bought."""
    forget_journals()
    made = a_site(cast.nantes, cast.chloe)
    happened = []
    for buyer in range(3):
        login = {"login": f"c-{buyer}"}
        for back, via in ((3, "social"), (2, "email"), (1, "search")):
            name = f"{buyer}-{back}"
            at = NOON - back * DAY + buyer * timedelta(minutes=1)
            happened.append(Heard(name, "page_view", at, f"cookie-{buyer}", via=via))
            happened.append(Heard(f"{name}-i", "identify", at, f"cookie-{buyer}", p=login))
        happened.append(order(f"O-{buyer}", NOON + buyer * timedelta(minutes=1), 10, **login))
    happened += [
        Heard("n", "page_view", NOON, "nobody", via="social"),
        Heard("v", "page_view", NOON, day="today", via="email"),
        Heard("l", "lead", NOON + timedelta(minutes=1), day="today"),
    ]
    publish(made, *happened)
    return made


def words(answer) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"[\s\u00a0\u202f]+", " ", text)


@pytest.mark.requirement("MEAS-3")
@pytest.mark.requirement("MEAS-4")
def test_every_model_adds_up_to_the_cent(site: Site, cast: Cast) -> None:
    text = words(signed_in(cast.chloe, "en").get(f"/attribution/?{DAYS}&show=value"))

    assert "Models side by side" in text
    total = text.split("Total")[1]
    assert total.count("€30.00") >= len(models())
    assert text.count("€10.00") >= 3  # linear: thirds of thirty


def test_the_chosen_model_and_unit_are_in_the_address(site: Site, cast: Cast) -> None:
    client = signed_in(cast.amelie, "en")

    campaigns = words(client.get(f"/attribution/?{DAYS}&unit=campaign&model=first_touch"))
    leads = words(client.get(f"/attribution/?{DAYS}&kind=lead"))
    nonsense = client.get("/attribution/?unit=x&model=y&lookback=nothing&period=z")

    assert "soldes" in campaigns
    assert "Known within their day 1" in leads
    assert nonsense.status_code == 200
    assert "is no span of time" in words(nonsense)


@pytest.mark.requirement("ID-7")
def test_the_chain_behind_markov_is_on_the_page_and_for_programs(site: Site, cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")

    text = words(client.get(f"/attribution/journeys/?{DAYS}"))
    deeper = words(client.get(f"/attribution/journeys/?{DAYS}&order=2"))
    models_ = words(client.get(f"/attribution/?{DAYS}&model=markov"))
    told = client.get(f"/attribution/steps.csv?{DAYS}").content.decode("utf-8-sig")

    assert "Email Paid Search 3 100.0%" in text
    assert "Organic Social › Email Email › Paid Search 3" in deeper
    assert "without it, 100.0% would be lost" in models_
    assert "Email,Paid Search,3,1" in told.replace(";", ",")


@pytest.mark.requirement("ID-10")
def test_journeys_are_shown_as_a_flow_and_as_a_list(site: Site, cast: Cast) -> None:
    page = signed_in(cast.chloe, "en").get(f"/attribution/journeys/?{DAYS}").content.decode()

    assert 'role="img"' in page
    assert page.count('class="ribbon') == 3
    way = re.search(r'<ol class="way">(.*?)</ol>', page, re.DOTALL)
    assert way is not None
    assert re.findall(r">([\w ]+)</span></li>", way[1]) == [
        "Organic Social",
        "Email",
        "Paid Search",
    ]


def test_a_credit_says_where_it_comes_from(site: Site, cast: Cast) -> None:
    asked = f"/attribution/explain/?{DAYS}&of=Email"
    text = words(signed_in(cast.chloe, "en").get(asked))

    assert "The 3 conversions" in text
    assert "O-2" in text
    assert text.count("33%") == 9
    assert "O-2" not in words(signed_in(cast.diane, "en").get(asked))


def test_files_and_programs_say_the_same_as_the_page(site: Site, cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    text = client.get(f"/attribution/table.csv?{DAYS}").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    given = {(row["model"], row["unit"]): row["conversion_value"] for row in rows}
    book = load_workbook(io.BytesIO(client.get(f"/attribution/table.xlsx?{DAYS}").content))
    sheet = list(book.worksheets[0].iter_rows(values_only=True))
    said = call(
        token_of(cast.chloe, cast.nantes), "/attribution", "post",
        {"first_day": "2026-06-01", "last_day": "2026-06-30"},
    ).json()  # fmt: skip
    with operating():
        document = ask(
            read_question(period=JUNE, currency=""), organisation=cast.nantes.slug,
        )  # fmt: skip

    assert given["linear", "Email"] == "10"
    assert len(sheet) == len(rows) + 1
    assert {(r["model"], r["unit"]): r["conversion_value"] for r in said["rows"]} == given
    assert json.loads(json.dumps(document)) == said
    for model in models():
        total = sum(Decimal(v) for (name, _unit), v in given.items() if name == model)
        assert total == pytest.approx(Decimal(30))


def test_the_api_refuses_nonsense_with_a_sentence(cast: Cast) -> None:
    token = token_of(cast.chloe, cast.nantes)

    for asked in ({"unit": "chanel"}, {"lookback": "ages"}, {"order": 9}, {"currency": "';-"}):
        answer = call(token, "/attribution", "post", asked)
        assert answer.status_code == 400
        assert answer.json()["message"]


def test_the_journeys_of_one_agency_are_nothing_to_an_outsider(site: Site, cast: Cast) -> None:
    client = signed_in(cast.diane, "en")

    for page in ("", "journeys/", "explain/", "table.csv", "journeys.csv"):
        text = words(client.get(f"/attribution/{page}?{DAYS}"))
        assert "Email" not in text
        assert "Paid Search" not in text
