"""How to get a file: every platform that Régie reads is explained, once, in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from regie.ingestion.formats import formats
from regie.ui.platforms import PLATFORMS
from regie.web.guides import GROUPS, GUIDES, guides
from tests.cast import Cast
from tests.web.test_explanation import text_of


def test_every_platform_that_is_read_has_a_guide() -> None:
    read = {one.platform for one in formats().values() if one.platform}

    assert read - {guide.platform for guide in GUIDES} == set()


def test_every_guide_is_in_one_group_and_has_a_name() -> None:
    grouped = [name for _label, names in GROUPS for name in names]

    assert sorted(grouped) == sorted(guide.platform for guide in GUIDES)
    assert {guide.platform for guide in GUIDES} - {"own", "creators"} <= PLATFORMS.keys()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_steps_are_said_in_the_language_of_the_reader(language: str) -> None:
    with translation.override(language):
        shown = [guide for group in guides() for guide in group["guides"]]

    assert all(len(guide["steps"]) >= 2 for guide in shown)
    steps = " ".join(step for guide in shown for step in guide["steps"])
    assert ("Choisissez" in steps) is (language == "fr")


def test_the_page_of_imports_shows_them(cast: Cast) -> None:
    text = text_of(cast.chloe, "/imports/")

    for name in ("Google Business Profile", "Matomo", "LinkedIn Pages", "Shopify"):
        assert name in text
