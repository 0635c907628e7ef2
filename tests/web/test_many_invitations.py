"""Hundreds of invitations: one is found by its address, its state or its page."""

from __future__ import annotations

from regie.apps.access.context import operating
from regie.apps.organisations.models import Organisation
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.test_invitations import invite


def test_one_of_hundreds_of_invitations_is_found_and_taken_back_where_one_stood(
    cast: Cast,
) -> None:
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(email_domains=["horizon.example"])
    client = signed_in(cast.amelie, "en")
    for start in (0, 150):
        invite(client, " ".join(f"n{n:03}@horizon.example" for n in range(start, start + 150)))
    first = client.get("/manager/invitations/")
    assert "1 to 50 of 300" in first.content.decode()
    assert "n000@horizon.example" not in first.content.decode(), "the newest are first"
    assert "n000@horizon.example" in client.get("/manager/invitations/?page=6").content.decode()

    found = client.get("/manager/invitations/?text=N000&state=pending")
    ((row),) = found.context["rows"]
    gone = client.post(
        f"/manager/invitations/{row['card'].id}/withdraw/", {"state": "pending", "page": "6"}
    )
    assert gone.headers["Location"] == "/manager/invitations/?state=pending&page=6"
    assert [
        one["card"].email
        for one in client.get("/manager/invitations/?state=withdrawn").context["rows"]
    ] == ["n000@horizon.example"]
    nobody = client.get("/manager/invitations/?text=zzz").content.decode()
    assert "Nobody like that" in nobody
    assert client.get("/manager/invitations/?page=7").context["rows"][-1]["state"][0] == "Withdrawn"
