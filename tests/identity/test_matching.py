"""Probable links: from files of customers, with their precision, counting when asked to."""

from __future__ import annotations

from pathlib import Path

import pytest

from regie.apps.access.context import acting_as, operating
from regie.apps.identity import selectors, services
from regie.apps.identity.models import Probable
from regie.kernel.errors import Forbidden, Refused, WrongUse
from tests.cast import Cast
from tests.identity.customers import customers_file
from tests.identity.visits import Shop


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    return customers_file(tmp_path / "customers.csv")


@pytest.mark.requirement("ID-6")
@pytest.mark.slow
def test_customers_who_are_probably_one_are_told_with_their_precision(
    shop: Shop, cast: Cast, customers: Path
) -> None:
    with acting_as(cast.chloe):
        loaded = services.load_customers(actor=cast.chloe, organisation=cast.nantes, path=customers)
        assert (loaded.customers, loaded.repeated, loaded.refused) == (600, 0, ())
        found = services.match_customers(actor=cast.chloe, organisation=cast.nantes)
        off = selectors.overview([cast.nantes.pk])
    assert found.links > 150
    assert found.precision is not None
    assert found.precision > 0.95
    assert off.people == off.probable_people == 600
    assert off.precision == pytest.approx(found.precision)

    with acting_as(cast.chloe):
        services.count_probable(actor=cast.chloe, organisation=cast.nantes, on=True)
        on = selectors.overview([cast.nantes.pk])
        table = selectors.people_keys([cast.nantes.pk])
    assert on.people == 600
    assert 400 <= on.probable_people < 450
    assert False in table["certain"].to_pylist()

    with operating():
        likely = Probable.objects.order_by("-probability").first()
        assert likely is not None
        services.cut_link(actor=None, one=likely.one_id, other=likely.other_id)
        assert selectors.overview([cast.nantes.pk]).probable_people == on.probable_people + 1
        services.count_probable(actor=None, organisation=cast.nantes, on=False)
        assert selectors.overview([cast.nantes.pk]).probable_people == 600


def test_what_cannot_be_compared_is_refused(cast: Cast, customers: Path, tmp_path: Path) -> None:
    with acting_as(cast.diane), pytest.raises(Forbidden):
        services.match_customers(actor=cast.diane, organisation=cast.nantes)
    other = tmp_path / "other.csv"
    other.write_text("first_name,city\nNoé,Nantes\n", encoding="utf-8")
    with acting_as(cast.chloe):
        with pytest.raises(WrongUse):
            services.load_customers(actor=cast.chloe, organisation=cast.nantes, path=other)
        with pytest.raises(Refused):
            services.match_customers(actor=cast.chloe, organisation=cast.nantes)
