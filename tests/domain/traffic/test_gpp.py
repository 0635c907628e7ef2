"""The string of the Global Privacy Platform, read bit by bit as its specification sets it out."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from regie.domain.traffic.choice import Choice, choice
from regie.domain.traffic.consent import CONSENTED, EXEMPT, UnreadableConsent
from regie.domain.traffic.gpp import Privacy, canadian_purposes, read_gpp
from tests.domain.traffic.test_consent import consent_string, flags

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# Sections by the specification's tables: fields before the choices (bits), and the choices.
STATES = {
    7: ("000001" + "00" * 6, 3, "00" * 24), 8: ("000001" + "00" * 3, 2, "00" * 15),
    9: ("000001" + "00" * 3, 2, "00" * 12), 11: ("000001" + "00" * 4, 2, "00" * 12),
    12: ("000001" + "00" * 3, 2, "00" * 14), 18: ("000001" + "00" * 4, 2, "00" * 12),
    23: ("000001" + "00" * 3, 2, "00" * 13),
    24: ("011000" + "000001" + "000001" + "00" * 5, 2, "00"),
}  # fmt: skip
SIGNAL, NO_SIGNAL = "011", "010"  # of the segment: its type, then whether GPC was there


def letters(bits: str) -> str:
    whole = bits + "0" * (-len(bits) % 6)
    return "".join(LETTERS[int(whole[at : at + 6], 2)] for at in range(0, len(whole), 6))


def fibonacci(number: int) -> str:
    """By the specification's own recipe: the largest first, then a one at the end."""
    row = [1, 2]
    while row[-1] <= number:
        row.append(row[-1] + row[-2])
    bits = ["0"] * len(row)
    for place in range(len(row) - 1, -1, -1):
        if row[place] <= number:
            number -= row[place]
            bits[place] = "1"
    return "".join(bits).rstrip("0") + "1"


def header(sections: list[int]) -> str:
    """Each section by itself, or with those that follow it without a gap."""
    groups: list[list[int]] = []
    for one in sections:
        if groups and groups[-1][-1] == one - 1:
            groups[-1].append(one)
        else:
            groups.append([one])
    items, last = "", 0
    for group in groups:
        items += str(int(len(group) > 1)) + fibonacci(group[0] - last)
        items += fibonacci(len(group) - 1) if len(group) > 1 else ""
        last = group[-1]
    return letters(f"{3:06b}{1:06b}{len(groups):012b}{items}")


def state(number: int, said: list[int], signal: str = "") -> str:
    before, count, after = STATES[number]
    core = letters(before + "".join(f"{one:02b}" for one in said[:count]) + after)
    return f"{core}.{letters(signal)}" if signal else core


def canada(express: Collection[int], implied: Collection[int] = (), version: int = 1) -> str:
    """By the table of Canada's specification: fields of the banner, features, purposes, vendors."""
    banner = f"{version:06b}{17_000_000_000:036b}{17_000_000_000:036b}{300:012b}{4:012b}{1:06b}"
    return letters(
        f"{banner}{4:06b}{13:06b}{250:012b}{2:06b}0{flags((), 12)}"
        f"{flags(express, 24)}{flags(implied, 24)}{0:016b}0{0:016b}0{0:012b}"
    )


def string(parts: dict[int, str]) -> str:
    return "~".join([header(sorted(parts)), *(parts[number] for number in sorted(parts))])


def test_headers_that_the_specification_shows_are_read() -> None:
    tcf = consent_string({1, 7})
    assert read_gpp(f"DBABM~{tcf}") == Privacy((2,), tcf, opted_out=False)
    assert read_gpp(f"DBACNY~{tcf}~1YNN") == Privacy((2, 6), tcf, opted_out=False)
    assert read_gpp("DBABjw~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YYN").sections == (5, 6)
    assert [header([2]), header([2, 6]), header([5, 6])] == ["DBABM", "DBACNY", "DBABjw"]


def test_strings_that_others_wrote_are_read() -> None:
    """The whole ones of the specification, and one as banners of the United States write it."""
    tcf = "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"
    assert read_gpp(f"DBABM~{tcf}").tcf == tcf
    assert read_gpp(f"DBACNYA~{tcf}~1YNN") == Privacy((2, 6), tcf, opted_out=False)
    assert read_gpp("DBABLA~BVQqAAAAAgA.QA") == Privacy((7,), "", opted_out=False)
    assert read_gpp("DBABLA~BVQqAAAAAgA.YA").opted_out  # the same with the browser's signal
    assert read_gpp("DBABLA~BVQVAAAAAgA.QA").opted_out  # the same, opted out of all three


def test_a_string_of_canada_that_others_wrote_is_read() -> None:
    """Of the tests of IAB Tech Lab's own library (Apache-2.0, read in November 2026)."""
    published = "BPSG_8APSG_8AAyACAENGdCgf_gfgAfgfgBhADVqxGAD0AILVgAA.fHHHA4444ao"
    assert canadian_purposes(published) == {2, 3, 4, 5, 6, *range(13, 19)}
    assert canadian_purposes("BPSG_8APSG_8AAAAAAENAACAAAAAAAAAAAAAAAAAAA.YAAAAAAAAAA") == set()


