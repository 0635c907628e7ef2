"""Who is who: by login across devices, never across organisations, never without consent."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regie.apps.access.context import acting_as, operating
from regie.apps.audit.models import AuditLine
from regie.apps.identity import selectors, services
from regie.apps.identity.models import Correction, LeftOut, Membership, Probable
from regie.apps.identity.solving import solve_organisation
from regie.apps.tracking.models import ConsentLine, Evidence, Identifier
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, Refused
from tests.cast import Cast
from tests.identity.visits import Shop, open_shop


def people(*organisations: Any) -> dict[str, str]:
    """Whose each key of events is, by sure links."""
    with operating():
        table = selectors.people_keys([one.pk for one in organisations])
    return dict(zip(table["key"].to_pylist(), table["person"].to_pylist(), strict=True))


@pytest.mark.requirement("ID-8")
def test_a_login_on_the_phone_and_on_the_desktop_is_one_person(shop: Shop, cast: Cast) -> None:
    """I1."""
    shop.heard("identify", device="phone-1", login="amelie", agent="phone")
    shop.heard("identify", device="desktop-1", login="amelie")
    shop.heard("page_view", device="desktop-2")
    shop.known()

    found = people(cast.nantes)
    phone, desktop, login = (shop.key(one) for one in ("phone-1", "desktop-1", "amelie"))
    assert found[f"v{phone}"] == found[f"v{desktop}"] == found[f"p{login}"]
    assert f"v{shop.key('desktop-2')}" not in found
    with acting_as(cast.chloe):
        count = selectors.overview([cast.nantes.pk])
    assert (count.people, count.known, count.linked, count.devices) == (2, 1, 1, 3)


def test_nobody_is_the_same_in_two_organisations(shop: Shop, cast: Cast) -> None:
    other = open_shop(cast.diane, cast.studio)
    for place in (shop, other):
        place.heard("identify", device="phone-1", login="amelie")
        place.heard("identify", device="desktop-1", login="amelie")
    other.written()
    shop.known()

    ours, theirs = people(cast.nantes), people(cast.studio)
    assert len(ours) == len(theirs) == 3
    assert set(ours.values()).isdisjoint(theirs.values())
    with acting_as(cast.diane):
        assert selectors.people_keys([cast.nantes.pk]).num_rows == 0
        assert selectors.person(shop.key("amelie")) is None


def test_without_consent_nothing_is_known_and_a_yes_taken_back_parts(
    shop: Shop, cast: Cast
) -> None:
    shop.heard("identify", device="phone-1", login="bruno", consent={"granted": False})
    shop.known()
    assert people(cast.nantes) == {}
    with operating():
        assert Identifier.objects.count() == 0

    shop.heard("identify", device="phone-1", login="bruno")
    shop.heard("identify", device="desktop-1", login="bruno")
    shop.known()
    assert len(set(people(cast.nantes).values())) == 1

    shop.heard("consent", device="phone-1", consent={"granted": False, "text": "v1"})
    shop.known()
    found = people(cast.nantes)
    assert found[f"v{shop.key('phone-1')}"] != found[f"p{shop.key('bruno')}"]
    assert found[f"v{shop.key('desktop-1')}"] == found[f"p{shop.key('bruno')}"]
    with operating():
        assert selectors.guards_hit([cast.nantes.pk]) == {"consent_withdrawn": 1}


def test_a_digest_is_one_name_however_it_is_written(shop: Shop, cast: Cast) -> None:
    address = "newcomer@boutique.example"
    digest = hashlib.sha256(address.encode()).hexdigest()
    for device, said in (
        ("phone-1", digest), ("desktop-1", digest.upper()), ("tablet-1", f" {address.upper()} "),
        ("stranger-1", "not a digest"), ("stranger-2", "not a digest"),
    ):  # fmt: skip
        shop.heard("identify", device=device, email_sha256=said)
    shop.known()

    with operating():
        names = Identifier.objects.filter(kind="email_sha256").values_list("value", flat=True)
        assert list(names) == [digest]
    found = people(cast.nantes)
    devices = ("phone-1", "desktop-1", "tablet-1", "stranger-1")
    of = {device: found.get(f"v{shop.key(device)}") for device in devices}
    assert of["phone-1"] == of["desktop-1"] == of["tablet-1"] == found[f"p{shop.key(digest)}"]
    assert of["stranger-1"] != of["phone-1"]


@pytest.mark.requirement("ID-9")
def test_accounts_of_several_providers_are_one_person_by_what_they_share(
    shop: Shop, cast: Cast
) -> None:
    """The same number at two providers is two people; one address at two of them is one."""
    address = hashlib.sha256(b"amelie@boutique.example").hexdigest()
    shop.heard("identify", device="phone-1", login="google:77", email_sha256=address)
    shop.heard("identify", device="desktop-1", login="linkedin:ab", email_sha256=address)
    shop.heard("identify", device="desktop-2", login="microsoft:77")
    shop.known()

    found = people(cast.nantes)
    phone, desktop, other = (
        found[f"v{shop.key(one)}"] for one in ("phone-1", "desktop-1", "desktop-2")
    )
    assert phone == desktop
    assert found[f"p{shop.key('google:77')}"] == found[f"p{shop.key('linkedin:ab')}"] == phone
    assert other == found[f"p{shop.key('microsoft:77')}"] != phone


@pytest.mark.parametrize("second", [{}, {"email_sha256": "b" * 64}])
def test_a_family_tablet_makes_nobody_one(shop: Shop, cast: Cast, second: dict[str, str]) -> None:
    shop.heard("identify", device="tablet", login="amelie")
    shop.known()
    shop.heard("identify", device="tablet", login="bruno", **second)
    shop.known()

    found = people(cast.nantes)
    assert found[f"p{shop.key('amelie')}"] != found[f"p{shop.key('bruno')}"]
    with operating():
        reasons = selectors.guards_hit([cast.nantes.pk])
    assert reasons == {"shared_device": 2}


def test_an_address_sent_on_with_its_click_id_joins_no_friends(shop: Shop, cast: Cast) -> None:
    for device in ("phone-1", "desktop-9"):
        shop.heard("page_view", device=device, url="https://boutique.example/?gclid=Sent-On")
    shop.known()

    found = people(cast.nantes)
    assert len({found[f"v{shop.key(one)}"] for one in ("phone-1", "desktop-9")}) == 2


def test_a_link_is_cut_and_everything_is_as_it_was(shop: Shop, cast: Cast) -> None:
    shop.heard("identify", device="phone-1", login="amelie")
    shop.known()
    before = people(cast.nantes)
    shop.heard("identify", device="desktop-1", login="amelie")
    shop.known()
    merged = people(cast.nantes)
    one, other = shop.key("amelie"), shop.key("desktop-1")

    with acting_as(cast.chloe):
        word = services.cut_link(actor=cast.chloe, one=one, other=other)
        with pytest.raises(Refused):
            services.cut_link(actor=cast.chloe, one=other, other=one)
    cut = people(cast.nantes)
    assert {key: whose for key, whose in cut.items() if key in before} == before
    assert cut[f"v{other}"] == f"p{other}"

    shop.heard("page_view", device="desktop-1")
    shop.heard("identify", device="desktop-1", login="amelie")
    shop.known()
    assert people(cast.nantes) == cut
    with acting_as(cast.chloe):
        services.take_back(actor=cast.chloe, correction_id=word)
    assert people(cast.nantes) == merged
    with operating():
        lines = AuditLine.objects.filter(action__startswith="identity.")
        told = [(line.action, str(line.details)) for line in lines.order_by("pk")]
    assert [action for action, _ in told] == ["identity.cut", "identity.taken_back"]
    assert all("amelie" not in text and "desktop-1" not in text for _, text in told)


def test_two_that_never_merge_stay_apart_whatever_is_seen(shop: Shop, cast: Cast) -> None:
    shop.heard("identify", device="phone-1", login="amelie")
    shop.heard("identify", device="phone-1", customer="K-2")
    shop.known()
    one, other = shop.key("amelie"), shop.key("K-2")
    assert len(set(people(cast.nantes).values())) == 1

    with acting_as(cast.chloe):
        services.hold_apart(actor=cast.chloe, one=one, other=other)
        (said,) = selectors.corrections([cast.nantes.pk])
    assert people(cast.nantes)[f"p{one}"] != people(cast.nantes)[f"p{other}"]
    assert (said.word, said.said_by) == ("never", str(cast.chloe))
    shop.heard("order", login="amelie", customer="K-2", order_id="1", value=3, currency="EUR")
    shop.known()
    assert people(cast.nantes)[f"p{one}"] != people(cast.nantes)[f"p{other}"]


def test_who_is_outside_says_nothing_of_our_people(shop: Shop, cast: Cast) -> None:
    shop.heard("identify", device="phone-1", login="amelie")
    shop.known()
    one, other = shop.key("amelie"), shop.key("phone-1")
    for act in (services.cut_link, services.hold_apart):
        with acting_as(cast.diane), pytest.raises(NotFound):
            act(actor=cast.diane, one=one, other=other)
    with acting_as(cast.diane), pytest.raises(Forbidden):
        services.count_probable(actor=cast.diane, organisation=cast.nantes, on=True)
    with acting_as(cast.diane):
        assert not Correction.objects.exists()
        assert not Membership.objects.exists()


KINDS = ("login", "device", "email_sha256", "device", "customer", "gclid", "login", "device")
ENDS = st.integers(0, len(KINDS) - 1)
PAIRS = st.tuples(ENDS, ENDS).filter(lambda pair: pair[0] != pair[1])
NEWS = st.one_of(
    st.tuples(st.just("seen"), st.lists(PAIRS, min_size=1, max_size=8)),
    st.tuples(st.just("likely"), st.lists(PAIRS, min_size=1, max_size=3)),
    st.tuples(st.just("answered"), st.tuples(ENDS, st.booleans())),
    st.tuples(st.just("cut"), PAIRS),
    st.tuples(st.just("never"), PAIRS),
    st.tuples(st.just("back"), st.integers(0, 5)),
    st.tuples(st.just("gone"), ENDS),
    st.tuples(st.just("counted"), st.booleans()),
)


class World:
    """Identifiers of Nantes, and whatever can happen to them."""

    def __init__(self, cast: Cast, site: int) -> None:
        self.cast, self.site, self.now = cast, site, clock.now()
        Identifier.objects.filter(organisation=cast.nantes).delete()
        self.keys = [
            Identifier.objects.create(
                organisation=cast.nantes, kind=kind, value=str(place), first_seen=self.now,
                last_seen=self.now,
            ).pk
            for place, kind in enumerate(KINDS)
        ]  # fmt: skip

    def takes_in(self, what: str, said: Any) -> None:
        with suppress(NotFound, Refused):
            getattr(self, what)(said)

    def seen(self, pairs: list[tuple[int, int]]) -> None:
        Evidence.objects.bulk_create(
            [
                Evidence(organisation=self.cast.nantes, one_id=one, other_id=other, rule="seen",
                         first_seen=self.now)
                for one, other in self._there(pairs)
            ],
            ignore_conflicts=True,
        )  # fmt: skip

    def likely(self, pairs: list[tuple[int, int]]) -> None:
        """A comparison of customers: its finds take the place of the former ones."""
        Probable.objects.filter(organisation=self.cast.nantes).delete()
        Probable.objects.bulk_create(
            [
                Probable(organisation=self.cast.nantes, one_id=one, other_id=other,
                         probability=0.9 + 0.01 * (one % 8), found_at=self.now)
                for one, other in {tuple(sorted(pair)) for pair in self._there(pairs)}
            ]
        )  # fmt: skip

    def answered(self, said: tuple[int, bool]) -> None:
        for one, _ in self._there([(said[0], said[0])]):
            ConsentLine.objects.create(
                organisation=self.cast.nantes, device_id=one, site_id=self.site, at=clock.now(),
                is_granted=said[1], event_id=uuid4().hex,
            )  # fmt: skip

    def cut(self, pair: tuple[int, int]) -> None:
        for one, other in self._there([pair]):
            services.cut_link(actor=None, one=one, other=other)

    def never(self, pair: tuple[int, int]) -> None:
        for one, other in self._there([pair]):
            services.hold_apart(actor=None, one=one, other=other)

    def back(self, place: int) -> None:
        for word in Correction.objects.filter(taken_back_at=None).order_by("pk")[place:][:1]:
            services.take_back(actor=None, correction_id=word.pk)

    def gone(self, place: int) -> None:
        """Retired, or forgotten."""
        Identifier.objects.filter(pk=self.keys[place]).delete()

    def counted(self, on: bool) -> None:
        services.count_probable(actor=None, organisation=self.cast.nantes, on=on, threshold=0.94)

    def _there(self, pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
        found = set(Identifier.objects.values_list("pk", flat=True))
        named = [(self.keys[one], self.keys[other]) for one, other in pairs]
        return [pair for pair in named if found.issuperset(pair)]


@pytest.mark.slow
@given(nights=st.lists(st.lists(NEWS, min_size=1, max_size=5), min_size=1, max_size=4))
@settings(max_examples=25, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
def test_news_give_the_same_people_as_looking_at_everything_again(
    shop: Shop, cast: Cast, nights: list[list[tuple[str, Any]]]
) -> None:
    with operating():
        world = World(cast, shop.site.pk)
        for night in nights:
            for what, said in night:
                world.takes_in(what, said)
            services.solve_people()
            news = _state(cast)
            assert services.solve_people().identifiers == 0
            solve_organisation(cast.nantes.pk, everything=True)
            assert _state(cast) == news
        for _word in range(Correction.objects.filter(taken_back_at=None).count()):
            world.back(0)
        taken_back = _linked(cast)
        Membership.objects.all().delete()
        LeftOut.objects.all().delete()
        solve_organisation(cast.nantes.pk, everything=True)
        assert _linked(cast) == taken_back


def test_what_commits_late_is_not_passed_over(shop: Shop, cast: Cast) -> None:
    """A mark of how far was read would be past it: its number is smaller than that of another."""
    shop.heard("identify", device="phone-1", login="amelie")
    shop.known()
    one, other = shop.key("amelie"), shop.key("phone-1")
    with operating():
        assert services.solve_people().identifiers == 0
        first = Evidence.objects.order_by("pk").first()
        assert first is not None
        Evidence.objects.filter(pk=first.pk).delete()
        assert services.solve_people().identifiers == 2
    assert people(cast.nantes)[f"v{other}"] == f"p{other}"
    with operating():
        first.save(force_insert=True)
        assert services.solve_people().identifiers == 2
    assert people(cast.nantes)[f"v{other}"] == f"p{min(one, other)}"


def _linked(cast: Cast) -> tuple[list[Any], list[Any]]:
    """The same, without those that are a person by themselves: to be noted or not says as much."""
    members, reasons = _state(cast)
    return [row for row in members if len(set(row)) > 1], reasons


def _state(cast: Cast) -> tuple[list[Any], list[Any]]:
    members = Membership.objects.filter(organisation=cast.nantes).order_by("pk")
    reasons = LeftOut.objects.filter(organisation=cast.nantes).order_by("one_id", "other_id")
    return (
        list(members.values_list("pk", "around", "person", "probable")),
        list(reasons.values_list("one_id", "other_id", "reason")),
    )


def test_what_is_known_of_people_is_walled(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'identity\\_%' AND relkind = 'r' "
            "AND NOT (relrowsecurity AND relforcerowsecurity)"
        )
        assert cursor.fetchall() == []
