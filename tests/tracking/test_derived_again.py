"""Days that former rules derived are derived again once, and a kill leaves the rest to be done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from regie.apps.tracking import again, services
from regie.apps.tracking.models import Site
from regie.domain.facts import TOUCHES
from regie.ingestion.collected import deriving
from tests.attribution.heard import Heard, a_site, forget_journals, publish
from tests.attribution.test_journeys import JUNE, NOON, asked, earned
from tests.cast import Cast

pytestmark = pytest.mark.slow
MONTH = timedelta(days=31)


@pytest.fixture
def site(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Visits of two months, derived by rules that knew no visits at all."""
    forget_journals()
    again._path().unlink(missing_ok=True)
    made = a_site(cast.nantes, cast.chloe)
    with monkeypatch.context() as patch:
        patch.setitem(
            deriving.DERIVED, TOUCHES.name,
            lambda events: deriving.touches(f"(SELECT * FROM {events} WHERE kind = 'lead')"),
        )  # fmt: skip
        for month in (0, 1):
            at = NOON - month * MONTH
            publish(
                made, Heard(f"v{month}", "page_view", at, f"phone-{month}", via="social"),
                Heard(f"l{month}", "lead", at + timedelta(minutes=2), f"phone-{month}"),
            )  # fmt: skip
    return made


def test_days_of_former_rules_are_derived_again_once(site: Site, cast: Cast) -> None:
    before = earned(asked(cast.chloe, kind="lead"))

    assert services.derive_again() == 2
    assert services.derive_again() == 0

    assert before == {}
    assert earned(asked(cast.chloe, kind="lead")) == {"Organic Social": 1}


def test_whoever_comes_after_a_kill_does_the_rest(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    derived = again._derive
    seen = []

    def killed(month):  # type: ignore[no-untyped-def]
        seen.append(month)
        if len(seen) == 2:
            raise KeyboardInterrupt
        derived(month)

    with monkeypatch.context() as patch:
        patch.setattr(again, "_derive", killed)
        with pytest.raises(KeyboardInterrupt):
            services.derive_again()
    latest_first = earned(asked(cast.chloe, kind="lead", period=JUNE))

    assert services.derive_again() == 1
    assert latest_first == {"Organic Social": 1}
    assert seen == sorted(seen, reverse=True)


def test_new_rules_begin_again_and_new_months_need_nothing(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.derive_again()
    publish(site, Heard("later", "page_view", NOON + MONTH, "phone-2"))
    assert services.derive_again() == 0

    monkeypatch.setattr(again, "RULES", again.RULES + 1)

    assert services.derive_again() == 3
