"""Which source of visits counts for which site: said, looked at before, and taken back."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.assets.models import Asset
from regie.apps.audit.models import AuditLine
from regie.apps.dashboards.selectors import answer, sources_of
from regie.apps.organisations.selectors import visible_organisations
from regie.apps.tracking import selectors, services
from regie.apps.tracking.models import Site, SourceChoice
from regie.apps.tracking.publishing import journal_folder
from regie.cli.main import main
from regie.domain.metrics.planning import parse
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, WrongUse
from tests.api.test_api import call, token_of
from tests.cast import Cast, ask, bring, total
from tests.collector.heard import keep
from tests.warehouse.test_twice import VISITS, file, order, told
from tests.web.test_every_page import signed_in

pytestmark = pytest.mark.slow

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


def imported(cast: Cast, fact: str = "visits") -> int:
    with acting_as(cast.chloe):
        found = sources_of(scope_of(visible_organisations()), fact)
    return next(one.key for one in found if not one.is_ours)


def say(cast: Cast, which: str, site: int | None, starts: date, fact: str = "visits") -> int:
    key = imported(cast, fact)
    with acting_as(cast.chloe):
        return services.choose_source(
            actor=cast.chloe, organisation=cast.nantes,
            choice=services.Choice(key, site, which, starts, fact),
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
    assert "Every figure follows" in page
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
        assert sources_of(scope, "visits") == []
        assert answer(parse(metrics=["visits"]), scope).totals == {"visits": None}


ORDERS = "ordered_at;order_id;revenue;currency;channel\n"


def by_shop(person: Any, metric: str, first: date) -> list[Any]:
    found = {row["date"]: row[metric] for row in ask(person, [metric], ["date"]).rows}
    return [found.get(first + timedelta(days=n)) for n in range(5)]


@pytest.fixture
def shop(cast: Cast, tmp_path: Path, day: date) -> Site:
    """A shop whose books number orders otherwise than its site, but for one."""
    for path in journal_folder().glob("*"):
        path.unlink()
    with operating():
        number = services.create_site(
            actor=cast.chloe, organisation=cast.nantes,
            wanted=services.WantedSite("Boutique", ["boutique.example"], "consented"),
        )  # fmt: skip
        made = Site.objects.get(pk=number)
    days = [day + timedelta(days=n) for n in range(5)]
    file(tmp_path, "orders.csv", ORDERS + "".join(
        f"{one};F-{n};10;EUR;Email\n" for n, one in enumerate(days)
    ) + f"{days[4]};W-9;7;EUR;\n", cast.nantes)  # fmt: skip
    keep([
        *(order(made, f"W-{n}", one, "10", source="google", medium="cpc")
          for n, one in enumerate(days[:4])),
        order(made, "W-9", days[4], "8", source="google", medium="cpc"),
        # The same again, by other programs of the shop: one number is one order.
        order(made, "W-0", days[0], "10", source="google", medium="cpc", by="webhook"),
        order(made, "W-0", days[0], "10", source="google", medium="cpc", by="till"),
    ])  # fmt: skip
    services.publish_events()
    return made


def test_orders_without_a_common_number_count_by_the_source_that_somebody_chose(
    shop: Site, cast: Cast, day: date
) -> None:
    assert by_shop(cast.chloe, "orders", day) == [2, 2, 2, 2, 2]
    assert total(cast.chloe, "revenue") == {"EUR": 97}

    first = say(cast, "measured", shop.pk, day + timedelta(days=1), "orders")
    assert by_shop(cast.chloe, "orders", day) == [2, 1, 1, 1, 1]
    answered = ask(cast.chloe, ["orders", "revenue"], ["channel"])
    assert answered.totals["revenue"] == {"EUR": 20 + 30 + 8}
    notes = [note.message for note in answered.notes]
    assert any(note.startswith("Orders left aside") for note in notes)

    second = say(cast, "imported", shop.pk, day + timedelta(days=3), "orders")
    assert by_shop(cast.chloe, "orders", day) == [2, 1, 1, 1, 2]
    # What the file does not say of the way is still taken from what was measured.
    paid = ask(cast.chloe, ["orders", "revenue"], where=["channel=Paid Search"])
    assert paid.totals == {"orders": 4, "revenue": {"EUR": 37}}
    assert by_shop(cast.amelie, "orders", day) == [2, 1, 1, 1, 2]
    assert [one.which for one in _live(cast)] == ["imported", "measured"]

    with acting_as(cast.chloe):
        for number in (first, second):
            services.take_choice_back(actor=cast.chloe, choice_id=number)
    assert by_shop(cast.chloe, "orders", day) == [2, 2, 2, 2, 2]
    assert not _of(cast, "leads")


def test_leads_and_calls_too_and_a_cancelled_order_stays_cancelled(
    shop: Site, cast: Cast, tmp_path: Path, day: date
) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(f"received_at;lead_id;channel;status\n{day}T10:00:00;L-1;Email;new\n",
                    encoding="utf-8")  # fmt: skip
    bring(cast.nantes, path)
    path = tmp_path / "calls.csv"
    path.write_text(f"started_at;call_id;duration_s;channel;outcome\n"
                    f"{day}T10:00:00;T-1;60;Direct;answered\n", encoding="utf-8")  # fmt: skip
    bring(cast.nantes, path)
    path = tmp_path / "cancelled.csv"
    path.write_text("ordered_at;order_id;revenue;currency;status\n"
                    f"{day + timedelta(days=6)};W-1;10;EUR;cancelled\n",
                    encoding="utf-8")  # fmt: skip
    bring(cast.nantes, path)
    keep([
        told(shop, "lead", "one", day, form="devis"),
        told(shop, "call", "one", day, duration_s=30),
    ])  # fmt: skip
    services.publish_events()
    assert total(cast.chloe, "leads_received") == 2
    assert total(cast.chloe, "calls") == 2

    for fact in ("leads", "calls", "orders"):
        say(cast, "measured", shop.pk, day, fact)
    assert total(cast.chloe, "leads_received") == 1
    assert total(cast.chloe, "calls") == 1
    assert by_shop(cast.chloe, "orders", day) == [1, None, 1, 1, 1]


def test_programs_and_commands_say_it_too(
    shop: Site, cast: Cast, day: date, capsys: pytest.CaptureFixture[str]
) -> None:
    seeing = token_of(cast.chloe, cast.nantes, frozenset({"figures:read"}))
    saying = token_of(cast.chloe, cast.nantes, frozenset({"figures:read", "measuring:write"}))
    outside = token_of(cast.diane, cast.studio, frozenset({"figures:read", "measuring:write"}))
    listed = call(seeing, "/sources?fact=orders").json()
    assert sorted((one["is_measured"], one["count"]) for one in listed) == [(False, 6), (True, 5)]
    key = imported(cast, "orders")
    said = {"fact": "orders", "imported": key, "site": shop.pk, "counts": "imported",
            "starts_on": str(day)}  # fmt: skip
    looked = call(seeing, "/sources/preview", "post", said).json()
    assert (looked["now"], looked["then"]) == (10, 6)
    assert call(seeing, "/sources/choices", "post", said).status_code == 403
    assert call(outside, "/sources/choices", "post", said).status_code == 404
    assert call(outside, "/sources/preview", "post", said).status_code == 404
    assert call(outside, "/sources?fact=orders").json() == []
    made = call(saying, "/sources/choices", "post", said)
    assert made.status_code == 201
    assert total(cast.chloe, "orders") == 6
    back = f"/sources/choices/{made.json()['id']}/take-back"
    assert call(outside, back, "post").status_code == 404
    above = token_of(cast.amelie, cast.network, frozenset({"figures:read", "measuring:write"}))
    assert call(above, back, "post").status_code == 404, "it acts for its own organisation"
    assert call(saying, back, "post").status_code == 204
    assert total(cast.chloe, "orders") == 10

    asked = ["sources", "orders", "--organisation", cast.nantes.slug]
    choice = ["--imported", str(key), "--site", str(shop.pk), "--counts", "measured",
              "--from", str(day)]  # fmt: skip
    assert main([*asked, *choice, "--try"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "total,,10,5"
    assert total(cast.chloe, "orders") == 10
    assert main([*asked, *choice]) == 0
    assert total(cast.chloe, "orders") == 5
    number = _live(cast)[0].id
    assert f"{number},orders,{key},Boutique,measured,{day}" in capsys.readouterr().out
    assert main([*asked, "--take-back", str(number)]) == 0
    assert total(cast.chloe, "orders") == 10


def test_the_page_of_orders_shows_what_would_follow(shop: Site, cast: Cast, day: date) -> None:
    client = signed_in(cast.chloe, "en")
    said = {"imported": imported(cast, "orders"), "which": "imported", "site": shop.pk,
            "starts_on": str(day)}  # fmt: skip
    page = client.post("/sites/counting/?of=orders", {**said, "look": "1"}).content.decode()
    assert ">10<" in page
    assert ">6<" in page
    page = client.post("/sites/counting/?of=orders", said, follow=True).content.decode()
    assert "Every figure follows" in page
    assert total(cast.chloe, "orders") == 6
    assert "Nothing can count twice" in client.get("/sites/counting/?of=calls").content.decode()


def _of(cast: Cast, fact: str) -> list[Any]:
    with acting_as(cast.chloe):
        return list(sources_of(scope_of(visible_organisations()), fact))


def _live(cast: Cast) -> list[Any]:
    with acting_as(cast.chloe):
        return [one for one in selectors.choices_of(cast.nantes) if one.taken_back_at is None]


def test_accounts_of_one_name_are_looked_at_apart(
    sites: list[Site], cast: Cast, tmp_path: Path, day: date, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "others.csv"
    other.write_text(f"{VISITS}{day},Email,crm,7\n", encoding="utf-8")
    bring(cast.nantes, other, account="the other shop")
    with operating():
        keys = sorted(one.key for one in _of(cast, "visits") if not one.is_ours)
        Asset.objects.filter(pk__in=keys).update(called="Boutique (GA)")
    first, second = keys
    said = {"fact": "visits", "imported": first, "site": sites[0].pk, "counts": "measured",
            "starts_on": str(day)}  # fmt: skip

    token = token_of(cast.chloe, cast.nantes, frozenset({"figures:read"}))
    looked = call(token, "/sources/preview", "post", said).json()
    rows = {one["account_id"]: one for one in looked["rows"]}
    assert rows.keys() == {first, second, sites[0].asset_id, sites[1].asset_id}
    assert [rows[key]["account"] for key in keys] == ["Boutique (GA)"] * 2
    assert sum(one["now"] or 0 for one in rows.values()) == looked["now"] == 106 + 7
    assert sum(one["then"] or 0 for one in rows.values()) == looked["then"]
    assert rows[second]["now"] == rows[second]["then"] == 7
    assert (rows[first]["now"], rows[first]["then"]) == (100, 200)

    client = signed_in(cast.chloe, "en")
    form = {"imported": first, "which": "measured", "site": sites[0].pk, "starts_on": str(day)}
    page = client.post("/sites/counting/", {**form, "look": "1"}).content.decode()
    assert all(f"Boutique (GA) ({key})" in page for key in keys)
    assert "of the last 90 days" in page
    command = [
        "sources",
        "visits",
        "--organisation",
        cast.nantes.slug,
        "--imported",
        str(first),
        "--site",
        str(sites[0].pk),
        "--counts",
        "measured",
        "--from",
        str(day),
        "--try",
    ]
    assert main(command) == 0
    written = capsys.readouterr().out.splitlines()
    assert written[0] == "account,label,now,then"
    assert f"{second},Boutique (GA),7,7" in written
    assert f"{first},Boutique (GA),100,200" in written


def test_the_journal_says_which_source_was_chosen(sites: list[Site], cast: Cast, day: date) -> None:
    with operating():
        Asset.objects.filter(pk=imported(cast)).update(called="Old counter")
    number = say(cast, "both", None, day)
    with acting_as(cast.chloe):
        services.take_choice_back(actor=cast.chloe, choice_id=number)
    with operating():
        lines = list(AuditLine.objects.filter(action__startswith="tracking.source_cho"))
    assert [one.details["account"] for one in lines] == ["Old counter"] * 2
    page = signed_in(cast.amelie, "en").get("/manager/journal/").content.decode()
    assert "Old counter" in page
