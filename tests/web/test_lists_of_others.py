"""Every list that can be brought, naming what is somebody else's: it neither acts on it nor tells.

The same list is brought twice, once with the number, address or name of something of the network's
and once with one that nobody has: the answers are the same but for what was written in them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from regie.apps.access.context import operating
from regie.apps.access.models import Grant, Partnership, Share
from regie.apps.assets.models import Asset
from regie.apps.audiences.models import Audience
from regie.apps.beneficiaries.models import Rule
from regie.apps.organisations.models import Member
from regie.apps.requests.models import AccessRequest
from regie.apps.tracking.models import Link, PromoCode
from regie.kernel import clock
from tests.access.given import VIEWER, colleague, linked, partners, shared
from tests.api.test_api import token_of
from tests.beneficiaries.given import campaigns
from tests.cast import Cast
from tests.web.test_every_page import signed_in
from tests.web.theirs import AUDIENCE
from tests.web.theirs import SAID as LINK

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class World:
    cast: Cast
    own: int  # an account of the outsider's, with a campaign
    audience: int
    request: int  # of a house that asks the network


@dataclass(frozen=True)
class Upload:
    """``text`` is the list around a word; ``words`` are what is theirs and what nobody has."""

    page: str
    program: str
    text: Callable[[str], str]
    words: tuple[str, str]
    field: str = "upload"
    said: tuple[tuple[str, str], ...] = ()


UPLOADS = {
    "people": Upload(
        "/manager/people/bring/", "/people/file", "email,role\n{},employee\n".format,
        ("chloe@horizon.example", "nadia@horizon.example"),
    ),
    "members given another role": Upload(
        "/manager/people/bring/", "/people/file", "email,role\n{},administrator\n".format,
        ("colleague.of.bruno@horizon.example", "nadia.of.elsewhere@horizon.example"),
    ),
    "accounts": Upload(
        "/manager/assets/accounts/bring/", "/accounts/file",
        "platform,id\nlinkedin_ads,{}\n".format,
        ("111111111", "111111119"),
    ),
    "requests": Upload(
        "/manager/requests/list/", "/requests/file", "account,role\n{},VIEWER\n".format,
        ("111111111", "111111119"), field="file", said=(("platform", "linkedin_ads"),),
    ),
    "answers to requests": Upload(
        "/manager/requests/answers/", "/requests/answers",
        "request;account;role;requester;reason;decision;signature\n{};111111111;VIEWER;x;;yes;x\n"
        .format,
        ("{request}", "999999"), field="file",
    ),
    "check-up": Upload(
        "/manager/assets/accounts/{own}/check-up/", "/accounts/{own}/check-up",
        "email,role\n{},Admin\n".format, ("chloe@horizon.example", "nadia@horizon.example"),
    ),
    "beneficiaries": Upload(
        "/manager/beneficiaries/{own}/list/", "",
        "account,level,by,value,beneficiary\n,campaign,name,Search,{}\n".format,
        ("horizon-nantes", "horizon-nowhere"), said=(("act", "keep"), ("seen", "0")),
    ),
    "beneficiaries of another account": Upload(
        "/manager/beneficiaries/{own}/list/", "",
        "account,level,by,value,beneficiary\n{},campaign,name,Search,atelier-diane\n".format,
        ("111111111", "111111119"), said=(("act", "keep"), ("seen", "0")),
    ),
    "labels": Upload(
        "/manager/beneficiaries/{own}/labels/", "", "campaign,label\n{},été\n".format,
        ("Network Nantes", "Network Nowhere"), field="labels",
    ),
    "audience": Upload(
        "/manager/audiences/{audience}/load/", "/audiences/{audience}/members",
        "email\n{}\n".format, ("chloe@horizon.example", "nadia@horizon.example"), field="file",
    ),
    "links": Upload(
        "/links/bulk/", "",
        "name,destination,source,medium,campaign,code\nA,https://a.example/,a,b,c,{}\n".format,
        ("network-offer", "nobody-offer"), field="table",
    ),
    "codes": Upload(
        "/codes/bulk/", "", "name,code\nSalon,{}\n".format, ("NETWORK25", "NOBODY25"),
        field="table",
    ),
}  # fmt: skip


@pytest.fixture
def world(cast: Cast, tmp_path: Path) -> World:
    linked(cast.amelie, cast.network, "111111111", "Marque")
    second = linked(cast.amelie, cast.network, "222222222")
    shared(cast, partners(cast), second, VIEWER)
    colleague("Colleague of Bruno", cast.network)
    amelie = signed_in(cast.amelie)
    amelie.post("/codes/new/", {"name": "Salon", "code": "NETWORK25", "count": "1"})
    amelie.post("/links/new/", {**LINK, "code": "network-offer"})
    with operating():
        asked = AccessRequest.objects.create(
            organisation=cast.west, platform="linkedin_ads", external_id="111111111",
            role="VIEWER", requester="Bruno", expires_on=clock.today() + timedelta(days=9),
        )  # fmt: skip
    own = campaigns(tmp_path, cast.studio, ("Search", "21", "2026-10-01", "10.00"))
    signed_in(cast.diane).post("/manager/audiences/new/", AUDIENCE)
    with operating():
        assert PromoCode.objects.count() == Link.objects.count() == 1
        return World(cast, own, Audience.objects.get().pk, asked.pk)


def of_others(world: World) -> list[Any]:
    """All that the network has, row by row."""
    with operating():
        found: list[Any] = []
        for model in (Asset, Member, Rule, PromoCode, Link, Audience, AccessRequest):
            rows = model.objects.exclude(organisation_id=world.cast.studio.pk)
            found.append(list(rows.order_by("pk").values()))
        for model in (Grant, Share, Partnership):
            found.append(list(model.objects.exclude(owner_id=world.cast.studio.pk).values()))
        return found


def as_told(answer: Any, word: str) -> tuple[int, str]:
    """What is read of it; of a page what stands in its middle."""
    text = answer.content.decode()
    middle = re.search(r"<main.*</main>", text, re.DOTALL)
    if middle:
        text = " ".join(re.sub(r"<[^>]+>", " ", middle[0]).split())
    text = re.sub(r"\b\d{1,2} [A-Z][a-z]+ \d{4}", "DAY", unescape(text))  # its 22 is no number
    return answer.status_code, text.replace(word, "WORD")


@pytest.mark.parametrize(
    ("name", "edge"),
    [(name, edge) for name, one in UPLOADS.items() for edge in ("page", "program")
     if edge == "page" or one.program],
)  # fmt: skip
def test_a_list_that_names_others_things_is_answered_as_if_they_did_not_exist(
    name: str, edge: str, world: World
) -> None:
    one = UPLOADS[name]
    diane, known = world.cast.diane, {"own": world.own, "audience": world.audience}
    path = (one.page if edge == "page" else f"/api/v1{one.program}").format(**known)
    before = of_others(world)
    token = token_of(diane, world.cast.studio)
    told = []
    for written in one.words:
        word = written.format(request=world.request)
        file = SimpleUploadedFile("list.csv", one.text(word).encode())
        said = {one.field if edge == "page" else "file": file, **dict(one.said)}
        with transaction.atomic():  # each as if it were the first
            point = transaction.savepoint()
            if edge == "page":
                client = signed_in(diane, "en")
                answer = client.post(path, {**said, "sure": "yes"}, follow=True)
            else:
                headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
                answer = Client().post(path, said, headers=headers)
            told.append(as_told(answer, word))
            assert of_others(world) == before
            transaction.savepoint_rollback(point)
    assert told[0][0] < 500
    assert told[0][1] == told[1][1]
    assert told[0][0] == told[1][0]
