"""Addresses and numbers become the digests that platforms publish as examples."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.audiences.members import (
    Member,
    NotAnAddress,
    NotAPhone,
    email_forms,
    member,
    phone_forms,
)
from regie.domain.audiences.platforms import RULES


def sha(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def test_an_address_has_the_digest_of_metas_example() -> None:
    published = "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f"
    assert email_forms(" John_Smith@gmail.com ")[0].hex() == published


def test_a_number_has_the_digest_of_metas_example() -> None:
    published = "e323ec626319ca94ee8bff2e4c87cf613be6ea19919ed1364124e16807ab3176"
    digits = phone_forms("(650)555-1212", "US")[1]
    assert digits is not None
    assert digits.hex() == published


def test_points_are_ignored_in_gmail_only() -> None:
    assert email_forms("A.Melie@Gmail.com") == (sha("a.melie@gmail.com"), sha("amelie@gmail.com"))
    assert email_forms("a.melie@brand.example") == (sha("a.melie@brand.example"),) * 2


@pytest.mark.parametrize("written", ["06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678"])
def test_a_french_number_is_one_however_it_is_written(written: str) -> None:
    assert phone_forms(written, "FR") == (sha("+33612345678"), sha("33612345678"))


@pytest.mark.parametrize("text", ["amelie", "amelie@brand", "a@b@c.fr", "@brand.fr", "a b@", "."])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(NotAnAddress):
        email_forms(text)


@pytest.mark.parametrize("text", ["12", "06 12 34", "call me", "+999 123"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(NotAPhone):
        phone_forms(text, "FR")


@given(st.binary(min_size=32, max_size=32))
def test_a_digest_that_is_already_made_is_kept(made: bytes) -> None:
    assert email_forms(made.hex().upper()) == (made, made)
    assert phone_forms(made.hex(), "FR") == (made, None)


def test_each_platform_gets_the_form_it_looks_for() -> None:
    chloe = member("Chlo.E@gmail.com", "06 12 34 56 78", "FR")
    expected = {
        "meta_ads": [sha("chlo.e@gmail.com"), sha("33612345678")],
        "google_ads": [sha("chloe@gmail.com"), sha("+33612345678")],
        "linkedin_ads": [sha("chlo.e@gmail.com")],
        "tiktok_ads": [sha("chlo.e@gmail.com"), sha("+33612345678")],
        "microsoft_ads": [sha("chlo.e@gmail.com")],
    }
    rows = {platform: rules.row(chloe) for platform, rules in RULES.items()}
    assert rows == {
        platform: [cell.hex() for cell in cells] for platform, cells in expected.items()
    }
    assert all(len(rules.headings()) == len(expected[name]) for name, rules in RULES.items())


def test_who_cannot_be_found_on_a_platform_is_left_out_of_its_list() -> None:
    by_phone = member("", "06 12 34 56 78", "FR")
    assert RULES["linkedin_ads"].row(by_phone) is None
    assert RULES["meta_ads"].row(by_phone) == ["", sha("33612345678").hex()]
    assert RULES["meta_ads"].row(Member()) is None
