"""How people say they heard of somebody, beside and within what was measured."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.apps.tracking.models import Site
from regie.domain.attribution.questions import Question
from regie.domain.traffic.channels import NAMES
from regie.domain.traffic.declared import ANSWERS, TOUCHES, answer
from tests.attribution.heard import Heard, publish
from tests.attribution.test_journeys import DAY, JUNE, MINUTE, NOON, asked, earned, order, site
from tests.attribution.test_kept import answers as answered
from tests.attribution.test_kept import check_alike
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_explanation import text_of

__all__ = ["site"]

DAYS = "from=2026-06-01&to=2026-06-30"


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Par un ami", "word_of_mouth"), ("BOUCHE À OREILLE", "word_of_mouth"),
        ("A friend on Facebook", "word_of_mouth"), ("Avis Google", "review"),
        ("publicité à la radio", "radio"), ("J’ai vu une affiche", "poster"),
        ("sur Google", "search"), ("ChatGPT", "assistant"), ("newsletter", "email"),
        ("Paul Durand", "other"), ("radio et télé", "other"), ("   ", ""), ("tv", "tv"),
    ],
)  # fmt: skip
def test_an_answer_is_kept_as_a_word_of_the_list(typed: str, word: str) -> None:
    assert answer(typed) == word


@given(typed=st.text(max_size=60))
def test_nothing_that_somebody_types_is_kept_as_it_is(typed: str) -> None:
    assert answer(typed) in {*ANSWERS, ""}
    assert answer(answer(typed)) == answer(typed)


def test_what_is_declared_is_of_a_channel_that_reports_know() -> None:
    assert set(TOUCHES) <= set(ANSWERS)
    assert set(TOUCHES.values()) <= set(NAMES)


@pytest.mark.slow
@pytest.mark.requirement("MEAS-5")
def test_word_of_mouth_stands_before_the_visit_in_which_it_is_told(site: Site, cast: Cast) -> None:
    publish(
        site,
        Heard("s", "page_view", NOON - DAY, "x", via="social"),
        Heard("v", "page_view", NOON, "x"),
        Heard("l", "lead", NOON + MINUTE, "x", p={"lead_id": "L-1", "heard": "un ami"}),
    )

    found = asked(cast.chloe, kind="lead")

    assert earned(found, "linear") == pytest.approx(
        {"Direct": 1 / 3, "Organic Social": 1 / 3, "Word of Mouth": 1 / 3}
    )
    assert earned(found, "last_touch") == {"Direct": 1}
    assert earned(found, "last_non_direct") == {"Word of Mouth": 1}
    assert earned(asked(cast.chloe, kind="lead", unit="media")) == pytest.approx(
        {"earned": 1 / 3, "owned": 2 / 3}
    )
    assert found.rests.visits == 2  # what is said is no visit


@pytest.mark.slow
@pytest.mark.requirement("MEAS-5")
def test_every_kind_of_touchpoint_has_its_place_in_a_journey(site: Site, cast: Cast) -> None:
    ways = {
        "?utm_source=instagram&utm_medium=social": "Organic Social",
        "?utm_source=trustpilot.com&utm_medium=referral": "Reviews",
        "?utm_source=lettre&utm_medium=email": "Email",
        "?utm_source=google&utm_medium=cpc": "Paid Search",
        "?utm_source=affiche&utm_medium=qr": "Offline",
    }
    publish(
        site,
        *(Heard(f"v{n}", "page_view", NOON - (9 - n) * DAY, "x", query=query)
          for n, query in enumerate(ways)),
        Heard("i", "identify", NOON - DAY, "x", p={"login": "c-7"}),
        order("O-1", NOON, 60, login="c-7", heard="word_of_mouth"),
    )  # fmt: skip

    found = asked(cast.chloe)

    assert earned(found, what="value") == {
        **dict.fromkeys(ways.values(), pytest.approx(10)), "Word of Mouth": pytest.approx(10),
    }  # fmt: skip
    assert earned(found, "last_touch") == {"Word of Mouth": 1}


@pytest.mark.slow
def test_what_a_visit_measures_by_itself_is_told_and_not_counted_twice(
    site: Site, cast: Cast
) -> None:
    publish(
        site,
        Heard("v", "page_view", NOON, "x", via="search"),
        Heard("l", "lead", NOON + MINUTE, "x", p={"heard": "Google"}),
        Heard("w", "page_view", NOON, "y"),
        Heard("m", "lead", NOON + MINUTE, "y", p={"heard": "Radio"}),
        Heard("z", "page_view", NOON, "z"),
        Heard("n", "lead", NOON + MINUTE, "z"),
    )

    assert earned(asked(cast.chloe, kind="lead"), "first_touch") == {
        "Direct": 1, "Offline": 1, "Paid Search": 1,
    }  # fmt: skip
    page = text_of(cast.chloe, f"/attribution/?{DAYS}&kind=lead")
    assert "2 of 3 conversions say it." in page
    assert "Search engine" in page
    assert "Counts as a touch: Offline" in page
    outsider = text_of(cast.diane, f"/attribution/?{DAYS}&kind=lead")
    assert "How they say they heard of you" not in outsider


@pytest.mark.slow
def test_an_answer_opens_who_gave_it_beside_what_was_measured(site: Site, cast: Cast) -> None:
    publish(
        site,
        Heard("v", "page_view", NOON - DAY, "x", via="search"),
        Heard("o", "identify", NOON, "x", p={"login": "c-1"}),
        order("O-1", NOON + MINUTE, 60, login="c-1", heard="ChatGPT"),
        order("O-2", NOON + DAY, 80, login="c-2", heard="chatgpt"),
        order("O-3", NOON + DAY, 90, login="c-3", heard="un ami"),
        order("O-4", NOON, 70, login="c-4", heard="chatgpt"),
        Heard("e-void", "order", NOON + DAY, is_server=True,
              p={"order_id": "O-4", "status": "cancelled"}),
    )  # fmt: skip
    address = f"/attribution/explain/?{DAYS}&heard=assistant"

    page = text_of(cast.chloe, address)

    assert "AI assistant" in page
    assert "The 2 conversions behind it, the latest first O-2 €80.00 Conversion" in page
    assert "O-1 €60.00 Paid Search 9 Jun" in page
    assert "O-3" not in page
    assert "AI assistant 2 67%" in text_of(cast.chloe, f"/attribution/?{DAYS}")
    assert "O-2" not in text_of(cast.diane, address)
    assert signed_in(cast.chloe).get(f"/attribution/explain/?{DAYS}&heard=mum").status_code == 404


@pytest.mark.slow
def test_what_is_declared_is_the_same_in_what_is_kept_from_question_to_question(
    site: Site, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = Question(period=JUNE, kind="lead", lookback=timedelta(days=3))
    for day in range(3):
        at = NOON + day * DAY
        publish(
            site,
            Heard(f"v{day}", "page_view", at, "x" if day else "", day=f"d{day}"),
            Heard(f"l{day}", "lead", at + MINUTE, "x" if day else "", day=f"d{day}",
                  p={"heard": "avis"}),
        )  # fmt: skip
        check_alike(*answered(cast.chloe, question, monkeypatch))