@given(
    express=st.frozensets(st.integers(1, 24)),
    implied=st.frozensets(st.integers(1, 24)),
    signal=st.booleans(),
    europe=st.none() | st.frozensets(st.integers(1, 24)),
)
@example(express=frozenset({7}), implied=frozenset(), signal=False, europe=None)
@example(express=frozenset({7}), implied=frozenset(), signal=False, europe=frozenset({1, 7}))
@example(express=frozenset(), implied=frozenset({1, 7}), signal=False, europe=None)
def test_canada_agrees_by_express_consent_alone(
    express: frozenset[int], implied: frozenset[int], signal: bool, europe: frozenset[int] | None
) -> None:
    parts = {5: canada(express, implied)}
    if europe is not None:
        parts[2] = consent_string(europe)
    found = choice({"granted": True, "gpp": string(parts)}, signal=signal)
    agrees = 7 in express and not signal and (europe is None or europe >= {1, 7})
    assert found.mode == (CONSENTED if agrees else EXEMPT)
    asked = express | {1} if 7 in express else express - {1}
    assert set(found.purposes) == (asked if europe is None else asked & europe)


@pytest.mark.parametrize("section", [canada({7}, version=2), canada({7})[:29], "B", "?", ""])
def test_a_section_of_canada_that_cannot_be_read_is_no_yes(section: str) -> None:
    found = choice({"granted": True, "gpp": string({5: section})}, signal=False)
    assert found == Choice(EXEMPT)


@given(
    numbers=st.frozensets(st.sampled_from(sorted(STATES)), min_size=1),
    said=st.lists(st.integers(0, 2), min_size=3, max_size=3),
    signal=st.sampled_from(["", NO_SIGNAL, SIGNAL]),
    europe=st.none() | st.frozensets(st.integers(1, 24)),
)
def test_an_opt_out_is_found_in_whichever_section_it_stands(
    numbers: frozenset[int], said: list[int], signal: str, europe: frozenset[int] | None
) -> None:
    parts = {number: state(number, said, signal) for number in numbers}
    if europe is not None:
        parts[2] = consent_string(europe)
    found = read_gpp(string(parts))
    assert found.sections == tuple(sorted(parts))
    assert found.tcf == parts.get(2, "")
    chosen = [one for number in numbers for one in said[: STATES[number][1]]]
    assert found.opted_out == (1 in chosen or signal == SIGNAL)


@given(numbers=st.frozensets(st.integers(1, 200), min_size=1, max_size=60))
def test_any_sections_are_named_by_the_header(numbers: frozenset[int]) -> None:
    unknown = {number + 100: "B" for number in numbers}
    assert read_gpp(string(unknown)).sections == tuple(sorted(unknown))


@given(text=st.text(alphabet=LETTERS + "~.=", max_size=80) | st.text(max_size=40))
@example("DBAB" + "A" * 8000)
@example("DBD_" + "wwww" * 1000)
@example("DBABLA~B")
@example("DBABM")
@example("~" * 100)
def test_what_is_no_such_string_is_no_yes(text: str) -> None:
    if not text:
        return
    try:
        found = read_gpp(text)
    except UnreadableConsent:
        assert choice({"granted": True, "gpp": text}, signal=False) == Choice(EXEMPT)
    else:
        assert len(found.sections) == text.count("~")


@pytest.mark.parametrize(
    ("said", "signal", "expected"),
    [
        ({"granted": True}, False, Choice(CONSENTED, (1, 7))),
        ({"granted": True, "ads": True}, False, Choice(CONSENTED, (1, 3, 4, 7))),
        ({"granted": True}, True, Choice(EXEMPT)),
        ({"granted": True, "gpp": string({7: state(7, [2, 2, 2])})}, False,
         Choice(CONSENTED, (1, 7))),
        ({"granted": True, "gpp": string({7: state(7, [2, 2, 1])})}, False, Choice(EXEMPT)),
        ({"granted": True, "gpp": string({6: "1YYN"})}, False, Choice(EXEMPT)),
        ({"gpp": string({2: consent_string({1, 3, 7})})}, False, Choice(CONSENTED, (1, 3, 7))),
        ({"gpp": string({2: consent_string({1, 7})}), "tcf": consent_string({1, 2})}, False,
         Choice(EXEMPT, (1,))),
        ({"gpp": string({2: consent_string({1, 7}), 8: state(8, [1, 2])})}, False,
         Choice(EXEMPT, (1, 7))),
        ({"granted": True, "gpp": 7, "tcf": None}, False, Choice(CONSENTED, (1, 7))),
    ],
)  # fmt: skip
def test_the_strictest_of_all_that_speaks_counts(
    said: dict[str, object], signal: bool, expected: Choice
) -> None:
    assert choice(said, signal=signal) == expected
