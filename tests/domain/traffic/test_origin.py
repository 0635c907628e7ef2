"""Where a page view came from: tags before click ids before the page that led to it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.traffic.origin import Origin, host_of, origin, sent_host
from regie.domain.traffic.tags import CLICK_IDS, read_tags

OWN = frozenset({"shop.example"})
REFERRERS = ["", "https://www.google.com/", "https://shop.example/a", "https://news.example/x"]


@pytest.mark.parametrize(
    ("query", "referrer", "found"),
    [
        ("utm_source=crm&utm_medium=email&gclid=X", "https://www.google.fr/",
         Origin("Email", "crm", "email", "")),
        ("utm_campaign=ete", "", Origin("Unassigned", "(not set)", "", "ete")),
        ("gclid=X&utm_id=7", "https://m.facebook.com/",
         Origin("Paid Search", "google", "cpc", "7")),
        ("utm_source=fb&utm_campaign=ete&utm_id=7", "", Origin("Organic Social", "fb", "", "ete")),
        ("msclkid=X", "", Origin("Paid Search", "bing", "cpc", "")),
        ("ttclid=X", "", Origin("Paid Social", "tiktok", "paid", "")),
        ("li_fat_id=X", "https://www.linkedin.com/", Origin("Paid Social", "linkedin", "paid", "")),
        ("irclickid=X", "", Origin("Affiliates", "impact", "affiliate", "")),
        ("fbclid=X", "https://l.instagram.com/",
         Origin("Organic Social", "l.instagram.com", "social", "")),
        ("fbclid=X", "", Origin("Organic Social", "facebook", "social", "")),
        ("epik=X", "", Origin("Organic Social", "pinterest", "social", "")),
        ("", "https://www.google.fr/search?q=a", Origin("Organic Search", "google.fr", "organic")),
        ("", "https://chatgpt.com/", Origin("AI Assistant", "chatgpt.com", "referral", "")),
        ("", "https://news.example/a", Origin("Referral", "news.example", "referral", "")),
        ("", "https://shop.example/before", Origin()),
        ("", "https://blog.shop.example/before", Origin()),
        ("", "https://notshop.example/", Origin("Referral", "notshop.example", "referral", "")),
        ("", "", Origin("Direct", "(direct)", "(none)", "")),
        ("", "about:blank", Origin("Direct", "(direct)", "(none)", "")),
        ("", "https://[broken", Origin("Direct", "(direct)", "(none)", "")),
    ],
)  # fmt: skip
def test_what_decides(query: str, referrer: str, found: Origin) -> None:
    assert origin(read_tags(query), referrer, OWN) == found


@given(name=st.sampled_from(sorted(CLICK_IDS)), referrer=st.sampled_from(REFERRERS))
def test_a_click_on_an_ad_is_never_a_direct_visit(name: str, referrer: str) -> None:
    found = origin(read_tags(f"{name}=Ab1"), referrer, OWN)

    assert found.channel != "Direct"
    if CLICK_IDS[name][1]:
        assert found.source == CLICK_IDS[name][0]


@given(referrer=st.text(max_size=80))
def test_any_referrer_can_be_read(referrer: str) -> None:
    host = host_of(referrer)

    assert host == host.lower()
    assert not host.startswith("www.")


def test_the_name_of_a_site_with_accents_is_its_own_in_a_referrer() -> None:
    own = {sent_host("Boutique-Éphémère.example")}

    found = origin(read_tags(""), "https://www.xn--boutique-phmre-6jbmc.example/a", own)

    assert found == Origin()
