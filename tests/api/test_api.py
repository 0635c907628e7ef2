"""The API answers what the pages do, to whom a token allows it, and hides the rest."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.assets.models import Asset
from regie.apps.organisations import services as organisations
from regie.apps.organisations.models import Member, Organisation
from regie.apps.tokens import selectors, services
from regie.apps.tokens.models import Token
from regie.kernel import clock
from regie.kernel.errors import Forbidden, NotFound, WrongUse
from tests.api.operations import PATHS
from tests.cast import Cast, bring
from tests.lasting import Lasting
from tests.today import today

EVERYTHING = frozenset(services.SCOPES)
HEADER = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value"


def token_of(
    user: User, organisation: Organisation, scopes: frozenset[str] = EVERYTHING, days: int = 30
) -> str:
    with acting_as(user):
        return services.make_token(
            actor=user, organisation=organisation, name="Notebook", scopes=scopes, days=days
        )


def call(token: str, path: str, method: str = "get", body: Any = None) -> Any:
    sent = {"data": json.dumps(body), "content_type": "application/json"} if body else {}
    return getattr(Client(), method)(
        f"/api/v1{path}",
        headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"},
        **sent,
    )


@pytest.fixture(scope="module")
def figures(lasting: Lasting, company: Cast, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("files")
    with lasting():
        path = folder / "google.csv"
        rows = "Soldes,201,2026-09-01,EUR,10.25,100,5,1.00,20.00"
        path.write_text("\n".join(["Campaign report", '"All time"', HEADER, rows, ""]), "utf-8")
        bring(company.nantes, path, account="123-456-7890")


def test_the_answer_is_that_of_the_command(cast: Cast, figures: None) -> None:
    asked = {"metrics": ["spend", "ctr"], "by": ["campaign"]}
    answer = call(token_of(cast.amelie, cast.network), "/query", "post", asked).json()
    assert answer["rows"] == [
        {"campaign": "Soldes", "campaign_id": "201", "currency": "EUR", "spend": "10.25",
         "ctr": "0.05"}
    ]  # fmt: skip


def test_a_sister_and_an_outsider_read_no_figure(cast: Cast, figures: None) -> None:
    asked = {"metrics": ["spend"]}
    for person, organisation in ((cast.bruno, cast.rennes), (cast.diane, cast.studio)):
        answer = call(token_of(person, organisation), "/query", "post", asked).json()
        assert answer["rows"] in ([], [{"spend": None}])


def test_what_others_have_answers_like_what_does_not_exist(cast: Cast, figures: None) -> None:
    with operating():
        hidden = Asset.objects.get().pk
    diane = token_of(cast.diane, cast.studio)
    assert call(token_of(cast.chloe, cast.nantes), f"/accounts/{hidden}").status_code == 200
    one, none = call(diane, f"/accounts/{hidden}"), call(diane, "/accounts/999999")
    assert (one.status_code, one.content) == (none.status_code, none.content)
    assert one.status_code == 404
    role = {"member_id": 1, "role": "viewer"}
    assert call(diane, f"/accounts/{hidden}/roles", "post", role).status_code == 404
    assert call(diane, "/imports").json() == []
    assert "Horizon" not in call(diane, "/organisations").content.decode()
    assert "horizon" not in call(diane, "/people").content.decode().replace(cast.diane.email, "")


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/v1/", "/api/v1/nothing", "/api/v2/accounts", "/api/v1/accounts/"],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_address_that_is_not_there_is_a_problem_like_a_thing_that_is_hidden(
    path: str, method: str, cast: Cast
) -> None:
    token = token_of(cast.diane, cast.studio)
    answer = getattr(Client(), method)(path, headers={"Authorization": f"Bearer {token}"})
    hidden = call(token, "/accounts/999999")
    assert answer.status_code == hidden.status_code == 404
    assert answer["Content-Type"] == hidden["Content-Type"]
    assert answer.json().keys() == hidden.json().keys()
    assert answer.json()["code"] == hidden.json()["code"] == "not_found"


@pytest.mark.parametrize("path", sorted(PATHS))
def test_every_address_needs_a_token(path: str, db: None) -> None:
    address = re.sub(r"\{\w+\}", "1", path)
    for method in PATHS[path]:
        for headers in ({}, {"Authorization": "Bearer regie_wrong"}, {"Authorization": "Basic x"}):
            answer = getattr(Client(), method)(address, headers=headers)
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_does_only_what_it_was_made_for(cast: Cast, figures: None) -> None:
    narrow = token_of(cast.chloe, cast.nantes, frozenset({"figures:read"}))
    assert call(narrow, "/vocabulary").status_code == 200
    for path in ("/imports", "/people", "/accounts", "/journal"):
        answer = call(narrow, path)
        assert answer.status_code == 403
        assert answer.json()["code"] == "forbidden"


def test_a_token_ends_when_it_is_taken_back_or_its_day_has_come(cast: Cast) -> None:
    revoked, expired = (token_of(cast.chloe, cast.nantes) for _ in range(2))
    with acting_as(cast.chloe):
        first = Token.objects.get(ending=revoked[-4:], digest=_sha(revoked))
        services.revoke_token(actor=cast.chloe, token_id=first.pk)
        Token.objects.filter(digest=_sha(expired)).update(
            expires_at=clock.now() - timedelta(minutes=1)
        )
    assert call(revoked, "/organisations").status_code == 401
    assert call(expired, "/organisations").status_code == 401


def test_tokens_that_are_unknown_ended_or_taken_back_are_answered_alike(cast: Cast) -> None:
    revoked, expired = (token_of(cast.chloe, cast.nantes) for _ in range(2))
    with operating():
        Token.objects.filter(digest=_sha(revoked)).update(revoked_at=clock.now())
        Token.objects.filter(digest=_sha(expired)).update(
            expires_at=clock.now() - timedelta(minutes=1)
        )
    unknown = "regie_" + "x" * 43
    answers = {call(one, "/accounts").content for one in (revoked, expired, unknown, "", "other")}
    assert len(answers) == 1
    with operating():
        assert set(Token.objects.values_list("last_used_at", flat=True)) == {None}


def test_a_token_is_no_use_once_its_person_has_left(cast: Cast, figures: None) -> None:
    token = token_of(cast.chloe, cast.nantes)
    assert call(token, "/imports").json()
    with operating():
        yesterday = clock.today() - timedelta(days=2)
        Member.objects.filter(user=cast.chloe).update(role="contractor", ends_on=yesterday)
    assert call(token, "/imports").status_code == 404


@pytest.mark.requirement("BM-9")
def test_a_token_waits_for_the_second_factor_of_its_person(cast: Cast, figures: None) -> None:
    token = token_of(cast.chloe, cast.nantes)
    tomorrow = today() + timedelta(days=1)
    for begins_on, status in ((tomorrow, 200), (None, 403)):
        with acting_as(cast.amelie):
            organisations.require_second_factor(
                actor=cast.amelie, organisation=cast.network, required=True, begins_on=begins_on
            )
        assert call(token, "/imports").status_code == status
    held = call(token, "/query", "post", {"metrics": ["spend"]})
    assert (held.status_code, held.json()["code"]) == (403, "second_factor_required")

    Authenticator.objects.create(user=cast.chloe, type=Authenticator.Type.TOTP, data={})
    assert call(token, "/imports").json()


def test_the_secret_is_kept_nowhere(cast: Cast) -> None:
    secret = token_of(cast.chloe, cast.nantes)
    with operating(), connection.cursor() as cursor:
        for table in ("tokens_token", "audit_auditline"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            assert secret[6:] not in cursor.fetchone()[0]


def test_tokens_of_others_are_hidden(cast: Cast) -> None:
    token_of(cast.chloe, cast.nantes)
    with acting_as(cast.amelie):
        (found,) = selectors.tokens_of(cast.nantes)
    with acting_as(cast.diane):
        assert selectors.tokens_of(cast.nantes) == []
        with pytest.raises(NotFound):
            services.revoke_token(actor=cast.diane, token_id=found.pk)
        with pytest.raises(Forbidden):
            services.make_token(
                actor=cast.diane, organisation=cast.nantes, name="x", scopes=EVERYTHING, days=3
            )


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", EVERYTHING, 3), ("x", frozenset(), 3), ("x", {"root"}, 3), ("x", EVERYTHING, 400)],
)
def test_a_token_that_makes_no_sense_is_refused(
    cast: Cast, name: str, scopes: frozenset[str], days: int
) -> None:
    with acting_as(cast.chloe), pytest.raises(WrongUse):
        services.make_token(
            actor=cast.chloe, organisation=cast.nantes, name=name, scopes=scopes, days=days
        )


def test_too_many_calls_in_a_minute_are_asked_to_wait(cast: Cast) -> None:
    token = token_of(cast.chloe, cast.nantes)
    with operating():
        Token.objects.update(calls=services.CALLS_PER_MINUTE, window_at=clock.now())
    answer = call(token, "/organisations")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "60"
    assert answer.json()["code"] == "too_fast"


def test_a_file_comes_in_by_the_api(cast: Cast) -> None:
    rows = "Soldes,201,2026-09-01,EUR,10.25,100,5,1.00,20.00"
    text = "\n".join(["Campaign report", '"All time"', HEADER, rows, ""])
    token = token_of(cast.chloe, cast.nantes)
    answer = Client().post(
        "/api/v1/imports",
        {"file": SimpleUploadedFile("google.csv", text.encode()), "account": "123-456-7890"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 202
    (number,) = answer.json()["ids"]
    assert call(token, f"/imports/{number}").json()["file_name"] == "google.csv"
    assert call(token_of(cast.diane, cast.studio), f"/imports/{number}").status_code == 404


@pytest.mark.parametrize(
    "said", [{"account": "a" * 181}, {"account": "zero\0byte"}, {"currency": "euro"},
             {"currency": "E\0R"}, {"period": "yesterday"}],
)  # fmt: skip
def test_what_nobody_can_mean_of_a_file_is_a_problem_and_nothing_is_kept(
    cast: Cast, said: dict[str, str]
) -> None:
    token = token_of(cast.chloe, cast.nantes)
    before = call(token, "/imports").json()
    answer = Client().post(
        "/api/v1/imports",
        {"file": SimpleUploadedFile("google.csv", b"Campaign,Cost\nA,1\n"), **said},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert call(token, "/imports").json() == before


def test_a_problem_says_what_and_what_to_do(cast: Cast) -> None:
    answer = call(token_of(cast.chloe, cast.nantes), "/query", "post", {"metrics": ["spent"]})
    assert answer.status_code == 400
    assert answer.json() == {
        "code": "unknown_metric", "message": "There is no metric “spent”.",
        "hint": "Did you mean spend?",
    }  # fmt: skip


def _sha(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
