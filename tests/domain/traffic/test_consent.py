"""What a visitor allowed, read bit by bit as the framework's specification sets it out."""

from __future__ import annotations

import base64
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.traffic.consent import (
    CONSENTED,
    EXEMPT,
    NEEDED,
    UnreadableConsent,
    mode_of,
    purposes,
)

# Published by others as an example of the form, with what it says (both read in November 2026):
# the tests of IAB Tech Lab's own library for Java (Apache-2.0), of a banner with the number 675,
# and the synopsis of GDPR::IAB::TCFv2 on metacpan.org, “consent for purpose ids 1, 3, 9 and 10”.
PUBLISHED = {
    "COtybn4PA_zT4KjACBENAPCIAEBAAECAAIAAAAAAAAAA": {2, 10},
    "CLcVDxRMWfGmWAVAHCENAXCkAKDAADnAABRgA5mdfCKZuYJez-NQm0TBMYA4oCAAGQYIAAAAAAEAIAEgAA"
    ".argAC0gAAAAAAAAAAAA": {1, 3, 9, 10},
}
purpose_sets = st.frozensets(st.integers(1, 24))
POLICIES = st.sampled_from([2, 3, 4, 5])  # of TCF 2.0, 2.1, 2.2 and 2.3


def flags(chosen: Collection[int], count: int) -> str:
    return "".join("1" if place in chosen else "0" for place in range(1, count + 1))


def letters(two: str) -> str:
    return "".join(f"{ord(one) - ord('A'):06b}" for one in two)


def encoded(bits: str) -> str:
    whole = bits + "0" * (-len(bits) % 8)
    content = int(whole, 2).to_bytes(len(whole) // 8, "big")
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def consent_string(
    said: Collection[int],
    *,
    interests: Collection[int] = (),
    policy: int = 4,
    version: int = 2,
    vendors: Collection[int] = (),
    disclosed: Collection[int] | None = None,
    published: Collection[int] | None = None,
) -> str:
    """A string by the tables of the specification: core, disclosed vendors, publisher."""
    most = max(vendors, default=0)
    core = (
        f"{version:06b}{17_000_000_000:036b}{17_200_000_000:036b}{300:012b}{4:012b}{1:06b}"
        f"{letters('FR')}{250:012b}{policy:06b}10{flags((), 12)}"
        f"{flags(said, 24)}{flags(interests, 24)}0{letters('FR')}"
        f"{most:016b}0{flags(vendors, most)}{0:016b}0{0:012b}"
    )
    parts = [encoded(core)]
    if disclosed is not None:
        parts.append(encoded(f"001{max(disclosed):016b}0{flags(disclosed, max(disclosed))}"))
    if published is not None:
        parts.append(encoded(f"011{flags(published, 24)}{flags((), 24)}{0:06b}"))
    return ".".join(parts)


@pytest.mark.parametrize(("text", "said"), PUBLISHED.items())
def test_published_examples_are_read_as_their_authors_do(text: str, said: set[int]) -> None:
    assert purposes(text) == said


@given(
    said=purpose_sets, interests=purpose_sets, policy=POLICIES,
    vendors=st.frozensets(st.integers(1, 1200), max_size=20),
    disclosed=st.none() | st.frozensets(st.integers(1, 1200), min_size=1, max_size=20),
    published=st.none() | purpose_sets,
)  # fmt: skip
def test_the_purposes_are_read_whatever_stands_around_them(
    said: frozenset[int], interests: frozenset[int], policy: int, vendors: frozenset[int],
    disclosed: frozenset[int] | None, published: frozenset[int] | None,
) -> None:  # fmt: skip
    text = consent_string(said, interests=interests, policy=policy, vendors=vendors,
                          disclosed=disclosed, published=published)  # fmt: skip
    assert purposes(text) == said


@given(said=purpose_sets, granted=st.booleans(), refuses=st.booleans())
def test_both_needed_purposes_and_no_signal_against_make_a_yes(
    said: frozenset[int], granted: bool, refuses: bool
) -> None:
    mode = mode_of(granted=granted, tcf=consent_string(said), refuses_sharing=refuses)
    assert (mode == CONSENTED) == (said >= NEEDED and not refuses)


def test_an_interest_that_they_call_legitimate_is_no_consent() -> None:
    text = consent_string({2, 3}, interests={1, 7})
    assert mode_of(granted=True, tcf=text, refuses_sharing=False) == EXEMPT


def test_a_banner_that_leaves_the_segment_of_the_publisher_at_zero_is_believed() -> None:
    text = consent_string({1, 7}, policy=5, disclosed={755}, published=())
    assert mode_of(granted=False, tcf=text, refuses_sharing=False) == CONSENTED


@given(text=st.text(max_size=60) | st.binary(max_size=60).map(lambda b: b.decode("latin-1")))
def test_what_is_no_consent_string_is_no_yes(text: str) -> None:
    if not text:
        return
    try:
        said = purposes(text)
    except UnreadableConsent:
        assert mode_of(granted=True, tcf=text, refuses_sharing=False) == EXEMPT
    else:
        assert said <= frozenset(range(1, 25))


def test_strings_of_the_first_version_are_refused() -> None:
    with pytest.raises(UnreadableConsent):
        purposes("BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA")
    with pytest.raises(UnreadableConsent):
        purposes(consent_string({1, 7}, version=1))
    with pytest.raises(UnreadableConsent):
        purposes(consent_string({1, 7})[:20])


@pytest.mark.parametrize(
    ("granted", "refuses", "mode"),
    [(True, False, CONSENTED), (True, True, EXEMPT), (False, False, EXEMPT), (False, True, EXEMPT)],
)
def test_without_a_string_the_answer_of_the_page_counts(
    granted: bool, refuses: bool, mode: str
) -> None:
    assert mode_of(granted=granted, tcf="", refuses_sharing=refuses) == mode
