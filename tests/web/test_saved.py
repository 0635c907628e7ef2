"""Saved views: kept by their author, shared when he says so, hidden from others."""

from __future__ import annotations

import pytest

from regie.apps.access.context import acting_as
from regie.apps.dashboards import selectors
from tests.cast import Cast
from tests.web.test_every_page import signed_in

QUERY = "period=last_month&split=campaign&only_media=paid"


def saved(cast: Cast, **said: str) -> int:
    answer = signed_in(cast.chloe).post(
        f"/report/save/?{QUERY}&nonsense=1", {"name": "Ma vue", **said}
    )
    assert answer.status_code == 302
    with acting_as(cast.chloe):
        return selectors.saved_views(cast.nantes, actor=cast.chloe)[0].id


def test_a_view_is_the_state_of_the_report_and_nothing_else(cast: Cast) -> None:
    number = saved(cast)
    answer = signed_in(cast.chloe).get(f"/report/views/{number}/")

    assert answer["Location"] == f"/report/?{QUERY}"
    page = signed_in(cast.chloe).get("/report/").content.decode()
    assert f'href="/report/views/{number}/"' in page
    assert "Ma vue" in page


def test_until_it_is_shared_its_author_alone_opens_it(cast: Cast) -> None:
    own = saved(cast)
    for person in (cast.bruno, cast.amelie, cast.diane):
        assert signed_in(person).get(f"/report/views/{own}/").status_code == 404


def test_a_shared_link_opens_the_organisation_it_speaks_of(cast: Cast) -> None:
    number = saved(cast, shared="on")
    client = signed_in(cast.amelie)

    assert client.get(f"/report/views/{number}/").status_code == 302
    assert "Horizon Nantes" in client.get("/report/").content.decode()
    assert signed_in(cast.diane).get(f"/report/views/{number}/").status_code == 404


def test_only_its_author_removes_a_view(cast: Cast) -> None:
    number = saved(cast, shared="on")

    signed_in(cast.bruno).post(f"/report/views/{number}/remove/")
    assert signed_in(cast.diane).post(f"/report/views/{number}/remove/").status_code == 404
    assert signed_in(cast.chloe).get(f"/report/views/{number}/").status_code == 302
    signed_in(cast.chloe).post(f"/report/views/{number}/remove/")
    assert signed_in(cast.chloe).get(f"/report/views/{number}/").status_code == 404


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_without_a_sensible_name_is_not_kept(cast: Cast, name: str) -> None:
    signed_in(cast.chloe).post("/report/save/", {"name": name})

    with acting_as(cast.chloe):
        assert selectors.saved_views(cast.nantes, actor=cast.chloe) == []
