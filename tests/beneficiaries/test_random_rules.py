"""Random rules: every door says what a small model says, of spend and of what it brought.

Each row is worth a power of two, so that a sum tells which rows are in it.
"""

from __future__ import annotations

import csv
import io
import json
from contextlib import redirect_stdout
from datetime import date
from decimal import Decimal
from fnmatch import fnmatch
from random import Random

import pytest
from django.db import connection

from regie.apps.access.context import acting_as
from regie.apps.accounts.models import User
from regie.apps.beneficiaries.services import NewRule
from regie.cli.main import main
from tests.api.test_api import call, token_of
from tests.beneficiaries.given import groups, ruled
from tests.beneficiaries.test_traffic import told
from tests.cast import Cast, ask
from tests.lasting import Lasting
from tests.web.test_every_page import signed_in

DAYS = [date(2026, 10, 1), date(2026, 10, 2)]
CAMPAIGNS = {"21": "Search Nantes", "31": "Search Rennes", "41": "Brand Ouest"}
GROUPS = {"211": "21", "212": "21", "311": "31", "411": "41", "412": "41"}
PLACES = ("", "Centre", "Gare")
SERVED = ("horizon-nantes", "horizon-rennes", "horizon-ouest", "horizon")
# What visits write as their campaign, and whose it is by the ads' names.
WRITTEN = {"search-nantes": "21", "Search Rennes": "31", "41": "41", "newsletter": "", "": ""}
ADS = [(group, day) for group in GROUPS for day in DAYS]
VISITS = [(written, place, day) for written in WRITTEN for place in PLACES for day in DAYS]


@pytest.fixture(scope="module")
def accounts(
    lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, int]:
    """The ad account and the site that the network shares."""
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        ads = groups(folder, company.network, *(
            (CAMPAIGNS[GROUPS[group]], GROUPS[group], f"Group {group}", group, str(day),
             f"{2**n}.00")
            for n, (group, day) in enumerate(ADS)
        ))  # fmt: skip
        site = told(folder, company.network, "visits.csv",
                    "date,source,campaign,location,visits\n" + "".join(
                        f"{day},google,{written},{place},{2**n}\n"
                        for n, (written, place, day) in enumerate(VISITS)))  # fmt: skip
        return ads, site


def a_rule(random: Random, *, of_site: bool) -> NewRule:
    days = random.choice([(None, None), (DAYS[1], None), (None, DAYS[0]), (DAYS[0], DAYS[0])])
    serves = random.choice(SERVED)
    if of_site and random.random() < 0.5:
        value = random.choice(["centre", "Gare", "*a*"])
        return NewRule("location", "pattern" if "*" in value else "name", value, serves, *days)
    if not of_site and random.random() < 0.4:
        return NewRule("ad_group", "id", random.choice([*GROUPS]), serves, *days)
    written = [*WRITTEN][:-1] if of_site else [*CAMPAIGNS.values()]
    value = random.choice([*written, "*search*", "*n*", "*ouest*"])
    return NewRule("campaign", "pattern" if "*" in value else "name", value, serves, *days)


def whom(rules: list[NewRule], level: str, value: str, name: str, day: date) -> str | None:
    """The beneficiary of the rule that counts: by id, by name, then the longest pattern …"""
    found = []
    for number, rule in enumerate(rules):
        wanted, is_named = rule.value.lower(), rule.way != "pattern"
        fits = (
            wanted == value if rule.way == "id"
            else wanted == name.lower() if is_named else fnmatch(name.lower(), wanted)
        )  # fmt: skip
        holds = (rule.starts or day) <= day <= (rule.ends or day)
        if rule.level == level and value and fits and holds:
            letters = 0 if is_named else len(wanted.replace("*", ""))
            begins = rule.starts.toordinal() if rule.starts else 0
            place = (["id", "name", "pattern"].index(rule.way), -letters, -begins, number)
            found.append((place, rule.beneficiary))
    return min(found)[1] if found else None


