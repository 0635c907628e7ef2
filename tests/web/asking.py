"""What a person can be about to do that changes what people may, each as its page is sent it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import Grant, Share
from regie.apps.access.selectors import permissions_on
from regie.apps.access.services import Given, give_role
from regie.apps.assets.models import Asset
from regie.apps.audit.models import AuditLine
from regie.apps.notifications.models import Mail
from regie.apps.organisations.models import Invitation, Member, Organisation
from regie.apps.requests import services as requests
from tests.access.given import VIEWER, colleague, linked, partners, shared
from tests.cast import Cast

LOSES_ONE, GAINS_ONE = (
    "1 person loses something, on 1 account or page.",
    ("1 person gains something, on 1 account or page."),
)


@dataclass(frozen=True)
class World:
    cast: Cast
    account: int
    second: int
    share: int
    given: int  # the role of the second colleague
    holder: Member
    other: Member


def a_world(cast: Cast) -> World:
    account = linked(cast.amelie, cast.network, "111111111", "Marque")
    second = linked(cast.amelie, cast.network, "222222222", "Filiale")
    share = shared(cast, partners(cast), account, VIEWER).pk
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(
            members_see_all=False, email_domains=["horizon.example"]
        )
    holder = colleague("Colleague of Amélie", cast.network)
    other = colleague("Second colleague of Amélie", cast.network)
    with acting_as(cast.amelie):
        role = give_role(
            actor=cast.amelie, asset_id=account, member_id=holder.pk, given=Given("VIEWER")
        )
    return World(cast, account, second, share, role.pk, holder, other)


def giving(world: World) -> tuple[str, dict[str, Any], list[str]]:
    said = {"member": world.other.pk, "role": "VIEWER", "ends_on": ""}
    return (
        f"/manager/assets/accounts/{world.account}/give/",
        said,
        ["Give the role “Viewer”?", "Second colleague of Amélie", GAINS_ONE],
    )


def withdrawing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    path = f"/manager/assets/accounts/{world.account}/withdraw/{world.given}/"
    return path, {}, ["Withdraw this role?", "Colleague of Amélie", LOSES_ONE]


def unsharing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        f"/manager/partners/shares/{world.share}/stop/",
        {},
        ["Stop sharing Marque with Atelier Diane?", "Diane", LOSES_ONE],
    )


def detaching(world: World) -> tuple[str, dict[str, Any], list[str]]:
    said = {"asset": [world.account, world.second], "action": "detach"}
    return (
        "/manager/assets/accounts/change/",
        said,
        ["Detach 2 accounts?", "Diane", "2 people lose something, on 1 account or page."],
    )


def promoting(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        f"/manager/people/{world.other.pk}/",
        {"role": "administrator", "ends_on": ""},
        [
            "Change what Second colleague of Amélie is?",
            "1 person gains something, on 2 accounts and pages.",
        ],
    )


def removing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        f"/manager/people/{world.holder.pk}/remove/",
        {},
        ["Take Colleague of Amélie out?", LOSES_ONE],
    )


def removing_several(world: World) -> tuple[str, dict[str, Any], list[str]]:
    amelie = Member.objects.get(user=world.cast.amelie).pk
    said = {"member": [world.holder.pk, world.other.pk, amelie], "action": "remove"}
    return (
        "/manager/people/change/",
        said,
        ["Take 3 people out?", LOSES_ONE, "What will not be done", "last administrator"],
    )


def changing_several(world: World) -> tuple[str, dict[str, Any], list[str]]:
    said = {"all": "1", "text": "colleague", "action": "administrator", "until": ""}
    return (
        "/manager/people/change/",
        said,
        ["Change what 2 people are?", "2 people gain something, on 2 accounts and pages."],
    )


def bringing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    text = (
        "email,role,ends_on\nsecond.colleague.of.amélie@horizon.example,administrator,\n"
        "newcomer@horizon.example,employee,\nstranger@elsewhere.example,employee,\n"
    )
    said = {"upload": SimpleUploadedFile("people.csv", text.encode())}
    return (
        "/manager/people/bring/",
        said,
        [
            "1 member changes.",
            "1 person is invited, and gains nothing before accepting.",
            "1 person gains something, on 2 accounts and pages.",
            "stranger@elsewhere.example",
        ],
    )


def opening(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        "/manager/rules/access/",
        {"see_all": "on", "until": ""},
        ["Change what members see?", "2 people gain something, on 2 accounts and pages."],
    )


def reviewing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    return (
        "/manager/review/roles/withdraw/",
        {"role": [world.given]},
        ["Withdraw 1 role?", LOSES_ONE],
    )


def sharing(world: World) -> tuple[str, dict[str, Any], list[str]]:
    partnership = Share.objects.get(pk=world.share).partnership_id
    said = {"room": "accounts", "accounts-asset": [world.second], "accounts-role": "VIEWER"}
    path = f"/manager/partners/{partnership}/"
    return path, said, ["Share with Atelier Diane?", "Diane", GAINS_ONE]


def accepting(world: World) -> tuple[str, dict[str, Any], list[str]]:
    with acting_as(world.cast.diane):
        number = requests.ask(
            actor=world.cast.diane, organisation=world.cast.studio,
            wanted=requests.asked_by_hand(
                platform="linkedin_ads", account="222222222", role="VIEWER",
                email="", reason="",
            ),
        )  # fmt: skip
    path = f"/manager/requests/{number}/"
    return path, {"decision": "accept"}, ["Accept this request?", "Diane", GAINS_ONE]


ACTS = (
    sharing,
    accepting,
    giving,
    withdrawing,
    unsharing,
    detaching,
    promoting,
    removing,
    removing_several,
    changing_several,
    bringing,
    opening,
    reviewing,
)


def state() -> list[Any]:
    with operating():
        return [
            list(model.objects.order_by("pk").values())  # type: ignore[attr-defined]
            for model in (Grant, Share, Asset, Member, Organisation, Invitation, Mail, AuditLine)
        ]


def permissions(world: World) -> dict[tuple[str, int], frozenset[str]]:
    people = (world.cast.diane, world.holder.user, world.other.user)
    found = {}
    for person in people:
        with acting_as(person):
            for key in (world.account, world.second):
                found[str(person), key] = permissions_on(person, key)
    return found
