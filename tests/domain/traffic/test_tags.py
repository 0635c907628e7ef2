"""Tags of an address: read under all their names, click ids kept to the letter, carried over."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

import regie.collector
from regie.domain.traffic.tags import CLICK_IDS, LINK, UTM, carry_over, read_tags

NAMED = [
    "gclid", "gclsrc", "gbraid", "wbraid", "gad_source", "dclid", "srsltid", "fbclid", "ttclid",
    "li_fat_id", "msclkid", "twclid", "epik", "ScCid", "rdt_cid", "irclickid", "awclid", "yclid",
]  # fmt: skip
values = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80).filter(
    lambda text: bool(text.strip())
)
ids = st.from_regex(re.compile(r"[A-Za-z0-9_.~-]{1,120}"), fullmatch=True)
names = st.from_regex(re.compile(r"[a-z]{1,6}"), fullmatch=True) | st.sampled_from([*UTM, *NAMED])
queries = st.lists(st.tuples(names, values), max_size=6).map(urlencode)


def test_the_click_ids_of_all_platforms_are_known() -> None:
    assert set(CLICK_IDS) == set(NAMED)


@given(name=st.sampled_from(NAMED), value=ids, upper=st.booleans(), before=queries)
def test_a_click_id_is_kept_to_the_letter(name: str, value: str, upper: bool, before: str) -> None:
    others = "&".join(p for p in before.split("&") if p and p.split("=")[0].lower() != name.lower())
    written = name.upper() if upper else name

    assert read_tags(f"?{others}&{written}={value}").click_ids[name] == value


@given(name=st.sampled_from(UTM), value=values)
def test_a_tag_is_read_as_it_was_written(name: str, value: str) -> None:
    assert read_tags(urlencode({name.upper(): value})).utm[name] == value.strip()


@pytest.mark.parametrize(
    ("query", "utm"),
    [
        ("mtm_source=a&mtm_kwd=b", {"utm_source": "a", "utm_term": "b"}),
        ("pk_campaign=a&pk_cid=7", {"utm_campaign": "a", "utm_id": "7"}),
        ("matomo_medium=a&matomo_content=b", {"utm_medium": "a", "utm_content": "b"}),
        ("hsa_src=g&hsa_cam=42&hsa_kw=k", {"utm_source": "g", "utm_id": "42", "utm_term": "k"}),
        ("utm_source=first&utm_source=second", {"utm_source": "first"}),
        ("utm_source=&utm_source=+&utm_medium=%ff", {"utm_medium": "�"}),
        ("utm_sources=a&xutm_source=b", {}),
    ],
)
def test_other_vendors_names_and_odd_queries(query: str, utm: dict[str, str]) -> None:
    assert read_tags(query).utm == utm


@given(query=st.text(max_size=200))
def test_any_query_can_be_read(query: str) -> None:
    found = read_tags(query)

    assert set(found.utm) <= set(UTM)
    assert set(found.click_ids) <= set(CLICK_IDS)
    assert all(len(value) <= 400 for value in [*found.utm.values(), *found.click_ids.values()])


@given(there=queries, query=queries, fragment=st.sampled_from(["", "#prix", "#/a?b=c"]))
def test_what_a_click_brings_goes_along_and_what_the_address_says_stays(
    there: str, query: str, fragment: str
) -> None:
    destination = f"https://shop.example/p{'?' if there else ''}{there}{fragment}"
    carried = carry_over(destination, query)
    before, brought = parse_qsl(there), parse_qsl(query)
    named = {name for name, _value in before}

    assert parse_qsl(urlsplit(carried).query) == [
        *before, *(pair for pair in brought if pair[0] not in named)
    ]  # fmt: skip
    assert carried.endswith(fragment)
    assert carry_over(carried, query) == carried


@given(value=ids)
def test_a_click_id_is_not_written_anew(value: str) -> None:
    escaped = quote(value, safe="") + "%2B%7e+%20"
    assert carry_over("https://shop.example/", f"fbclid={escaped}") == (
        f"https://shop.example/?fbclid={escaped}"
    )


def test_the_script_fills_hidden_fields_with_everything_that_is_read_here() -> None:
    script = (Path(regie.collector.__file__).parent / "m.js").read_text()
    found = re.search(r"if \(/(.+)/i\.test\(name\)\)", script)
    assert found is not None
    filled = re.compile(found[1], re.IGNORECASE)

    assert [name for name in (*UTM, *CLICK_IDS, LINK) if not filled.search(name)] == []
    assert not filled.search("email")