class Model:
    """Who is served by each row of ads and of visits."""

    def __init__(self, ads: list[NewRule], site: list[NewRule]) -> None:
        divided = {GROUPS[rule.value] for rule in ads if rule.level == "ad_group"}
        self.ads = {}
        for group, day in ADS:
            one = GROUPS[group]
            own = whom(ads, "ad_group", group, f"Group {group}", day)
            self.ads[group, day] = own or whom(ads, "campaign", one, CAMPAIGNS[one], day)
        self.visits = {}
        for written, place, day in VISITS:
            advertised = WRITTEN[written]
            said = whom(site, "location", place, place, day)
            said = said or whom(site, "campaign", written, written, day)
            if not said and advertised and advertised not in divided:
                said = whom(ads, "campaign", advertised, CAMPAIGNS[advertised], day)
            self.visits[written, place, day] = said

    def sums(self, among: set[str | None] | None) -> tuple[int, int]:
        return (
            sum(2**n for n, one in enumerate(ADS) if among is None or self.ads[one] in among),
            sum(2**n for n, one in enumerate(VISITS) if among is None or self.visits[one] in among),
        )


def seen_in(rows: list[dict[str, object]]) -> tuple[int, int]:
    return (
        int(sum(Decimal(str(row["spend"] or 0)) for row in rows)),
        int(sum(Decimal(str(row["visits"] or 0)) for row in rows)),
    )


def doors(person: User, place: object) -> list[tuple[int, int]]:
    """The export of the page, the program and the terminal."""
    client = signed_in(person)
    path = "/report/table.csv?split=media&from=2026-10-01&to=2026-10-02"
    text = client.get(path).content.decode("utf-8-sig")
    asked = {"metrics": ["spend", "visits"], "by": ["platform", "campaign"]}
    answer = call(token_of(person, place), "/query", "post", asked).json()  # type: ignore[arg-type]
    words = ["query", "--metrics", "spend,visits", "--by", "date", "--as", person.email]
    with redirect_stdout(io.StringIO()) as out:
        assert main([*words, "--format", "json"]) == 0
    return [
        seen_in(list(csv.DictReader(io.StringIO(text)))),
        seen_in(answer["rows"]),
        seen_in(json.loads(out.getvalue())["rows"]),
    ]


def drive(cast: Cast, accounts: tuple[int, int], random: Random, *, turns: int) -> None:
    reads: dict[str, set[str | None] | None] = {
        "amelie": None, "bruno": {"horizon-ouest", "horizon-nantes", "horizon-rennes"},
        "chloe": {"horizon-nantes"}, "diane": set(),
    }  # fmt: skip
    places = {"amelie": cast.network, "bruno": cast.west, "chloe": cast.nantes,
              "diane": cast.studio}  # fmt: skip
    for turn in range(turns):
        kept: list[list[NewRule]] = []
        for key, of_site in zip(accounts, (False, True), strict=True):
            made = [a_rule(random, of_site=of_site) for _n in range(random.randint(0, 4))]
            kept.append(list(dict.fromkeys(made)))
            ruled(cast, key, replace=True)  # numbers tell which was written first
            ruled(cast, key, *kept[-1])
        model = Model(*kept)
        for name, among in reads.items():
            totals = ask(getattr(cast, name), "spend,visits").totals
            found = (totals["spend"].get("EUR") or 0, totals["visits"] or 0)
            assert found == model.sums(among), (name, kept)
        rows = ask(cast.amelie, "spend,visits", ["beneficiary"]).rows
        told_apart = {
            row["beneficiary"]: (row["spend"] or 0, row["visits"] or 0) for row in rows
        }  # fmt: skip
        for one in (*SERVED, None):
            assert told_apart.get(one, (0, 0)) == model.sums({one}), (one, kept)
        name = [*reads][turn % 4]
        for door in doors(getattr(cast, name), places[name]):
            assert door == model.sums(reads[name]), (name, kept)
        with acting_as(cast.chloe), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM beneficiaries_assignment WHERE rule_id NOT IN "
                "(SELECT regie_rules_serving())"
            )
            assert cursor.fetchall() == [(0,)]


@pytest.mark.requirement("DASH-22", "FR-3")
@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_every_door_says_what_the_model_says(
    cast: Cast, accounts: tuple[int, int], seed: int
) -> None:
    drive(cast, accounts, Random(seed), turns=4)  # noqa: S311 - a world, not a secret


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
def test_many_more_rules_change_nothing_of_it(
    cast: Cast, accounts: tuple[int, int], seed: int
) -> None:
    drive(cast, accounts, Random(seed), turns=40)  # noqa: S311 - a world, not a secret
