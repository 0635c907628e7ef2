"""Uses of codes are derived again only where news concern them, and are what all of them say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from regie.apps.access.context import operating
from regie.apps.connections import services as connections
from regie.apps.tracking import filed, services
from regie.apps.tracking.models import Site
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, NOON, order
from tests.cast import Cast, bring
from tests.tracking.test_codes_in_files import TWO, files, registered, shop

__all__ = ["files", "shop"]

pytestmark = pytest.mark.slow
Settle = Callable[[], bool]


@pytest.fixture
def settle(django_capture_on_commit_callbacks: Any) -> Settle:
    """Settles, and says whether uses changed; all of them derived anew are the same then."""

    def again() -> bool:
        with django_capture_on_commit_callbacks(execute=True):
            changed = services.settle_files()
        kept = filed._path().read_text()
        filed._path().unlink()
        assert services.settle_files() is False, "news were overlooked"
        filed._path().write_text(kept)
        return changed

    return again


def void(number: str) -> Heard:
    return Heard(f"void-{number}", "order", NOON + DAY, is_server=True,
                 p={"order_id": number, "status": "cancelled"})  # fmt: skip


def test_each_kind_of_news_leaves_what_all_orders_together_say(
    shop: Site, cast: Cast, files, settle: Settle
) -> None:
    record = bring(cast.nantes, files(*TWO))[0]
    assert settle()
    assert not settle()

    publish(shop, order("M-1", NOON, 30))
    assert not settle()
    publish(shop, order("F-1", NOON + DAY, 80))  # its touch is measured from now on
    assert settle()
    other = bring(cast.nantes, files("F-7,2026-06-12T12:00:00+02:00,EUR,5,salon25,"))[0]
    assert settle()
    publish(shop, void("F-1"))
    assert settle()
    registered(cast, cast.nantes, "ETE26")
    assert not settle()
    for one in (other, record):
        with operating():
            connections.undo_import(actor=cast.chloe, import_id=one.pk)
        settle()
    assert not settle()


def test_orders_that_concern_no_code_derive_nothing_again(
    shop: Site, cast: Cast, files, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(cast.nantes, files(*TWO))
    settle()

    def never(*_given: object) -> bool:
        raise AssertionError("all uses were derived again")

    with monkeypatch.context() as watched:
        watched.setattr(filed, "_settle", never)
        publish(shop, order("M-1", NOON, 30))
        assert services.settle_files() is False
    assert not settle()
