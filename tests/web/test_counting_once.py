"""Which source of visits counts for which site: said, looked at before, and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.dashboards.selectors import answer, sources_of_visits
from regie.apps.organisations.selectors import visible_organisations
from regie.apps.tracking import selectors, services
from regie.apps.tracking.models import Site, SourceChoice
from regie.apps.tracking.publishing import journal_folder
from regie.domain.metrics.planning import parse
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, WrongUse
from tests.cast import Cast, ask, total
from tests.collector.heard import keep
from tests.warehouse.test_twice import VISITS, file, told
from tests.web.test_every_page import signed_in

SHOP, BLOG = "https://boutique.example/", "https://blog.example/"


@pytest.fixture
def day() -> date:
    return clock.today() - timedelta(days=10)


@pytest.fixture
def sites(cast: Cast, tmp_path: Path, day: date) -> list[Site]:
    """Two measured sites, from different days on, and a hundred imported visits a day."""
    for path in journal_folder().glob("*"):
        path.unlink()
    made = []
    with operating():
        for name in ("Boutique", "Blog"):
            number = services.create_site(
                actor=cast.chloe, organisation=cast.nantes,
                wanted=services.WantedSite(name, [f"{name.lower()}.example"], "consented"),
            )  # fmt: skip
            made.append(Site.objects.get(pk=number))
    days = [day + timedelta(days=n) for n in range(5)]
    file(tmp_path, "visits.csv", VISITS + "".join(f"{one},Email,crm,100\n" for one in days),
         cast.nantes)  # fmt: skip
    keep([
        *(told(made[0], "page_view", SHOP, one) for one in days[0:4]),
        *(told(made[1], "page_view", BLOG, one) for one in days[2:5]),
    ])  # fmt: skip
    services.publish_events()
    return made


def by_day(person: Any, first: date) -> list[Any]:
    found = {row["date"]: row["visits"] for row in ask(person, ["visits"], ["date"]).rows}
    return [found.get(first + timedelta(days=n)) for n in range(5)]


def imported(cast: Cast) -> int:
    with acting_as(cast.chloe):
        found = sources_of_visits(scope_of(visible_organisations()))
    return next(one.key for one in found if not one.is_ours)


def say(cast: Cast, which: str, site: int | None, starts: date) -> int:
    key = imported(cast)
    with acting_as(cast.chloe):
        return services.choose_source(
            actor=cast.chloe, organisation=cast.nantes,
            choice=services.Choice(key, site, which, starts),
        )  # fmt: skip


def test_another_site_s_import_counts_beside_and_the_same_one_s_does_not(
    sites: list[Site], cast: Cast, day: date
) -> None:
    shop, blog = sites
    assert by_day(cast.chloe, day) == [100, 1, 2, 2, 1]  # nothing said: as for one site
    said = say(cast, "both", None, day)
    assert by_day(cast.chloe, day) == [101, 101, 102, 102, 101]
    # What was imported is the blog's: ours counts from the second day that we measured it.
    say(cast, "measured", blog.pk, day + timedelta(days=2))
    assert by_day(cast.chloe, day) == [101, 101, 101, 2, 1]
    say(cast, "imported", shop.pk, day + timedelta(days=3))
    assert by_day(cast.chloe, day) == [101, 101, 101, 101, 101]
    with acting_as(cast.chloe):
        for one in selectors.choices_of(cast.nantes):
            if one.id != said:
                services.take_choice_back(actor=cast.chloe, choice_id=one.id)
    assert by_day(cast.chloe, day) == [101, 101, 102, 102, 101]
    with acting_as(cast.chloe):
        services.take_choice_back(actor=cast.chloe, choice_id=said)
    assert by_day(cast.chloe, day) == [100, 1, 2, 2, 1]
    assert by_day(cast.amelie, day) == [100, 1, 2, 2, 1]


def test_figures_of_before_stay_what_they_were(sites: list[Site], cast: Cast, day: date) -> None:
    before = clock.now()
    say(cast, "both", None, day)
    assert total(cast.chloe, "visits") == 507
    assert total(cast.chloe, "visits", as_of=before) == 106


def test_the_page_shows_what_would_follow_then_says_it_and_takes_it_back(
    sites: list[Site], cast: Cast, day: date
) -> None:
    client = signed_in(cast.chloe, "en")
    said = {"imported": imported(cast), "which": "both", "site": "", "starts_on": str(day)}
    page = client.post("/sites/counting/", {**said, "look": "1"}).content.decode()
    assert "What would follow" in page
    assert ">106<" in page
    assert ">507<" in page
    assert total(cast.chloe, "visits") == 106
    page = client.post("/sites/counting/", said, follow=True).content.decode()
    assert "Every figure of visits follows" in page
    assert total(cast.chloe, "visits") == 507
    with operating():
        (choice,) = SourceChoice.objects.all()
    path = f"/sites/counting/{choice.pk}/back/"
    assert signed_in(cast.diane).post(path).status_code == 404
    assert "Taken back" in client.post(path, follow=True).content.decode()
    assert total(cast.chloe, "visits") == 106
    wrong = client.post("/sites/counting/", {**said, "which": "measured"})
    assert wrong.status_code == 400
    assert "Say which measured site it is" in wrong.content.decode()
    outside = signed_in(cast.diane, "en").get("/sites/counting/").content.decode()
    assert "Nothing can count twice" in outside


def test_nobody_speaks_of_what_is_another_s(sites: list[Site], cast: Cast, day: date) -> None:
    key = imported(cast)
    choice = services.Choice(key, None, "both", day)
    with acting_as(cast.diane), pytest.raises(Forbidden):
        services.choose_source(actor=cast.diane, organisation=cast.nantes, choice=choice)
    with acting_as(cast.diane), pytest.raises(NotFound):
        services.choose_source(actor=cast.diane, organisation=cast.studio, choice=choice)
    with acting_as(cast.chloe), pytest.raises(WrongUse):
        services.choose_source(
            actor=cast.chloe, organisation=cast.nantes,
            choice=services.Choice(key, sites[0].pk, "neither", day),
        )  # fmt: skip
    with acting_as(cast.diane):
        scope = scope_of(visible_organisations())
        assert sources_of_visits(scope) == []
        assert answer(parse(metrics=["visits"]), scope).totals == {"visits": None}
