"""People from evidence: guards hold, links can be cut, the order of arrival changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.identity.evidence import Evidence, Identifiers, Kind
from regie.domain.identity.graph import NEVER, UNLIKELY, People, solve
from regie.domain.identity.guards import Guard

AMELIE, BRUNO, PHONE, DESKTOP, TABLET, CARD = 10, 20, 30, 40, 50, 60
KINDS = {
    AMELIE: Kind.LOGIN, BRUNO: Kind.LOGIN, PHONE: Kind.DEVICE, DESKTOP: Kind.DEVICE,
    TABLET: Kind.DEVICE, CARD: Kind.LOYALTY,
}  # fmt: skip


def identifiers(kinds: dict[int, Kind] = KINDS) -> Identifiers:
    keys = sorted(kinds)
    return Identifiers(np.array(keys, np.int64), np.array([kinds[key] for key in keys], np.int8))


def links(*pairs: tuple[int, int, float]) -> Evidence:
    left, right, probability = zip(*pairs, strict=True) if pairs else ((), (), ())
    return Evidence(
        np.array(left, np.int64), np.array(right, np.int64), np.array(probability, np.float64)
    )


def groups(people: People) -> set[frozenset[int]]:
    found: dict[int, set[int]] = {}
    for key, person in zip(people.identifiers.keys.tolist(), people.person.tolist(), strict=True):
        found.setdefault(person, set()).add(key)
    return {frozenset(group) for group in found.values()}


def test_a_login_on_the_phone_and_on_the_desktop_makes_one_person() -> None:
    people = solve(identifiers(), links((AMELIE, PHONE, 1), (AMELIE, DESKTOP, 1)))
    assert people.of(PHONE) == people.of(DESKTOP) == AMELIE
    assert people.of(BRUNO) != AMELIE


def test_two_logins_on_one_tablet_stay_two_people() -> None:
    people = solve(
        identifiers(), links((AMELIE, TABLET, 1), (BRUNO, TABLET, 1), (AMELIE, PHONE, 1))
    )
    assert people.of(AMELIE) != people.of(BRUNO)
    assert people.of(PHONE) == people.of(AMELIE)
    assert people.refused == {0: "shared_device", 1: "shared_device"}


def test_a_probable_link_counts_only_from_the_threshold_on() -> None:
    evidence = links((AMELIE, PHONE, 1), (PHONE, DESKTOP, 0.97), (DESKTOP, TABLET, 0.6))
    sure = solve(identifiers(), evidence)
    probable = solve(identifiers(), evidence, threshold=0.95)
    assert sure.of(DESKTOP) != AMELIE
    assert sure.refused == {1: UNLIKELY, 2: UNLIKELY}
    assert probable.of(DESKTOP) == AMELIE
    assert probable.of(TABLET) == TABLET


def test_a_pair_that_must_never_merge_stands_apart_at_the_least_sure_link() -> None:
    chain = links(
        (AMELIE, PHONE, 1), (PHONE, CARD, 0.96), (CARD, DESKTOP, 0.99), (DESKTOP, BRUNO, 1)
    )
    together = solve(identifiers(), chain, threshold=0.9)
    assert together.of(AMELIE) == together.of(BRUNO)
    apart = solve(identifiers(), chain, threshold=0.9, never=np.array([[BRUNO, AMELIE]]))
    assert apart.of(AMELIE) != apart.of(BRUNO)
    assert apart.of(CARD) == apart.of(BRUNO)
    assert apart.refused == {1: NEVER}


def test_an_identifier_seen_with_too_many_others_joins_none_of_them() -> None:
    kinds = {1: Kind.EMAIL} | dict.fromkeys(range(2, 60), Kind.DEVICE)
    shared = links(*((1, device, 1.0) for device in range(2, 60)))
    assert len(groups(solve(identifiers(kinds), shared))) == 59
    few = links(*((1, device, 1.0) for device in range(2, 52)), *((1, 2, 1.0) for _ in range(9)))
    assert len(groups(solve(identifiers(kinds), few))) == 9


def test_a_link_to_an_unknown_identifier_is_named() -> None:
    for stranger in (5, 45, 99):
        with pytest.raises(KeyError, match=str(stranger)):
            solve(identifiers(), links((AMELIE, stranger, 1)))
    with pytest.raises(KeyError, match="7"):
        solve(identifiers({}), links((7, 8, 1)))


@pytest.mark.parametrize("wrong", [0.0, -0.1, 1.2])
def test_a_probability_outside_its_range_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        links((AMELIE, PHONE, wrong))


def test_spread_keys_are_found_as_dense_ones_are() -> None:
    spread = {key * 10**12: kind for key, kind in KINDS.items()}
    people = solve(identifiers(spread), links((AMELIE * 10**12, PHONE * 10**12, 1)))
    assert people.of(PHONE * 10**12) == AMELIE * 10**12


KEYS = st.integers(0, 11)
WORLD_KINDS = {key: list(Kind)[key % 3 and 6] for key in range(12)}
LINKS = st.lists(
    st.tuples(KEYS, KEYS, st.sampled_from([1.0, 0.99, 0.96, 0.5])).filter(lambda x: x[0] != x[1]),
    max_size=25,
)
PAIRS = st.lists(st.tuples(KEYS, KEYS).filter(lambda x: x[0] != x[1]), max_size=4)
NO_GUARD: tuple[Guard, ...] = ()


def naive(found: list[tuple[int, int, float]], least: float) -> set[frozenset[int]]:
    people = [{key} for key in range(12)]
    for left, right, probability in found:
        if probability >= least:
            one = next(group for group in people if left in group)
            other = next(group for group in people if right in group)
            if one is not other:
                people.remove(other)
                one |= other
    return {frozenset(group) for group in people}


@given(LINKS, st.sampled_from([None, 0.95]))
def test_people_are_those_of_a_naive_model(
    found: list[tuple[int, int, float]], threshold: float | None
) -> None:
    people = solve(identifiers(WORLD_KINDS), links(*found), threshold=threshold, guards=NO_GUARD)
    assert groups(people) == naive(found, threshold or 1.0)
    assert all(
        person == min(group) for group in groups(people) for person in [people.of(min(group))]
    )


@given(LINKS, PAIRS, st.randoms(use_true_random=False))
def test_pairs_hold_whatever_order_the_evidence_comes_in(
    found: list[tuple[int, int, float]], pairs: list[tuple[int, int]], random: object
) -> None:
    never = np.array(pairs, np.int64).reshape(-1, 2)
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one = solve(identifiers(WORLD_KINDS), links(*found), never=never, threshold=0.9)
    other = solve(identifiers(WORLD_KINDS), links(*shuffled), never=never, threshold=0.9)
    assert all(one.of(left) != one.of(right) for left, right in pairs)
    assert groups(one) == groups(other)


@given(LINKS, LINKS)
def test_cutting_what_was_added_gives_the_former_people(
    before: list[tuple[int, int, float]], added: list[tuple[int, int, float]]
) -> None:
    former = solve(identifiers(WORLD_KINDS), links(*before), threshold=0.9)
    merged = solve(identifiers(WORLD_KINDS), links(*before, *added), threshold=0.9)
    again = solve(identifiers(WORLD_KINDS), links(*before), threshold=0.9)
    assert groups(again) == groups(former)
    # More evidence can also show that a device is shared: then it joins fewer, never silently.
    for link in range(len(before) + len(added)):
        left, right, _ = (before + added)[link]
        assert link in merged.refused or merged.of(left) == merged.of(right)
