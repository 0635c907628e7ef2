"""Whoever puts another's number into a form of his own is answered as if it named nothing.

Every form of every page is taken as it stands, and each field that names a thing gets the number,
the slug or the address of something of an outsider, then one that nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client

from regie.apps.access import services as access
from regie.apps.access.context import acting_as, operating
from regie.apps.audiences import services as audiences
from regie.apps.organisations.services import create_organisation
from regie.domain.audiences.terms import Rights
from tests.access.given import CREATIVE, colleague, linked
from tests.api.test_api import token_of
from tests.audiences.test_audiences import CUSTOMERS
from tests.cast import Cast, bring
from tests.web.forms_found import forms_of
from tests.web.test_every_page import PAGES, signed_in
from tests.web.test_hidden_pages import SAID, address
from tests.web.theirs import Theirs, export, made

pytestmark = pytest.mark.slow
BEGIN, APART = 20_000, 2_000  # her first number, and how far the next kind of thing begins
KINDS = (
    "organisations_organisation", "organisations_member", "assets_asset", "connections_import",
    "access_customrole", "access_grant", "access_partnership", "access_share",
    "audiences_audience", "audiences_audienceshare",
)  # fmt: skip
ASSET = "manager/assets/<slug:room>/<int:asset_id>"
NOBODYS = ("39999", "nowhere-at-all", "nobody-at-all@horizon.example")
# What one asks of a stranger on purpose: his manager number, or an account by its public ID.
TOLD = {"number", "external_id", "email", "emails", "holder-1-email", "entries"}


@pytest.fixture
def theirs(cast: Cast, tmp_path: Path) -> Theirs:
    return made(cast, tmp_path)


@pytest.fixture
def hers(cast: Cast, theirs: Theirs, tmp_path: Path) -> list[str]:
    """Numbers of what Diane has, each far from any other."""
    keep_apart()
    with operating():
        house = create_organisation(actor=None, name="Maison Quatre", slug="maison-quatre")
    somebody = colleague("Colleague of Diane", cast.studio)
    key = linked(cast.diane, cast.studio, "777-777-7777", platform="google_ads")
    (record,) = bring(cast.studio, export(tmp_path, "studio.csv", "777-777-7777"))
    with acting_as(cast.diane):
        role = access.create_role(
            actor=cast.diane, organisation=cast.studio, family="ad_account", name="Mine",
            permissions=CREATIVE,
        )  # fmt: skip
        grant = access.give_role(
            actor=cast.diane, asset_id=key, member_id=somebody.pk, given=access.Given("VIEWER")
        )
        partnership = access.propose_partnership(
            actor=cast.diane, organisation=cast.studio, number=str(house.manager_number)
        )
        audience = audiences.create_audience(
            actor=cast.diane, organisation=cast.studio, said=CUSTOMERS
        )
    with operating():
        access.accept_partnership(actor=None, partnership_id=partnership.pk)
    with acting_as(cast.diane):
        (share,) = access.share_assets(
            actor=cast.diane, partnership_id=partnership.pk, asset_ids=[key], ceiling=CREATIVE
        )
        lent = audiences.share_audience(
            actor=cast.diane, audience_id=audience, recipient_id=house.pk,
            rights=Rights.TARGETING, purpose="Relance", expires_on=CUSTOMERS.expires_on,
        )  # fmt: skip
    token_of(cast.diane, cast.studio)
    numbers = [
        house.pk, somebody.pk, key, record.pk, role.pk, grant.pk, partnership.pk, audience,
        share.pk, lent,
    ]  # fmt: skip
    return [str(one) for one in dict.fromkeys(numbers)]


def keep_apart() -> None:
    """Else her third account could bear the number of their third member."""
    with operating(), connection.cursor() as cursor:
        for place, table in enumerate(KINDS):
            name = f"{table}_id_seq"
            cursor.execute("SELECT nextval(%s)", [name])
            ((now,),) = cursor.fetchall()
            rest = BEGIN + place * APART - now
            cursor.execute("SELECT max(nextval(%s)) FROM generate_series(1, %s)", [name, rest])


@dataclass(frozen=True)
class Sent:
    status: int
    text: str
    is_changed: bool


def sent(client: Client, path: str, said: dict[str, str], cast: Cast, before: str) -> Sent:
    """The answer without numbers and without what was sent; nothing is kept."""
    with transaction.atomic():
        answer = client.post(path, said, follow=True)
        is_changed = answer.status_code < 400 and kept(cast) != before
        transaction.set_rollback(True)
    text = answer.getvalue().decode(errors="replace") + str(answer.redirect_chain)
    text = re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ?")[^"]+', r"\1", text)
    for one in (*NOBODYS[1:], cast.studio.slug, cast.diane.email):
        text = text.replace(one, "…")
    return Sent(answer.status_code, re.sub(r"\d+", "0", text), is_changed)


def kept(cast: Cast) -> str:
    """A digest of every row of hers."""
    with operating(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = "
            "'public' AND column_name IN ('organisation_id', 'owner_id', 'recipient_id', "
            "'partner_id') ORDER BY 1, 2"
        )
        questions = [
            f"SELECT coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text)), $$$$) "
            f'FROM "{table}" t WHERE "{column}" = {int(cast.studio.pk)}'
            for table, column in cursor.fetchall()
        ]
        cursor.execute(" UNION ALL ".join(questions))
        return " ".join(one for (one,) in cursor.fetchall())


def attacked(client: Client, theirs: Theirs) -> Iterator[tuple[str, dict[str, str], str]]:
    """Address, what is sent, and the field that names a thing: each once."""
    seen = set()
    tree = theirs.numbers["manager/organisations/<int:organisation_id>"]
    client.post(
        "/manager/assets/accounts/change/", {"asset": theirs.numbers[ASSET], "action": "give"}
    )
    opened = [f"/manager/organisations/{tree}/?act={act}" for act in ("move", "merge")]
    for path in [*(address(page, theirs.numbers) for page in PAGES), *opened]:
        answer = client.get(path)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for form in forms_of(path, answer.content.decode()):
            for said in form.sent():
                full = {name: value or SAID.get(name, "Mine") for name, value in said.items()}
                for name in said:
                    known = (form.action, name, tuple(sorted(dict(form.buttons).items())))
                    if is_a_name(name, said[name], form.choices.get(name, [])) and (
                        known not in seen
                    ):
                        seen.add(known)
                        yield form.action, full, name


def is_a_name(name: str, value: str, choices: list[str]) -> bool:
    if name in TOLD:
        return False
    return any(one.isdecimal() or one.startswith("horizon") for one in (value, *choices))


def test_a_number_of_anothers_names_nothing_in_any_field_of_any_form(
    cast: Cast, theirs: Theirs, hers: list[str]
) -> None:
    client = signed_in(cast.amelie, "en")
    client.raise_request_exception = False
    before, told, count = kept(cast), [], 0
    for path, said, name in attacked(client, theirs):
        is_slug = said[name].startswith("horizon")
        absent = NOBODYS[1] if is_slug else NOBODYS[0]
        none = sent(client, path, {**said, name: absent}, cast, before)
        for one in [cast.studio.slug] if is_slug else hers:
            count += 1
            found = sent(client, path, {**said, name: one}, cast, before)
            if found.is_changed or (found.status, found.text) != (none.status, none.text):
                told.append((path, name, one, found.status, none.status, found.is_changed))
    assert told == []
    assert count > 200, "or there is nothing to swap"
