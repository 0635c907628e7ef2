"""A token is shown once, works, and ends when it is taken back."""

from __future__ import annotations

import re

from django.test import Client

from regie.apps.access.context import operating
from regie.apps.tokens.models import Token
from tests.cast import Cast
from tests.web.test_every_page import signed_in

SAID = {"name": "Notebook", "scopes": ["figures:read"], "days": "30"}


def works(secret: str) -> bool:
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().get("/api/v1/vocabulary", headers=headers).status_code == 200


def test_a_token_is_shown_once_and_taken_back(cast: Cast) -> None:
    client = signed_in(cast.chloe, "en")
    made = client.post("/manager/tokens/", SAID).content.decode()
    secret = re.search(r"regie_[\w-]{43}", made)
    assert secret is not None
    assert works(secret.group())
    assert secret.group() not in client.get("/manager/tokens/").content.decode()
    with operating():
        number = Token.objects.get().pk
    assert signed_in(cast.diane).post(f"/manager/tokens/{number}/revoke/").status_code == 404
    client.post(f"/manager/tokens/{number}/revoke/")
    assert not works(secret.group())


def test_a_token_without_a_right_is_refused_in_place(cast: Cast) -> None:
    answer = signed_in(cast.chloe, "en").post("/manager/tokens/", {**SAID, "scopes": []})
    assert answer.status_code == 400
    with operating():
        assert not Token.objects.exists()
