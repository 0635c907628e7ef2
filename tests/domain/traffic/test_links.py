"""Codes that people type, links that cannot contradict themselves, and the audit of both."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.traffic.audit import Paid, Tags, audit, spend_without_tags
from regie.domain.traffic.channels import NAMES, PAID_CHANNELS, channel
from regie.domain.traffic.codes import fold, is_code, new_code
from regie.domain.traffic.links import (
    MEDIA,
    Tagging,
    build,
    check_address,
    conventional,
    landing_page,
    leads_home,
    tagging,
)
from regie.domain.traffic.tags import read_tags
from regie.kernel.errors import Refused

codes = st.from_regex(re.compile(r"[A-Za-z0-9]{1,20}"), fullmatch=True)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(code=codes, gaps=st.lists(st.integers(0, 20), max_size=4), upper=st.booleans())
def test_a_code_is_the_same_however_it_is_typed(code: str, gaps: list[int], upper: bool) -> None:
    typed = code.upper() if upper else code.lower()
    for place in sorted(gaps, reverse=True):
        typed = f"{typed[:place]}{' -_'[place % 3]}{typed[place:]}"

    assert fold(f"  {typed} ") == fold(code)
    assert fold(fold(code)) == fold(code)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sal0n25", "SALON25"),
        ("ÉTÉ", "ete"),
        ("I1l", "111"),
        ("ﬁn", "fin"),
        ("S A L O N", "salon"),
        ("CŒUR 10", "coeur10"),
        ("Lætitia", "LAETITIA"),
        ("Straße", "STRASSE"),
        ("sørensen", "Sorensen"),
    ],
)
def test_what_sounds_or_looks_alike_is_one_code(typed: str, meant: str) -> None:
    assert fold(typed) == fold(meant)


def test_made_codes_are_apart_and_can_be_read_aloud() -> None:
    made = {new_code() for _one in range(500)}

    assert len({fold(code) for code in made}) == 500
    assert not any(set(code.lower()) & set("aeiou0 1") for code in made)
    assert all(is_code(code) for code in made)


@given(text=words)
def test_a_tag_in_the_convention_stays_as_it_is(text: str) -> None:
    once = conventional(text)

    assert conventional(once) == once
    assert re.fullmatch(r"[a-z0-9._-]*", once)


@given(
    source=st.sampled_from(["facebook", "Google", "YouTube", "salon", "crm", "sms", "chatgpt.com"])
    | words,
    medium=st.sampled_from(sorted(MEDIA)) | words,
    campaign=words | st.sampled_from(["Soldes d’été", "cross-network", "eshop"]),
)
def test_a_link_that_is_made_says_what_was_meant(source: str, medium: str, campaign: str) -> None:
    try:
        made = tagging(source=source, medium=medium, campaign=campaign)
    except Refused:
        return
    address = build("https://shop.example/a?b=c#d", made, "code")
    said = read_tags(urlsplit(address).query)

    assert (
        channel(said.get("source"), said.get("medium"), said.get("campaign"))
        in (MEDIA[made.medium][1])
    )
    assert dict(said.utm) == made.utm()
    assert said.link == "code"
    assert address.endswith("#d")


@pytest.mark.parametrize(
    ("source", "medium", "code"),
    [
        ("facebook", "cpc", "inconsistent"),
        ("google", "paid_social", "inconsistent"),
        ("facebook", "word", "medium"),
        ("", "email", "source"),
    ],
)
def test_tags_that_contradict_each_other_are_refused(source: str, medium: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        tagging(source=source, medium=medium, campaign="ete")
    assert refused.value.code == code


def test_an_address_that_says_another_tag_is_refused() -> None:
    made = Tagging("crm", "email", "ete")
    with pytest.raises(Refused):
        build("https://shop.example/?utm_source=facebook", made, "c")
    assert "utm_source=crm" in build("https://shop.example/?utm_source=crm", made, "c")


@pytest.mark.parametrize(
    ("address", "app", "is_taken"),
    [
        ("https://shop.example/é", False, True),
        ("http://shop.example", False, True),
        ("horizon://promo/7", True, True),
        ("horizon://promo/7", False, False),
        ("javascript:alert(1)", True, False),
        ("data:text/html,x", True, False),
        ("//shop.example", False, False),
        ("https://", False, False),
        ("https://shop.example/a b", False, False),
        ("https://shop.example/\r\nset-cookie:x", False, False),
        ("https://shop.example\\@other.example/", False, False),
        ("https://shop.example:99999/", False, False),
        ("https://shop.example/?q=" + "a" * 1970, False, True),
        ("https://shop.example/?q=" + "a" * 1980, False, False),
        # Sent as six letters each: what is counted is what is sent.
        ("https://shop.example/" + "é" * 340, False, False),
    ],
)
def test_only_addresses_that_lead_somewhere_are_taken(
    address: str, app: bool, is_taken: bool
) -> None:
    if not is_taken:
        with pytest.raises(Refused):
            check_address(address, app=app)
    else:
        assert check_address(address, app=app).isascii()


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("https://Café.example/crème?q=é#ü",
         "https://xn--caf-dma.example/cr%C3%A8me?q=%C3%A9#%C3%BC"),
        ("https://a:b@straße.example:8443/", "https://a:b@xn--strae-oqa.example:8443/"),
        ("https://例え.テスト/?a=b+c%20d&e=100%25",
         "https://xn--r8jz45g.xn--zckzah/?a=b+c%20d&e=100%25"),
        ("https://[::1]:80/é", "https://[::1]:80/%C3%A9"),
        ("horizon://crème/é", "horizon://cr%C3%A8me/%C3%A9"),
    ],
)  # fmt: skip
def test_an_address_with_accents_is_sent_as_browsers_do(typed: str, sent: str) -> None:
    assert check_address(typed, app=True) == sent


@pytest.mark.parametrize(
    ("said", "code", "sentence"),
    [
        ({"campaign": ""}, "campaign", "The campaign is missing"),
        ({"source": "  "}, "source", "The source is missing"),
        ({"campaign": "夏"}, "campaign", "Nothing of “夏” can stand in a tag"),
        ({"content": "🎉"}, "content", "Nothing of “🎉” can stand in a tag"),
        ({"source": "℀" * 60}, "source", "The source is longer than 100 characters"),
        ({"campaign": "œ" * 80}, "campaign", "The campaign is longer than 150 characters"),
        ({"term": "a" * 151}, "term", "The term is longer than 150 characters"),
    ],
)
def test_a_refused_tag_says_which_one_and_why(
    said: dict[str, str], code: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        tagging(**{"source": "crm", "medium": "email", "campaign": "ete", **said})

    assert refused.value.code == code
    assert sentence in str(refused.value)


def test_letters_that_are_two_in_one_stay_both() -> None:
    assert conventional("Cœur d’Œuvre, Straße & Ærø") == "coeur-d-oeuvre-strasse-aero"


def problems(*used: Tags, campaigns: frozenset[str] = frozenset({"ete"})) -> list[str]:
    return [str(found.problem) for found in audit(used, campaigns=campaigns)]


def test_the_audit_names_what_to_change_the_most_frequent_first() -> None:
    found = audit(
        [
            Tags("facebook", "paid_social", "ete", 10),
            Tags("Facebook", "paid_social", "ete", 4),
            Tags("facebook", "", "ete", 7),
            Tags("journal", "publicite", "ete", 3),
            Tags("facebook", "paid_social", "hiver", 20),
            Tags("(direct)", "(none)", "", 99),
            Tags("google.fr", "organic", "", 98),
        ],
        campaigns={"ete"},
    )

    assert [one.tags.visits for one in found] == [20, 7, 4, 3]
    assert found[0].tags.campaign == "hiver"
    assert found[2].remedy.params["value"] == "facebook"


def test_ads_that_lead_to_the_home_page_are_found_and_posts_are_not() -> None:
    ads = Tags("google", "cpc", "ete", 10, home=4)

    assert problems(ads, Tags("lettre", "email", "ete", 10, home=9)) == [
        "4 of these visits came from an ad to the home page."
    ]
    for few in (Tags("google", "cpc", "ete", 100, home=2), Tags("google", "cpc", "ete", 1, home=1)):
        assert problems(few) == []  # somebody wrote it down


@pytest.mark.requirement("MEAS-8")
@pytest.mark.parametrize("medium", ["cpc", "paid_social", "display", "affiliate"])
def test_an_ad_without_a_landing_page_is_refused_by_its_rule(medium: str) -> None:
    source = "facebook" if medium == "paid_social" else "google"
    ad = tagging(source=source, medium=medium, campaign="ete")

    with pytest.raises(Refused) as refused:
        landing_page(" ", ad)

    assert (
        str(refused.value.sentence) == "An ad always needs a landing page, and this one has none."
    )
    assert landing_page("https://boutique.example/ete", ad) == "https://boutique.example/ete"
    assert leads_home("https://boutique.example/", ad)
    assert not leads_home("https://boutique.example/ete", ad)
    letter = tagging(source="lettre", medium="email", campaign="ete")
    assert not leads_home("https://boutique.example/", letter)


def test_tags_that_hold_together_need_nothing() -> None:
    assert problems(Tags("facebook", "paid_social", "ete", 1), Tags("crm", "email", "", 1)) == []


costs = st.builds(
    Paid, account=st.sampled_from(["A", "B"]), campaign=st.sampled_from(["Été", "hiver"]),
    spend=st.decimals("0", "999", places=2), currency=st.just("EUR"),
    clicks=st.none() | st.integers(0, 99),
    visits=st.dictionaries(st.sampled_from(NAMES), st.integers(0, 9), max_size=4),
)  # fmt: skip


@given(campaigns=st.lists(costs, max_size=6))
def test_whatever_cost_money_is_named_by_visits_of_a_paid_channel_or_is_found(
    campaigns: list[Paid],
) -> None:
    found = spend_without_tags(campaigns)

    assert [one.paid.spend for one in found] == sorted((o.paid.spend for o in found), reverse=True)
    for one in campaigns:
        paid = sum(visits for channel, visits in one.visits.items() if channel in PAID_CHANNELS)
        is_well = paid > 0 and paid >= 0.95 * sum(one.visits.values())
        assert (one in [finding.paid for finding in found]) == (one.spend > 0 and not is_well)


def test_a_few_visits_by_another_way_say_nothing_of_the_tags_of_a_campaign() -> None:
    def found(direct: int) -> list[str]:
        visits = {"Paid Social": 950, "Direct": direct}
        said = spend_without_tags([Paid("A", "Soldes", Decimal(9), "EUR", 4, visits)])
        return [str(one.problem) for one in said]

    assert found(50) == []
    assert found(51) == ["It cost money, and visits that named it are filed under Direct."]


def test_names_in_other_alphabets_are_not_taken_for_one_another() -> None:
    used = [Tags("lettre", "email", "夏", 5), Tags("lettre", "email", "春", 3)]

    assert audit(used, campaigns=set()) == []


def test_the_remedy_is_the_tag_to_write() -> None:
    (found,) = spend_without_tags([Paid("A", "Soldes d’été", Decimal(9), "EUR", 4, {})])
    assert found.remedy.params["campaign"] == "soldes-d-ete"
