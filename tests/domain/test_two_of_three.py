"""Any two parts give the secret back, one alone tells nothing, a slip is noticed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regie.domain.two_of_three import PRIME, NotAPart, digest, join, new_secret, split

numbers = st.integers(min_value=0, max_value=PRIME - 1)


@given(secret=numbers, slope=numbers)
def test_any_two_parts_in_any_order_give_the_secret(secret: int, slope: int) -> None:
    for one, other in itertools.permutations(split(secret, slope=slope), 2):
        assert join(one, other) == secret


@given(secret=numbers, slope=numbers, guess=numbers)
def test_one_part_fits_every_secret(secret: int, slope: int, guess: int) -> None:
    first, *_rest = split(secret, slope=slope)
    # For whatever secret one guesses there is a line through this very point.
    assert split(guess, slope=secret + slope - guess)[0] == first


@given(secret=numbers, place=st.integers(0, 29), letter=st.sampled_from("0123456789ABCDEFGHJKMNPQ"))
def test_a_slip_of_one_letter_is_noticed(secret: int, place: int, letter: str) -> None:
    first, second, _third = split(secret, slope=7)
    plain = first.replace("-", "")
    if plain[place] != letter:
        slipped = plain[:place] + letter + plain[place + 1 :]
        with pytest.raises(NotAPart):
            join(slipped, second)


def test_a_part_is_read_as_people_type_it() -> None:
    secret = new_secret()
    first, _second, third = split(secret)
    typed = " " + first.lower().replace("-", " ").replace("0", "o").replace("1", "l") + "\n"

    assert join(typed, third) == secret
    for nonsense in ("", "x", first + "0", "É" * 30, first.replace("-", "")[:29]):
        with pytest.raises(NotAPart):
            join(nonsense, third)
    with pytest.raises(NotAPart):
        join(first, first)


def test_parts_of_two_secrets_open_neither() -> None:
    mine, other = new_secret(), new_secret()

    joined = join(split(mine)[0], split(other)[1])

    assert digest(joined) not in {digest(mine), digest(other)}
