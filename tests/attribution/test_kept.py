"""What is kept of journeys from one question to the next gives what a full run gives."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from regie.apps.access.context import acting_as, operating
from regie.apps.access.selectors import scope_of
from regie.apps.attribution import answering
from regie.apps.attribution.answering import Attribution
from regie.apps.attribution.kept import ground
from regie.apps.beneficiaries.selectors import opened
from regie.apps.connections import services as connections
from regie.apps.identity import services as identity
from regie.apps.identity.models import Correction, Probable
from regie.apps.identity.solving import solve_organisation
from regie.apps.organisations import selectors as organisations
from regie.apps.tracking import services as tracking
from regie.apps.tracking.models import Identifier, Site
from regie.domain.attribution.questions import Question
from regie.kernel import clock
from regie.kernel.errors import NotFound, Refused
from regie.kernel.periods import Period
from regie.warehouse import by_file
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import NOON, order
from tests.cast import Cast, bring

pytestmark = pytest.mark.slow
PEOPLE, DEVICES, DAYS = 4, 3, 12
EVENING = NOON.replace(hour=21, minute=45) - timedelta(
    days=1
)  # a quarter to midnight in Paris, in summer
VIA = ("search", "social", "email", "direct")
NUMBERS = count(1)  # nothing is called the same twice, whatever world it is of


@pytest.fixture
def site(cast: Cast) -> Site:
    forget_journals()
    ground.forget_all()
    by_file.forget_all()
    with operating():
        tracking.create_codes(
            actor=cast.chloe, organisation=cast.nantes,
            wanted=tracking.WantedCode("Salon", "SALON", source="salon", medium="print"),
        )  # fmt: skip
    return a_site(cast.nantes, cast.chloe)


def answers(person: Any, question: Question, monkeypatch: Any) -> tuple[Attribution, Attribution]:
    """From what is kept, and from a full run."""
    with acting_as(person):
        scope = scope_of(organisations.visible_organisations())
        session = opened(scope)
        kept = answering._answered(session, scope, question)
        with monkeypatch.context() as patch:
            patch.setattr(answering, "is_kept", lambda *_said: False)
            return kept, answering._answered(session, scope, question)


def flat(table: pa.Table) -> list[dict[str, Any]]:
    return [
        {name: " > ".join(cell) if isinstance(cell, list) else cell for name, cell in row.items()}
        for row in table.to_pylist()
    ]


def check_alike(kept: Attribution, whole: Attribution) -> None:
    assert list(kept.units) == list(whole.units)
    for name, credit in whole.credits.items():
        for figure in ("conversions", "value"):
            np.testing.assert_allclose(
                getattr(kept.credits[name], figure), getattr(credit, figure),
                rtol=1e-9, atol=1e-9, err_msg=f"{name} {figure}",
            )  # fmt: skip
    said = {name: round(value, 6) if isinstance(value, float) else value
            for name, value in vars(kept.rests).items()}  # fmt: skip
    assert said == {name: round(value, 6) if isinstance(value, float) else value
                    for name, value in vars(whole.rests).items()}  # fmt: skip
    assert (kept.all_paths, kept.median_days) == (whole.all_paths, whole.median_days)
    for name in ("assisted", "days_to", "touches_to", "steps", "transitions", "paths"):
        one, other = (flat(getattr(found, name)) for found in (kept, whole))
        assert len(one) == len(other), name
        for mine, theirs in zip(one, other, strict=True):
            assert mine == pytest.approx(theirs), name
    for name, credit in kept.credits.items():
        if kept.question.basis == "sale":
            won = kept.rests.conversions - kept.rests.unattributed
            worth = kept.rests.value - kept.rests.unattributed_value
            assert credit.conversions.sum() == pytest.approx(won if won else 0, abs=1e-6), name
            assert credit.value.sum() == pytest.approx(worth, abs=0.005), name


class World:
    """What happens to a few people, in any order, and what is said of it afterwards."""

    def __init__(self, site: Site, cast: Cast, folder: Path) -> None:
        self.site, self.cast, self.folder = site, cast, folder
        self.heard: list[Heard] = []
        self.orders: list[str] = []
        self.leads: list[str] = []

    def at(self, day: int, minute: int) -> datetime:
        return NOON - timedelta(days=DAYS - day) + timedelta(minutes=minute)

    def visit(self, person: int, device: int, day: int, minute: int, via: str) -> None:
        self.heard.append(Heard(
            f"v{next(NUMBERS)}", "page_view", self.at(day, minute), f"c-{person}-{device}", via=via,
            device="phone" if device else "desktop",
        ))  # fmt: skip

    def passing(self, day: int, minute: int, via: str, leads: bool, late: bool) -> None:
        """Somebody who did not consent, and may leave his address, ``late`` after his visit was
        published and on what is the next day here."""
        name = f"day-{next(NUMBERS)}"
        at = EVENING + timedelta(days=day - DAYS, minutes=minute) if late else self.at(day, minute)
        self.heard.append(Heard(f"{name}-v", "page_view", at, day=name, via=via))
        if leads and late:
            self.publish()
            at += timedelta(minutes=20)
            self.heard.append(Heard(f"{name}-l", "lead", at, day=name, via=via))
        elif leads:
            self.leads.append(name)
            self.heard.append(
                Heard(f"{name}-l", "lead", self.at(day, minute + 3), day=name, via=via,
                      p={"lead_id": name})
            )  # fmt: skip

    def known(self, person: int, device: int, day: int, minute: int) -> None:
        self.heard.append(Heard(
            f"i{next(NUMBERS)}", "identify", self.at(day, minute), f"c-{person}-{device}",
            p={"login": f"login-{person}"},
        ))  # fmt: skip

    def bought(self, person: int, day: int, minute: int, value: int, code: bool) -> None:
        number = f"O-{next(NUMBERS)}"
        self.orders.append(number)
        said = {"code": "salon"} if code else {}
        self.heard.append(
            order(number, self.at(day, minute), value / 100, login=f"login-{person}", **said)
        )

    def refunded(self, place: int, value: int) -> None:
        for number in self.orders[place:][:1]:
            p = {"order_id": number, "value": value / 100, "currency": "EUR"}
            self.heard.append(
                Heard(f"r{next(NUMBERS)}", "refund", self.at(DAYS, 0), p=p, is_server=True)
            )

    def cancelled(self, place: int) -> None:
        for number in self.orders[place:][:1]:
            path = self.folder / f"orders-{next(NUMBERS)}.csv"
            path.write_text("order_id,ordered_at,currency,revenue,status\n"
                            f"{number},{self.at(DAYS, 0):%Y-%m-%d},EUR,1,cancelled\n")  # fmt: skip
            bring(self.cast.nantes, path)

    def called(self, place: int, state: str) -> None:
        """What the CRM says of a lead."""
        for number in self.leads[place:][:1]:
            path = self.folder / f"leads-{next(NUMBERS)}.csv"
            day = f"{self.at(DAYS, 0):%Y-%m-%d}"
            path.write_text(f"lead_id,received_at,status\n{number},{day},{state}\n")
            bring(self.cast.nantes, path)

    def joined(self, one: int, other: int, said: str) -> None:
        keys = list(Identifier.objects.order_by("pk").values_list("pk", flat=True))
        if one >= len(keys) or other >= len(keys) or one == other:
            return
        low, high = sorted((keys[one], keys[other]))
        if said == "cut":
            with suppress(NotFound):  # only what was seen together can be cut
                identity.cut_link(actor=None, one=low, other=high)
        elif said == "apart":
            with suppress(Refused):  # it may have been said before
                identity.hold_apart(actor=None, one=low, other=high)
        else:
            Probable.objects.get_or_create(
                organisation=self.cast.nantes, one_id=low, other_id=high,
                defaults={"probability": 0.97, "found_at": clock.now()},
            )  # fmt: skip
            identity.count_probable(actor=None, organisation=self.cast.nantes, on=True)
            solve_organisation(self.cast.nantes.pk, touched=[low, high])

    def taken_back(self) -> None:
        for word in Correction.objects.filter(taken_back_at=None).order_by("pk")[:1]:
            identity.take_back(actor=None, correction_id=word.pk)

    def forgotten(self, person: int) -> None:
        self.publish()
        identity.erase_person(actor=None, organisation=self.cast.nantes, text=f"login-{person}")

    def merged(self) -> None:
        connections.compact(at_least=2)

    def restarted(self) -> None:
        """Another process knows nothing of what this one kept."""
        ground.forget_all()
        by_file.forget_all()

    def publish(self) -> None:
        if self.heard:
            publish(self.site, *self.heard)
            self.heard = []


_WHO, _DEVICE = st.integers(0, PEOPLE - 1), st.integers(0, DEVICES - 1)
_DAY, _MINUTE, _ANY = st.integers(0, DAYS), st.integers(0, 3), st.integers(0, 9)
_VIA, _VALUE = st.sampled_from(VIA), st.integers(1, 9_999)
_HEARD = st.one_of(
    st.tuples(st.just("visit"), _WHO, _DEVICE, _DAY, _MINUTE, _VIA),
    st.tuples(st.just("visit"), _WHO, _DEVICE, _DAY, _MINUTE, _VIA),
    st.tuples(st.just("passing"), _DAY, _MINUTE, _VIA, st.booleans(), st.booleans()),
    st.tuples(st.just("known"), _WHO, _DEVICE, _DAY, _MINUTE),
    st.tuples(st.just("bought"), _WHO, _DAY, _MINUTE, _VALUE, st.booleans()),
    st.tuples(st.just("refunded"), _ANY, _VALUE),
)
_SAID = st.one_of(
    st.just(("publish",)),
    st.just(("publish",)),
    st.tuples(st.just("joined"), _ANY, _ANY, st.sampled_from(["cut", "apart", "probable"])),
    st.just(("taken_back",)),
    st.just(("merged",)),
    st.just(("restarted",)),
    st.tuples(st.just("cancelled"), _ANY),
    st.tuples(st.just("called"), _ANY, st.sampled_from(["mql", "won", "lost"])),
    st.tuples(st.just("forgotten"), _WHO),
)
_NIGHT = st.tuples(st.lists(_HEARD, min_size=4, max_size=20), _SAID)
_QUESTION = st.builds(
    lambda begins, days, unit, kind, back, lag, click, direct, probable: Question(
        period=Period(day := date(2026, 5, 28) + timedelta(days=begins),
                      day + timedelta(days=days)),
        unit=unit, kind=kind, lookback=timedelta(days=back), lag=timedelta(hours=lag),
        basis="click" if click else "sale", exclude_direct=direct, probable=probable,
    ),
    st.integers(0, 8), st.integers(0, 9), st.sampled_from(["channel", "source", "device"]),
    st.sampled_from(["order", "order", "lead", "mql", "redemption"]), st.sampled_from([1, 3, 30]),
    st.sampled_from([0, 0, 20]), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip


@given(
    nights=st.lists(_NIGHT, min_size=3, max_size=6), questions=st.lists(_QUESTION, min_size=3,
                                                                        max_size=4),
)  # fmt: skip
@settings(
    max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_whatever_happens_or_is_taken_back_what_is_kept_says_what_a_full_run_says(
    site: Site, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    nights: Sequence[Any], questions: Sequence[Question],
) -> None:  # fmt: skip
    world = World(site, cast, tmp_path)
    for heard, (said, *more) in nights:
        for what, *how in heard:
            getattr(world, what)(*how)
        world.publish()
        with operating():
            getattr(world, said)(*more)
        identity.solve_people()
        for question in questions:
            check_alike(*answers(cast.chloe, question, monkeypatch))


def test_what_a_passer_by_did_after_midnight_is_credited_to_his_visit_of_the_evening(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(period=Period(EVENING.date() - timedelta(days=9), NOON.date()), kind="lead")
    world = World(site, cast, Path())
    world.visit(1, 0, DAYS - 1, 0, "email")
    evening = Heard("evening", "page_view", EVENING, day="passer-by", via="social")
    publish(site, *world.heard, evening)
    check_alike(*answers(cast.chloe, question, monkeypatch))

    after = Heard("after", "lead", EVENING + timedelta(minutes=20), day="passer-by", via="search")
    publish(site, after)

    kept, whole = answers(cast.chloe, question, monkeypatch)
    check_alike(kept, whole)
    assert kept.rests.conversions == 1
    assert dict(zip(kept.units, kept.credits["last_touch"].conversions, strict=True)) == {
        "Email": 0, "Organic Social": 1,
    }  # fmt: skip


def test_what_files_said_that_are_gone_is_forgotten_with_them(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(period=Period(NOON.date() - timedelta(days=9), NOON.date()))
    for day in range(3):
        publish(site, order(f"O-{day}", NOON - timedelta(days=day), 10, login="login-1"))
        answers(cast.chloe, question, monkeypatch)
    connections.compact(at_least=2)

    check_alike(*answers(cast.chloe, question, monkeypatch))

    with acting_as(cast.chloe):
        files = opened(scope_of(organisations.visible_organisations())).snapshot.files("touches")
    assert [set(known) for known in by_file._known.values()] == [{file.id for file in files}]


def test_what_is_too_large_to_be_kept_of_files_is_asked_of_them_each_time(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_file, "KEPT_ROWS", 1)
    question = Question(period=Period(NOON.date() - timedelta(days=9), NOON.date()))
    world = World(site, cast, Path())
    for day in range(DAYS - 2, DAYS):
        world.visit(1, 0, day, 0, "email")
        world.known(1, 0, day, 1)
        world.bought(1, day, 2, 4_000, code=False)
        world.refunded(0, 500)
        world.publish()
        check_alike(*answers(cast.chloe, question, monkeypatch))

    assert not by_file._known
    assert by_file._too_large
