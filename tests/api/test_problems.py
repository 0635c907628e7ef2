"""Whatever goes wrong under /api/ is told in one shape, also where no operation was met."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client, override_settings

from regie.kernel.errors import NotFound
from tests.api import operations
from tests.api.test_api import call, token_of
from tests.cast import Cast

METHODS = ("get", "post", "put", "patch", "delete", "options")


def problem(answer: Any) -> dict[str, str]:
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    told: dict[str, str] = answer.json()
    assert told.keys() == {"code", "message", "hint"}
    assert told["code"]
    assert told["message"]
    return told


@pytest.mark.parametrize("path", sorted(operations.PATHS))
def test_a_wrong_method_is_a_problem_that_names_the_right_ones(path: str) -> None:
    right = {one.lower() for one in operations.PATHS[path]}
    address = path
    for name in path.split("{")[1:]:
        address = address.replace("{" + name.split("}")[0] + "}", "1")
    for method in METHODS:
        if method in right:
            continue
        answer = getattr(Client(), method)(address, headers={"Accept-Language": "en"})
        assert answer.status_code == 405, (method, address)
        told = problem(answer)
        assert told["code"] == "wrong_method"
        assert {one.lower() for one in answer["Allow"].split(", ")} == right
        assert all(one.upper() in told["hint"] for one in right)


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1,", b"metrics=spend", b"{'a': 1}"])
def test_what_is_no_json_is_a_problem(body: bytes, cast: Cast) -> None:
    told = sent(cast, body)
    assert told.status_code == 400
    assert problem(told)["code"] == "bad_request"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml"])
@pytest.mark.parametrize("body", [b"null", b"[]", b"1", b'"a"', b"{}"])
def test_json_of_another_shape_is_a_problem(kind: str, body: bytes, cast: Cast) -> None:
    told = sent(cast, body, kind)
    assert told.status_code == 422
    assert problem(told)["code"] == "wrong_shape"


def test_more_than_can_be_sent_is_a_problem(cast: Cast) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1_000):
        told = sent(cast, json.dumps({"metrics": ["spend"] * 1_000}).encode())
    assert told.status_code == 413
    assert problem(told)["code"] == "too_large"


def test_what_breaks_is_a_problem_that_tells_nothing_of_the_inside(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: Any, **_named: Any) -> None:
        raise ZeroDivisionError("secret-inside")

    monkeypatch.setattr("regie.api.figures.document", broken)
    token = token_of(cast.amelie, cast.network)
    client = Client(raise_request_exception=False)
    told = client.post(
        "/api/v1/query", data=b'{"metrics": ["spend"]}', content_type="application/json",
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert told.status_code == 500
    assert problem(told)["code"] == "failed"
    assert b"secret-inside" not in told.content


@pytest.mark.parametrize("address", ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v1//query"])
def test_an_address_that_is_none_is_a_problem(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 404
    assert problem(answer)["code"] == NotFound.code


def sent(cast: Cast, body: bytes, kind: str = "application/json") -> Any:
    token = token_of(cast.amelie, cast.network)
    return Client().post(
        "/api/v1/query", data=body, content_type=kind,
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/query", "/attribution", "/allocation"])
@pytest.mark.parametrize("word", ["start", "from", "filters"])
def test_a_question_with_a_word_that_means_nothing_is_refused(
    cast: Cast, path: str, word: str
) -> None:
    asked = {"metrics": ["spend"]} if path == "/query" else {}

    answer = call(token_of(cast.chloe, cast.nantes), path, "post", {**asked, word: "2026-11-01"})

    assert answer.status_code == 422
    assert answer.json()["code"] == "wrong_shape"
    assert word in answer.json()["message"]
