"""Market share: own sales over a noted size of the same days, with who published it."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.audit.models import AuditLine
from regie.apps.dashboards import selectors, services
from regie.cli import main as command
from regie.domain.markets import MarketSize, check, covers, parts_of
from regie.domain.objectives import Against
from regie.kernel.errors import Forbidden, NotFound, WrongUse
from regie.kernel.periods import Period
from tests.api.test_api import call, token_of
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import TODAY, brought, text_of
from tests.web.test_objectives import FORM, set_by_chloe

__all__ = ["brought"]
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
TEN_DAYS = Period(TODAY - timedelta(days=10), TODAY - timedelta(days=1))
TWENTY_BEFORE = Period(TODAY - timedelta(days=30), TODAY - timedelta(days=11))
SIZE = MarketSize("revenue", YEAR, Decimal(73000), "EUR", "Fédération", date(2026, 3, 15))
TYPED = {
    "amount": "73 000,50", "counted_in": "EUR", "starts_on": "2026-01-01",
    "ends_on": "2026-12-31", "source": "Fédération", "published_on": "2026-03-15",
}  # fmt: skip


def noted(cast: Cast, **said) -> int:
    with acting_as(cast.chloe):
        return services.note_market(
            actor=cast.chloe, organisation=cast.nantes, size=replace(SIZE, **said)
        )


def test_of_some_days_as_much_is_counted_as_they_are() -> None:
    january = Period(date(2026, 1, 1), date(2026, 1, 31))
    (part,) = parts_of([SIZE, replace(SIZE, measure="orders", currency="")], "revenue", january)

    assert (part.days, part.amount) == (january, Decimal(73000) * 31 / 365)
    assert covers([part], january)
    beyond = Period(date(2026, 12, 1), date(2027, 1, 1))
    assert not covers(parts_of([SIZE], "revenue", beyond), beyond)


@given(cut=st.integers(min_value=0, max_value=363))
def test_the_parts_of_a_whole_make_the_whole(cut: int) -> None:
    day = YEAR.start + timedelta(days=cut)
    halves = [Period(YEAR.start, day), Period(day + timedelta(days=1), YEAR.end)]

    sizes = [replace(SIZE, period=one, amount=Decimal(one.days)) for one in halves]
    parts = parts_of(sizes, "revenue", YEAR)
    assert covers(parts, YEAR)
    assert sum(one.amount for one in parts) == 365
    assert not covers([*parts, parts[0]], YEAR)


@pytest.mark.parametrize(
    ("said", "beside"),
    [({"amount": Decimal(0)}, "amount"), ({"currency": ""}, "counted_in"),
     ({"measure": "orders"}, "counted_in"), ({"source": " "}, "source")],
)  # fmt: skip
def test_a_size_that_says_nothing_is_refused(said, beside: str) -> None:
    with pytest.raises(WrongUse) as refused:
        check(replace(SIZE, **said))
    assert refused.value.code == beside


@pytest.mark.requirement("DASH-2")
def test_a_share_is_a_sum_over_a_sum_and_shows_both_with_the_source(cast: Cast, brought) -> None:
    # 400 euros of own in ten days; the market sold 4,000 in the same days, 200 a day before.
    noted(cast, period=TEN_DAYS, amount=Decimal(4000))
    noted(cast, period=TWENTY_BEFORE, amount=Decimal(16000), source="Institut")
    number = set_by_chloe(
        cast, metric="market_share", period=TEN_DAYS, target=None, growth=Decimal("0.5"),
        against=Against.PREVIOUS,
    )  # fmt: skip

    listed = text_of(cast.chloe, "/objectives/")
    # 400 of 8,000 in the ten days before are 5%; half as much more makes 7.5%.
    assert "On target" in listed
    assert "10.00% 7.50% 7.50% At least +50% on the days before Reached then: 5.00%" in listed
    why = text_of(cast.chloe, f"/objectives/{number}/market/")
    assert "10.00% = €400.00 (Revenue) ÷ €4,000.00 (whole market)" in why
    assert "5.00% = €400.00 (Revenue) ÷ €8,000.00 (whole market)" in why
    assert "€16,000.00 10 of 20 days €8,000.00 Institut 15 Mar 2026" in why
    assert "Fédération" in why
    assert "Part de marché, en ventes" in text_of(cast.chloe, "/objectives/", "fr")


@pytest.mark.requirement("DASH-2")
def test_the_report_shows_the_share_of_its_days_with_source_and_export(
    cast: Cast, brought, capsys: pytest.CaptureFixture[str]
) -> None:
    days = f"from={TEN_DAYS.start}&to={TEN_DAYS.end}"
    assert "Share of the market" not in text_of(cast.chloe, f"/report/?{days}")
    noted(cast, period=TEN_DAYS, amount=Decimal(4000))
    noted(cast, period=TWENTY_BEFORE, amount=Decimal(16000), source="Institut")
    aim = set_by_chloe(cast, metric="market_share", period=TEN_DAYS, target=Decimal("0.2"))

    page = signed_in(cast.chloe, "en").get(f"/report/?{days}").content.decode()
    (shown,) = re.findall(r'<ul class="market".*?</ul>', page, re.S)
    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", shown))
    # 400 of 4,000 in these days, 400 of 8,000 in the ten before; half of what is aimed at.
    for words in ("Market share, in sales 10.00%", "+5.00", "Fédération, 15 Mar 2026", "Behind"):
        assert words in told
    assert f"/objectives/{aim}/explain/?of=status" in shown
    (why,) = re.findall(r'href="(/report/market/[^"]+)"', shown)
    explained = text_of(cast.chloe, html.unescape(why))
    assert "10.00% = €400.00 (Revenue) ÷ €4,000.00 (whole market)" in explained
    assert "5.00% = €400.00 (Revenue) ÷ €8,000.00 (whole market)" in explained
    answer = signed_in(cast.chloe).get(f"/report/market.csv?{days}")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    # Command and program say the same.
    said = {"first_day": str(TEN_DAYS.start), "last_day": str(TEN_DAYS.end)}
    program = call(token_of(cast.chloe, cast.nantes), f"/market-share?{urlencode(said)}")
    words = ["market", "--from", said["first_day"], "--to", said["last_day"],
             "--as", cast.chloe.email, "--organisation", cast.nantes.slug]  # fmt: skip
    capsys.readouterr()
    assert command.main([*words, "--format", "json"]) == 0
    assert (found := json.loads(capsys.readouterr().out)) == program.json()
    assert [found[0][one] for one in ("own", "market", "value")] == ["400", "4000", "0.1"]
    size = {"source": "Fédération", "published_on": "2026-03-15", "size": "4000", "counted": "4000"}
    assert row == {k: v for k, v in found[0].items() if k != "sizes"} | size
    assert size.items() <= found[0]["sizes"][0].items()
    for form in ("csv", "table"):
        assert command.main([*words, "--format", form]) == 0
        assert "Fédération" in capsys.readouterr().out
    # A part of the organisation has no share of its market; nobody else sees its size.
    narrowed = f"/report/?{days}&platform=google_ads"
    assert "Share of the market" not in text_of(cast.chloe, narrowed)
    assert "Fédération" not in text_of(cast.diane, html.unescape(why))
    assert signed_in(cast.chloe).get("/report/market/?of=roas").status_code == 404


@pytest.mark.requirement("DASH-2")
def test_steps_are_the_same_on_the_curve_in_the_file_and_by_command_and_program(
    cast: Cast, brought, capsys: pytest.CaptureFixture[str]
) -> None:
    # 40 euros of own a day; the market is not noted for the first of three weeks that are asked.
    monday = TODAY - timedelta(days=TODAY.weekday())
    weeks = [Period(monday - timedelta(7 * n), monday - timedelta(7 * n - 6)) for n in (3, 2, 1)]
    noted(cast, period=Period(weeks[1].start, weeks[2].end), amount=Decimal(5600))
    set_by_chloe(cast, metric="market_share", period=weeks[2], target=Decimal("0.2"))
    asked = {"from": weeks[0].start, "to": weeks[2].end, "grain": "week"}
    said = urlencode(asked)

    page = signed_in(cast.chloe, "en").get(f"/report/market/?{said}&of=market_share")
    (drawn,) = re.findall(r'<script type="application/json">(.*?)</script>',
                          page.content.decode(), re.S)  # fmt: skip
    now, before, aim = json.loads(drawn)["series"]
    assert now["texts"] == ["–", "10.00%", "10.00%"]
    assert before["comparison"]
    assert aim["texts"] == ["–", "–", "20.00%"]
    answer = signed_in(cast.chloe).get(f"/report/market.csv?{said}&by=step")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["period"], row["value"]) for row in rows] == [(str(w), "0.1") for w in weeks[1:]]
    program = call(
        token_of(cast.chloe, cast.nantes),
        f"/market-share?first_day={weeks[0].start}&last_day={weeks[2].end}&by=week",
    )
    capsys.readouterr()
    words = ["market", "--from", str(weeks[0].start), "--to", str(weeks[2].end), "--by", "week",
             "--as", cast.chloe.email, "--organisation", cast.nantes.slug]  # fmt: skip
    assert command.main([*words, "--format", "json"]) == 0
    assert (found := json.loads(capsys.readouterr().out)) == program.json()
    assert [one["value"] for one in found] == [None, "0.1", "0.1"]
    # A step opens both of its sums, and the two known weeks make the whole of their days.
    (link,) = {html.unescape(one) for one in re.findall(r'href="(/report/market/[^"]+)"',
               page.content.decode()) if f"from={weeks[2].start}" in one}  # fmt: skip
    assert "10.00% = €280.00 (Revenue) ÷ €2,800.00 (whole market)" in text_of(cast.chloe, link)


def test_a_share_of_orders_and_a_part_that_is_not_noted(cast: Cast, brought) -> None:
    short = Period(TEN_DAYS.start + timedelta(days=1), TEN_DAYS.end)
    market = noted(cast, measure="orders", currency="", period=short, amount=Decimal(90))
    said = {"metric": "market_share_orders", "period": TEN_DAYS, "target": Decimal("0.2")}
    number = set_by_chloe(cast, **said)

    why = f"/objectives/{number}/market/"
    assert "No figure yet" in text_of(cast.chloe, "/objectives/")
    assert "not noted for all of these days" in text_of(cast.chloe, why)
    with acting_as(cast.chloe):
        whole = replace(SIZE, measure="orders", currency="", period=TEN_DAYS, amount=Decimal(100))
        services.change_market(actor=cast.chloe, market_id=market, size=whole)
    assert "10.00% = 10 (Orders) ÷ 100 (whole market)" in text_of(cast.chloe, why)
    assert "Behind" in text_of(cast.chloe, "/objectives/")


def test_a_share_above_the_whole_market_says_what_may_be_wrong(cast: Cast, brought) -> None:
    noted(cast, period=TEN_DAYS, amount=Decimal(100))
    days = f"from={TEN_DAYS.start}&to={TEN_DAYS.end}"

    assert "400.00% More than the whole market" in text_of(cast.chloe, f"/report/?{days}")
    assert "of another market" in text_of(cast.chloe, f"/report/market/?{days}")


def test_two_currencies_make_no_share(cast: Cast, brought) -> None:
    first, rest = replace_days(5)
    noted(cast, period=first)
    noted(cast, period=rest, currency="USD")
    with acting_as(cast.chloe):
        ask = selectors.asker(scope(cast))
        found = selectors.share("market_share", TEN_DAYS, selectors.sizes_of(cast.nantes), ask)

    assert (len(found.parts), found.whole, found.value) == (2, None, None)


def replace_days(first: int) -> tuple[Period, Period]:
    middle = TEN_DAYS.start + timedelta(days=first)
    return Period(TEN_DAYS.start, middle - timedelta(days=1)), Period(middle, TEN_DAYS.end)


def scope(cast: Cast):
    return scope_of([cast.nantes])


def test_a_day_has_one_size(cast: Cast) -> None:
    number = noted(cast)
    with pytest.raises(WrongUse):
        noted(cast, period=Period(YEAR.end, date(2027, 12, 31)))
    noted(cast, measure="orders", currency="")
    with acting_as(cast.chloe):
        services.remove_market(actor=cast.chloe, market_id=number)
    noted(cast, source="Institut")
    # What was removed would count the same days twice.
    with acting_as(cast.chloe), pytest.raises(WrongUse):
        services.take_market_back(actor=cast.chloe, market_id=number)
    answer = signed_in(cast.chloe, "en").post(f"/objectives/markets/{number}/undo/", follow=True)
    assert "already noted for some of these days" in answer.content.decode()


def test_a_change_and_a_removal_are_taken_back_and_written_down(cast: Cast) -> None:
    number = noted(cast)
    with acting_as(cast.chloe):
        services.change_market(
            actor=cast.chloe, market_id=number, size=replace(SIZE, amount=Decimal(5))
        )
        services.take_market_back(actor=cast.chloe, market_id=number)
        assert selectors.market_card(number).size == SIZE
        services.remove_market(actor=cast.chloe, market_id=number)
        assert selectors.markets_of(cast.nantes) == []
        services.take_market_back(actor=cast.chloe, market_id=number)
        assert [one.id for one in selectors.markets_of(cast.nantes)] == [number]
    with operating():
        acts = AuditLine.objects.filter(action__startswith="dashboards.market_")
        assert list(acts.order_by("pk").values_list("action", flat=True)) == [
            f"dashboards.market_{act}"
            for act in ("noted", "changed", "restored", "removed", "restored")
        ]


def test_it_is_seen_above_and_by_no_outsider(cast: Cast) -> None:
    number = noted(cast)
    for person in (cast.chloe, cast.bruno, cast.amelie):
        with acting_as(person):
            assert selectors.market_card(number).size == SIZE
    with acting_as(cast.diane):
        with pytest.raises(NotFound):
            selectors.market_card(number)
        with pytest.raises(Forbidden):
            services.note_market(actor=cast.diane, organisation=cast.nantes, size=SIZE)
    share = set_by_chloe(cast, metric="market_share", target=Decimal("0.1"))
    # Of those above, nobody divides his own sales by the market of another.
    assert signed_in(cast.bruno).get(f"/objectives/{share}/market/").status_code == 404
    client = signed_in(cast.diane)
    assert client.get(f"/objectives/{share}/market/").status_code == 404
    for action in ("", "remove/", "undo/"):
        assert client.post(f"/objectives/markets/{number}/{action}", TYPED).status_code == 404


def test_an_objective_of_something_else_has_no_such_page(cast: Cast) -> None:
    assert signed_in(cast.chloe).get(f"/objectives/{set_by_chloe(cast)}/market/").status_code == 404


def test_the_page_notes_changes_removes_and_undoes(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    assert client.post("/objectives/markets/new/", TYPED).status_code == 302
    with acting_as(cast.chloe):
        (card,) = selectors.markets_of(cast.nantes)
    assert card.size == replace(SIZE, amount=Decimal("73000.50"))
    address = f"/objectives/markets/{card.id}/"
    assert 'value="73000,5"' in client.get(address).content.decode()

    changed = client.post(address, {**TYPED, "counted_in": "orders", "amount": "900"}, follow=True)
    assert f'action="{address}undo/"' in changed.content.decode()
    with acting_as(cast.chloe):
        assert selectors.market_card(card.id).size.measure == "orders"
    removed = client.post(f"{address}remove/", follow=True).content.decode()
    assert "Aucune taille" in removed
    assert "est redevenue" in client.post(f"{address}undo/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("said", "beside"),
    [({"amount": "beaucoup"}, "amount"), ({"amount": "0"}, "amount"), ({"source": ""}, "source"),
     ({"ends_on": "2025-01-01"}, "ends_on"), ({"published_on": ""}, "published_on"),
     ({"counted_in": "XYZ"}, "counted_in"), ({"starts_on": "2026-06-01"}, "starts_on")],
)  # fmt: skip
def test_nonsense_is_refused_beside_its_field(cast: Cast, said, beside: str) -> None:
    noted(cast)
    answer = signed_in(cast.chloe).post("/objectives/markets/new/", {**TYPED, **said})

    assert answer.status_code == 400
    assert f'id="id_{beside}_error"' in answer.content.decode()


def test_a_share_is_aimed_at_in_percent(cast: Cast, brought) -> None:
    said = {**FORM, "metric": "market_share", "target": "12,5 %"}
    assert signed_in(cast.chloe).post("/objectives/new/", said).status_code == 302
    with acting_as(cast.chloe):
        (found,) = selectors.objectives_of(cast.nantes)
    assert (found.objective.target, found.objective.currency) == (Decimal("0.125"), "")
    for address in ("/report/?metric=orders", "/report/", "/objectives/new/", "/commands/"):
        assert signed_in(cast.chloe).get(address).status_code == 200
