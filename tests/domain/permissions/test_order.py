"""The lattice of permission sets keeps its laws, whatever the sets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.permissions import order
from regie.domain.permissions.catalog import families, family, role
from regie.domain.permissions.definitions import VIEW, Permissions
from regie.domain.permissions.role_map import meanings

CODES = sorted(family("ad_account").all | family("page").all)
sets = st.frozensets(st.sampled_from(CODES))


@given(sets, sets, sets)
def test_a_path_never_gives_more_than_any_of_its_parts(
    assigned: Permissions, ceiling: Permissions, policy: Permissions
) -> None:
    given_ = order.allowed(assigned, ceiling, policy)

    assert given_ <= assigned
    assert given_ <= ceiling
    assert not policy or given_ <= policy


@pytest.mark.requirement("BM-41")
@given(sets, sets, sets, sets)
def test_a_lower_ceiling_never_gives_more(
    assigned: Permissions, ceiling: Permissions, taken: Permissions, policy: Permissions
) -> None:
    lower = order.allowed(assigned, ceiling - taken, policy)

    assert lower <= order.allowed(assigned, ceiling, policy)
    assert not lower & taken


@given(sets, sets, sets)
def test_lowering_and_raising_again_gives_back_what_was_there(
    assigned: Permissions, ceiling: Permissions, policy: Permissions
) -> None:
    before = order.allowed(assigned, ceiling, policy)
    order.allowed(assigned, order.NOTHING, policy)

    assert order.allowed(assigned, ceiling | before, policy) == before


@given(st.lists(sets, max_size=4), sets)
def test_a_further_path_takes_nothing_away(paths: list[Permissions], more: Permissions) -> None:
    assert order.union(paths) <= order.union([*paths, more])


@pytest.mark.requirement("BM-40")
@given(sets, sets)
def test_fitting_is_a_partial_order_and_not_a_rank(one: Permissions, other: Permissions) -> None:
    assert order.fits(one, one)
    assert order.fits(one, other) == (not order.beyond(one, other))
    if order.fits(one, other) and order.fits(other, one):
        assert one == other


@given(st.sampled_from(sorted(families())), sets)
def test_what_can_be_given_under_a_ceiling_fits_there(name: str, ceiling: Permissions) -> None:
    found = family(name)

    for one in order.roles_within(found, ceiling):
        assert order.allowed(one.permissions, ceiling, order.NOTHING) == one.permissions


@given(sets)
def test_a_set_is_named_by_a_role_that_it_holds_whole(held: Permissions) -> None:
    found, beside = order.name_of(family("ad_account"), held)

    assert (found.permissions if found else frozenset()) | beside == held


def test_two_roles_may_each_hold_what_the_other_has_not() -> None:
    forms = role("page", "LEAD_GEN_FORMS_MANAGER").permissions
    poster = role("page", "DIRECT_SPONSORED_CONTENT_POSTER").permissions

    assert not order.fits(forms, poster)
    assert not order.fits(poster, forms)


def test_the_role_map_shows_the_gaps_both_ways() -> None:
    viewer = {one.platform: one for one in meanings("ad_account", role("ad_account", "VIEWER"))}

    assert viewer["linkedin"].is_exact
    assert viewer["meta"].name == "ANALYZE"
    assert viewer["meta"].less == {"notifications.receive", "billing.view"}
    assert viewer["google"].name == "Read only"
    assert viewer["google"].less == {"notifications.receive"}
    manager = {
        one.platform: one for one in meanings("ad_account", role("ad_account", "ACCOUNT_MANAGER"))
    }
    assert manager["meta"].name == "MANAGE"
    assert manager["meta"].more == {"billing.edit"}


@given(st.sampled_from([(name, one) for name in families() for one in family(name).roles]))
def test_what_a_platform_lacks_and_adds_makes_up_the_difference(found: tuple) -> None:
    name, one = found

    for meaning in meanings(name, one):
        assert not meaning.less & meaning.more
        assert meaning.less <= one.permissions
        assert not meaning.more & one.permissions
        assert VIEW not in meaning.less or VIEW in one.permissions
