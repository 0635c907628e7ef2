"""What flatters is no business objective, whoever says it and in whichever words."""

from __future__ import annotations

import pytest

from regie.domain import vanity
from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.definitions import NonAdditive


@pytest.mark.parametrize("name", ["orders", "revenue", "leads_received", "calls", "cpa", "roas",
                                  "cpl_received", "tacos", "returning_share"])  # fmt: skip
def test_what_an_organisation_lives_on_is_business(name: str) -> None:
    assert vanity.is_business(name)


@pytest.mark.parametrize("name", ["impressions", "clicks", "ctr", "cpc", "cpm", "conversions",
                                  "roas_claimed", "acos", "leads", "cpl", "engagement_rate",
                                  "visits", "video_views", "spend"])  # fmt: skip
def test_what_platforms_count_is_not(name: str) -> None:
    assert not vanity.is_business(name)
    assert str(vanity.why(name))


def test_every_metric_that_is_refused_has_a_better_one() -> None:
    asked = [name for name, one in metrics().items() if not isinstance(one, NonAdditive)]
    for name in asked:
        if not vanity.is_business(name):
            assert all(vanity.is_business(one) for one in vanity.better(name)), name


@pytest.mark.parametrize(
    ("words", "is_business", "is_aware", "is_vain"),
    [
        ("Objectif de notoriété dépassé : +20 % d’impressions", False, False, True),
        ("Awareness goal: 20% more impressions", False, False, True),
        ("20 % d'affichages en plus", True, False, True),
        ("20 % d'affichages en plus", False, True, True),
        ("20 % d'affichages en plus", False, False, False),
        ("10 000 abonnés de plus", True, False, True),
        ("5,000 likes by June", True, False, True),
        # As an operational goal a number of likes by a date is a goal like another.
        ("5,000 likes by June", False, False, False),
        ("+5 % de clients sur l’exercice", True, False, False),
        ("Répondre aux appels en moins de 3 minutes", True, False, False),
        ("Revue de presse", True, True, False),
        ("", True, True, False),
    ],
)
def test_a_goal_in_words_is_read_too(words, is_business, is_aware, is_vain) -> None:
    found = vanity.of_words(words, is_business=is_business, is_aware=is_aware)

    assert (found is not None) is is_vain
