"""Every address that names a thing by its number: what is not one's own answers like an absent one.

The same status, the same text and as many questions to the database, read and written to; and
whatever is sent, nothing of it changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from tests.cast import Cast
from tests.web.test_every_page import PAGES, Page, signed_in
from tests.web.theirs import SECRET, Theirs, made

pytestmark = pytest.mark.slow
ABSENT, HUGE = 999_999, 10**30
NUMBERED = [page for page in PAGES if "<int:" in page.pattern]
# Whoever is of the organisation reads these; what they change is for administrators.
BOUND_TO_AN_ACCOUNT = ("manager/assets/", "manager/beneficiaries/", "imports/<int:import_id>")
# A share is seen by its name from both sides, and so is who asked whom.
RULED = "manager/beneficiaries/<int:asset_id>"
SHARED = ("manager/assets/", "manager/partners/", "manager/requests/")
# These want a second thing that is chosen, met or described; the tests of their pages give it.
NEEDS_MORE = {
    "identity-apart", "identity-cut", "imports-preview", "manager-asset-double",
    "manager-asset-split",
}  # fmt: skip
# What a form of ours could be sent: enough for each to go on until the thing itself is looked for.
SAID = {
    "sure": "yes", "act": "keep", "seen": "0", "name": "Mine", "title": "Mine",
    "role": "ACCOUNT_MANAGER",
    "ends_on": "", "starts_on": "2026-10-01", "kind": "advertising", "permissions": "figures.view",
    "decision": "accept", "shared": "on", "archived": "1", "purpose": "Mine", "source": "customers",
    "basis": "contract", "expires_on": "2027-10-01", "platform": "meta_ads", "rights": "targeting",
    "level": "campaign", "way": "name", "value": "Soldes", "beneficiary": "horizon-nantes",
    "to": "none", "action": "remove", "organisation": "horizon",
    "whose": "own", "external_id": "999999999", "room": "accounts", "on": "1",
}  # fmt: skip


FIELDS = (
    *SAID, "asset", "account", "member", "role", "number", "side", "ticked", "email-1", "role-1",
    "entity", "rule", "recipient", "text", "page", "all", "as", "right", "next", "header_line",
    "amount", "target", "days", "times", "count", "hosts", "imported", "site", "which", "threshold",
    "period", "from", "until", "split", "grain", "state", "one", "other", "shown", "preview",
    "emails", "entries", "first", "second", "holder-1-name", "holder-1-email", "people", "limit",
)  # fmt: skip


@pytest.fixture
def theirs(cast: Cast, tmp_path: Path) -> Theirs:
    return made(cast, tmp_path)


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    questions: int


def address(page: Page, numbers: dict[str, int] | int) -> str:
    """With the numbers of things that are there (``made`` makes one of each), or of no thing."""
    begun = filled = ""
    for part in re.split(r"(<int:\w+>)", page.pattern):
        begun += part
        is_number = part.startswith("<int:")
        filled += (
            str(numbers if isinstance(numbers, int) else numbers[begun]) if is_number else part
        )
    return "/" + filled.replace("<slug:room>", "accounts").replace(
        "<slug:family_name>", "ad_account"
    )


def asked(client: Client, method: str, path: str, said: dict[str, Any]) -> Answer:
    """What is answered and what it cost; nothing is kept."""
    with transaction.atomic(), CaptureQueriesContext(connection) as questions:
        answer = getattr(client, method)(path, said)
        transaction.set_rollback(True)
    text = answer.getvalue().decode(errors="replace") + str(answer.get("Location", ""))
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ?")[^"]+', r"\1", text)
    return Answer(answer.status_code, re.sub(r"\d{1,}", "0", text), len(questions))


def both(client: Client, page: Page, theirs: Theirs) -> Iterator[tuple[str, Answer, Answer]]:
    """Each method: the answer about what is there, and about what is not."""
    for method in ("get", "post"):
        said = {**SAID, "member": theirs.member} if method == "post" else {}
        yield (
            method,
            asked(client, method, address(page, theirs.numbers), said),
            asked(client, method, address(page, ABSENT), said),
        )


def test_its_owner_is_answered_otherwise(cast: Cast, theirs: Theirs) -> None:
    """Else the other tests would show nothing."""
    client = signed_in(cast.amelie)
    client.get("/report/")
    silent = set()
    for page in NUMBERED:
        answers = list(both(client, page, theirs))
        if not any(found.status not in {404, 405} for _m, found, _n in answers):
            silent.add(page.name)
        assert all(none.status in {404, 405} for _m, _f, none in answers), page
    assert silent == NEEDS_MORE


def test_an_outsider_can_not_tell_what_is_there(cast: Cast, theirs: Theirs) -> None:
    client = signed_in(cast.diane)
    client.get("/report/")
    before = state(cast)
    told = []
    for page in NUMBERED:
        for method, found, none in both(client, page, theirs):
            if found != none or found.status not in {404, 405}:
                told.append(
                    (
                        method,
                        page.name,
                        found.status,
                        none.status,
                        found.questions,
                        none.questions,
                        found.text == none.text,
                    )
                )
    assert state(cast) == before
    assert told == []


def told_apart(
    cast: Cast, theirs: Theirs, person: User, is_alike: Callable[[str, Answer, Answer], bool]
) -> list[tuple[str, str, int, int]]:
    """Where ``person`` could tell what is there; none of it is read, and none of it changes."""
    client = signed_in(person)
    client.get("/report/")
    before = state(cast)
    told = []
    for page in NUMBERED:
        for method, found, none in both(client, page, theirs):
            assert SECRET not in found.text, page
            if not is_alike(page.pattern, found, none):
                told.append((method, page.name, found.status, none.status))
    assert state(cast) == before
    return told


def test_a_colleague_without_a_role_can_not_tell_which_accounts_there_are(
    cast: Cast, theirs: Theirs
) -> None:
    """What the organisation has beside accounts he may know of."""

    def is_alike(pattern: str, found: Answer, none: Answer) -> bool:
        return found == none or not pattern.startswith(BOUND_TO_AN_ACCOUNT)

    assert told_apart(cast, theirs, theirs.colleague, is_alike) == []


def test_a_partner_sees_what_is_shared_and_can_not_tell_what_else_there_is(
    cast: Cast, theirs: Theirs
) -> None:
    def is_alike(pattern: str, found: Answer, none: Answer) -> bool:
        is_absent = pattern.startswith(RULED) and found.status == 404
        return found == none or is_absent or pattern.startswith(SHARED)

    assert told_apart(cast, theirs, theirs.partner, is_alike) == []


def test_numbers_that_no_database_holds_are_absent_too(cast: Cast) -> None:
    client = signed_in(cast.amelie)
    client.raise_request_exception = False
    told = []
    for page in NUMBERED:
        for method in ("get", "post"):
            answer = asked(client, method, address(page, HUGE), SAID | {"member": HUGE})
            if answer.status not in {404, 405}:
                told.append((method, page.name, answer.status))
    assert told == []


@pytest.mark.parametrize("nonsense", [str(HUGE), "share-x", "x\0y"])
def test_nonsense_in_any_form_is_refused_and_breaks_nothing(cast: Cast, nonsense: str) -> None:
    """By the names of all fields that any form has."""
    client = signed_in(cast.amelie)
    client.raise_request_exception = False
    said = dict.fromkeys(FIELDS, nonsense)
    broken = []
    for page in PAGES:
        for method in ("get", "post"):
            path = address(page, ABSENT)
            answer = asked(client, method, path, said)
            if answer.status >= 500:
                broken.append((method, page.name))
    assert broken == []


def test_a_choice_that_is_none_leads_nowhere(cast: Cast) -> None:
    client = signed_in(cast.amelie)
    said = {"asset": "1", "action": "share-x"}
    answer = client.post("/manager/assets/accounts/change/", said, follow=True)
    assert answer.status_code == 404
    switched = client.post("/organisation/", {"organisation": "horizon", "next": "12"})
    assert switched["Location"] == "/"


def state(cast: Cast) -> dict[str, list[str]]:
    """Every row of every table that belongs to the network."""
    ids = [one.pk for one in (cast.network, cast.west, cast.nantes, cast.rennes)]
    with operating(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name IN ('organisation_id', 'owner_id') "
            "UNION SELECT 'organisations_organisation', 'id' ORDER BY 1, 2"
        )
        found = {}
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT t::text FROM "{table}" t WHERE "{column}" = ANY(%s) ORDER BY 1', [ids]
            )
            found[f"{table}.{column}"] = [row for (row,) in cursor.fetchall()]
    return found
