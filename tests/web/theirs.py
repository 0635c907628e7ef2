"""One thing of each kind that an address can name by its number, made as its people make them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.test import Client
from django.utils import timezone

from regie.apps.access import services as access
from regie.apps.access.context import acting_as, operating
from regie.apps.access.models import CustomRole, Grant, Partnership
from regie.apps.accounts.models import User
from regie.apps.audiences.models import Audience, AudienceShare, AudienceUse
from regie.apps.beneficiaries.models import Change
from regie.apps.budgets import services as budgets
from regie.apps.budgets.models import Plan
from regie.apps.connections import services as connections
from regie.apps.dashboards.models import Annotation, MarketSize, Objective, SavedView
from regie.apps.identity.models import Correction, PersonRequest
from regie.apps.organisations.models import Invitation, Organisation, Review, TreeChange
from regie.apps.organisations.services import create_organisation
from regie.apps.requests.models import AccessRequest
from regie.apps.tokens.models import Token
from regie.apps.tracking.models import Link, PromoCode, SourceChoice
from tests.access.given import colleague, linked
from tests.api.test_api import token_of
from tests.beneficiaries.given import by_pattern, ruled
from tests.cast import Cast, bring
from tests.connections.test_described_tables import RADIO
from tests.identity.visits import forget_journals, open_shop
from tests.today import today
from tests.web.looking import LookingClient
from tests.web.test_commands import PLAN
from tests.web.test_tracking import SAID

TODAY = today()
SOON = TODAY + timedelta(days=30)
OWN, OTHERS = "123-456-7890", "234-567-8901"
HEADER = "Account,Account ID,Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks"
SECRET = "Campagne secrète"
AUDIENCE = {"name": "Clients", "source": "customers", "basis": "contract", "purpose": "Relance",
            "expires_on": str(SOON)}  # fmt: skip


@dataclass(frozen=True)
class Theirs:
    """``numbers`` of the network's things by the beginning of their address; the people around.

    ``partner`` administers a company with which one account is shared, its bills and no figure.
    """

    numbers: dict[str, int]
    grant: int
    member: int
    colleague: User
    partner: User


def export(folder: Path, name: str, *accounts: str) -> Path:
    path = folder / name
    yesterday = TODAY - timedelta(days=1)
    lines = [f"Compte,{one},{SECRET},201,{yesterday},EUR,10.00,10,1" for one in accounts]
    path.write_text("\n".join(["Campaign report", '"All time"', HEADER, *lines, ""]), "utf-8")
    return path


def made(cast: Cast, folder: Path) -> Theirs:
    """Everything that the network has, once."""
    with operating():
        Organisation.objects.filter(pk=cast.network.pk).update(
            email_domains=["horizon.example"], members_see_all=False
        )
        house = create_organisation(actor=None, name="Maison Tierce", slug="maison-tierce")
    partner = colleague("Partner of Amélie", house, "administrator").user
    one, second = (colleague(name, cast.network) for name in ("Colleague", "Second colleague"))
    client = LookingClient()
    client.force_login(cast.amelie, backend="django.contrib.auth.backends.ModelBackend")

    key = linked(cast.amelie, cast.network, OWN, platform="google_ads")
    (record,) = bring(cast.network, export(folder, "own.csv", OWN), actor=cast.amelie)
    partnership, share, brought = _partnership(cast, house, partner, key, folder)
    client.post(
        f"/manager/assets/accounts/{key}/give/",
        {"member": second.pk, "role": "VIEWER", "ends_on": "", "sure": "yes"},
    )
    _by_hand(client, cast, partner, key)
    shop = open_shop(cast.amelie, cast.network)
    forget_journals()
    shop.heard("identify", device="cookie-of-kestrel", login="kestrel")
    shop.known()
    people = sorted((shop.key("cookie-of-kestrel"), shop.key("kestrel")))
    ruled(cast, key, by_pattern("*secr*", "horizon-nantes"))
    token_of(cast.amelie, cast.network)
    rows = _rows(cast, key, shop.site.pk, people)
    manager, asset = "manager/", "manager/assets/<slug:room>/<int:asset_id>"
    numbers = {
        **rows,
        "imports/<int:import_id>": record.pk,
        "sites/<int:site_id>": shop.site.pk,
        "identity/<int:key>": shop.key("kestrel"),
        asset: key,
        f"{asset}/figures/<int:import_id>": brought,
        f"{manager}beneficiaries/<int:asset_id>": key,
        f"{manager}organisations/<int:organisation_id>": cast.west.pk,
        f"{manager}people/<int:member_id>": second.pk,
        f"{manager}partners/<int:partnership_id>": partnership,
        f"{manager}partners/shares/<int:share_id>": share,
    }  # fmt: skip
    with operating():
        grant = Grant.objects.get(member=second).pk
    numbers[f"{asset}/withdraw/<int:grant_id>"] = grant
    return Theirs(numbers, grant, second.pk, one.user, partner)


def _partnership(
    cast: Cast, house: Organisation, partner: User, key: int, folder: Path
) -> tuple[int, int, int]:
    """Who brought figures of the shared account, and may see its bills alone since."""
    with operating():
        found = Partnership.objects.create(
            owner=cast.network, partner=house, state="active", accepted_at=timezone.now()
        )
    with acting_as(cast.amelie):
        (share,) = access.share_assets(
            actor=cast.amelie, partnership_id=found.pk, asset_ids=[key],
            ceiling=frozenset({"billing.view", "figures.view", "campaigns.edit"}),
        )  # fmt: skip
    (record,) = bring(house, export(folder, "hers.csv", OWN, OTHERS), actor=partner)
    with acting_as(cast.amelie):
        access.set_ceiling(actor=cast.amelie, share_id=share.pk, ceiling=["billing.view"])
    return found.pk, share.pk, record.pk


def _by_hand(client: Client, cast: Cast, partner: User, key: int) -> None:
    """What has a form of its own."""
    client.post("/links/new/", {**SAID, "code": "Ete-26"})
    client.post("/codes/new/", {"name": "Salon", "code": "SALON25", "count": "1"})
    client.post("/report/save/", {"name": "Vue", "shared": "on"})
    client.post("/manager/audiences/new/", AUDIENCE)
    client.post("/manager/review/sign/")
    client.post(f"/manager/organisations/{cast.rennes.pk}/", {"act": "close", "sure": "yes"})
    client.post("/manager/roles/new/ad_account/",
                {"name": "Ads", "permissions": ["ads.edit"], "act": "keep"})  # fmt: skip
    client.post(
        "/manager/invitations/",
        {"emails": "newcomer@horizon.example", "role": "employee", "ends_on": "", "language": "fr"},
    )
    with operating():
        audience = Audience.objects.get().pk
    said = {"recipient": cast.west.pk, "rights": "targeting", "purpose": "Relance",
            "expires_on": str(SOON)}  # fmt: skip
    client.post(f"/manager/audiences/{audience}/share/", said)
    client.post(f"/manager/audiences/{audience}/use/", {"account": key})
    linked(cast.amelie, cast.network, "345-678-9012", platform="google_ads")
    asking = Client()
    asking.force_login(partner, backend="django.contrib.auth.backends.ModelBackend")
    wanted = {"platform": "google_ads", "account": "345-678-9012", "role": "VIEWER"}
    asking.post("/manager/requests/ask/", wanted)
    with acting_as(cast.amelie):
        budgets.create_plan(actor=cast.amelie, organisation=cast.network, plan=PLAN)


def _rows(cast: Cast, key: int, site: int, people: list[int]) -> dict[str, int]:
    """The numbers of what was made by hand, and what is quicker written than made."""
    table = connections.remember_table(
        actor=cast.amelie, organisation_id=cast.network.pk, name="Radio", description=RADIO
    )
    common: dict[str, Any] = {"organisation": cast.network, "author_id": cast.amelie.pk}
    days = {"starts_on": TODAY, "ends_on": SOON}
    with operating():
        objective = Objective.objects.create(
            level="business", kind="conversion", metric="market_share", target=0.3,
            direction="at_least", owner="Amélie", **common, **days,
        )  # fmt: skip
        event = Annotation.objects.create(title="Spot", kind="advertising", **common, **days)
        market = MarketSize.objects.create(
            measure="orders", amount=1000, source="Institut", published_on=TODAY, **common, **days
        )
        choice = SourceChoice.objects.create(
            organisation=cast.network, imported_id=key, site_id=site, which="both",
            starts_on=TODAY, said_by="Amélie",
        )  # fmt: skip
        word = Correction.objects.create(
            organisation=cast.network, one_id=people[0], other_id=people[1], word="cut",
            said_by="Amélie", said_at=timezone.now(),
        )  # fmt: skip
        asked = PersonRequest.objects.create(
            organisation=cast.network, kind="access", asked_at=timezone.now(), done_by="Amélie"
        )

        def only(model: type[Model], **given: Any) -> int:
            return int(model.objects.get(**given).pk)  # type: ignore[attr-defined]

        return {
            "objectives/<int:objective_id>": objective.pk,
            "objectives/markets/<int:market_id>": market.pk,
            "report/events/<int:event_id>": event.pk,
            "report/views/<int:view_id>": only(SavedView),
            "imports/tables/<int:mapping_id>": table.pk,
            "planner/<int:plan_id>": only(Plan),
            "links/<int:link_id>": only(Link),
            "codes/<int:code_id>": only(PromoCode),
            "sites/counting/<int:choice_id>": choice.pk,
            "identity/said/<int:correction_id>": word.pk,
            "privacy/requests/<int:request_id>": asked.pk,
            "manager/organisations/undo/<int:change_id>": only(TreeChange),
            "manager/review/<int:review_id>": only(Review),
            "manager/invitations/<int:invitation_id>": only(Invitation),
            "manager/requests/<int:request_id>": only(AccessRequest),
            "manager/audiences/<int:audience_id>": only(Audience),
            "manager/audiences/shares/<int:share_id>": only(AudienceShare),
            "manager/audiences/uses/<int:use_id>": only(AudienceUse),
            "manager/beneficiaries/<int:asset_id>/undo/<int:change_id>": only(Change),
            "manager/tokens/<int:token_id>": only(Token),
            "manager/roles/<int:role_id>": only(CustomRole),
        }
