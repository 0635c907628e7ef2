"""Lists of customers are brought on a page or by a program, compared, counted and deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.identity import selectors, services
from regie.apps.identity.models import CustomerRecord, Probable, Solution
from regie.kernel.errors import Forbidden
from regie.warehouse import matching
from tests.api.test_api import call, token_of
from tests.cast import Cast
from tests.identity.customers import customers_file
from tests.identity.visits import Shop, forget_journals, open_shop
from tests.web.test_every_page import signed_in


@pytest.fixture
def shop(cast: Cast) -> Shop:
    forget_journals()
    return open_shop(cast.chloe, cast.nantes)


@pytest.fixture
def customers(tmp_path: Path) -> Path:
    return customers_file(tmp_path / "clients.csv", {"first_name": "Noé", "city": "Nantes"})


def sent(client: Client, path: Path) -> Any:
    file = SimpleUploadedFile(path.name, path.read_bytes(), "text/csv")
    return client.post("/identity/probable/customers/", {"file": file})


@pytest.mark.slow
def test_a_list_is_brought_compared_counted_and_deleted(
    shop: Shop, cast: Cast, customers: Path
) -> None:
    client = signed_in(cast.chloe, "en")
    answer = sent(client, customers)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "What became of the list" in page
    assert "There is no customer number." in page
    assert ">602<" in page  # the line
    assert "Customers are being compared" in page
    assert "?stay" in page
    services.compare_customers(cast.nantes.pk)

    page = client.get("/identity/probable/").content.decode()
    with acting_as(cast.chloe):
        found = selectors.comparison(cast.nantes.pk)
        links = selectors.least_likely(cast.nantes.pk)
    assert (found.customers, found.asked_at, found.failed_at) == (600, None, None)
    assert found.links >= found.counted > 150
    assert "Would count" in page
    assert "being compared" not in page
    assert client.get("/identity/probable/progress/")["HX-Refresh"] == "true"
    shown = [one.probability for one in links]
    assert shown[0] == min(one for one in shown if one >= found.threshold)

    client.post("/identity/probable/", {"on": "1"})
    with acting_as(cast.chloe):
        assert selectors.overview([cast.nantes.pk]).probable_people < 450
    client.post("/identity/probable/forget/")  # without the tick nothing happens
    with operating():
        assert CustomerRecord.objects.count() == 600
    client.post("/identity/probable/forget/", {"sure": "1"})
    with operating():
        assert not CustomerRecord.objects.exists()
        assert not Probable.objects.exists()
    with acting_as(cast.chloe):
        overview = selectors.overview([cast.nantes.pk])
    assert overview.probable_people == overview.people


def test_what_cannot_be_compared_says_why_and_stays(shop: Shop, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text("customer,first_name\nK-1,Noé\n", encoding="utf-8")
    client = signed_in(cast.chloe, "en")

    answer = sent(client, path)
    assert answer.status_code == 400
    assert "50 at least are needed" in answer.content.decode()
    with operating():
        assert CustomerRecord.objects.count() == 1
        assert not Solution.objects.filter(asked_at__isnull=False).exists()

    path.write_text(
        "customer,first_name\n" + "".join(f"K-{one},Noé\n" for one in range(60)), encoding="utf-8"
    )
    assert "Names alone do not tell people apart" in sent(client, path).content.decode()
    path.write_text("name,city\nNoé,Nantes\n", encoding="utf-8")
    assert "No column holds customer numbers" in sent(client, path).content.decode()


@pytest.mark.slow
def test_what_is_no_longer_wanted_is_not_kept(
    shop: Shop, cast: Cast, customers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deleted_meanwhile(*said: Any, **more: Any) -> matching.Matches:
        with operating():
            services.forget_customers(actor=None, organisation=cast.nantes)
        return matching.probable_matches(*said, **more)

    with acting_as(cast.chloe):
        services.load_customers(actor=cast.chloe, organisation=cast.nantes, path=customers)
        services.ask_comparison(actor=cast.chloe, organisation=cast.nantes)
    monkeypatch.setattr("regie.apps.identity.comparing.probable_matches", deleted_meanwhile)
    services.compare_customers(cast.nantes.pk)

    with operating():
        assert not Probable.objects.exists()


def test_a_comparison_that_breaks_off_says_so_and_can_be_asked_again(
    shop: Shop, cast: Cast, customers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_said: Any, **_more: Any) -> matching.Matches:
        raise MemoryError

    with acting_as(cast.chloe):
        services.load_customers(actor=cast.chloe, organisation=cast.nantes, path=customers)
        services.ask_comparison(actor=cast.chloe, organisation=cast.nantes)
    monkeypatch.setattr("regie.apps.identity.comparing.probable_matches", broken)
    with pytest.raises(MemoryError):
        services.compare_customers(cast.nantes.pk)

    client = signed_in(cast.chloe, "en")
    assert "did not come to its end" in client.get("/identity/probable/").content.decode()
    client.post("/identity/probable/compare/")
    assert "are being compared" in client.get("/identity/probable/").content.decode()


@pytest.mark.slow
def test_a_program_does_the_same(shop: Shop, cast: Cast, customers: Path) -> None:
    token = token_of(cast.chloe, cast.nantes, frozenset({"privacy:write"}))
    file = SimpleUploadedFile("clients.csv", customers.read_bytes(), "text/csv")
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    loaded = Client().post("/api/v1/recognised/customers", {"file": file}, **headers)
    assert loaded.status_code == 200, loaded.content
    assert loaded.json()["customers"] == 600
    assert [one["line"] for one in loaded.json()["refused"]] == [602]

    assert call(token, "/recognised/comparison", "post").status_code == 202
    assert call(token, "/recognised/comparison").json()["state"] == "running"
    services.compare_customers(cast.nantes.pk)
    counted = call(token, "/recognised/comparison", "put", {"is_counting": True})
    assert counted.status_code == 204
    told = call(token, "/recognised/comparison").json()
    assert (told["state"], told["is_counting"]) == ("done", True)
    assert told["expected_precision"] > 0.95
    assert call(token, "/recognised/customers", "delete").status_code == 204
    assert call(token, "/recognised/comparison").json()["links"] == 0


def test_an_outsider_has_nothing_compared(shop: Shop, cast: Cast) -> None:
    assert signed_in(cast.diane, "en").get("/identity/probable/").status_code == 200  # her own
    with acting_as(cast.diane), pytest.raises(Forbidden):
        services.ask_comparison(actor=cast.diane, organisation=cast.nantes)
