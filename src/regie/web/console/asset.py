"""One account or page: who may do what with it and why, giving a role, letting it go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.access.selectors import Effect
from regie.apps.assets import selectors as assets
from regie.apps.assets import services as owned
from regie.apps.assets.selectors import AssetCard
from regie.apps.audiences.selectors import usable_on
from regie.apps.connections import selectors as connections
from regie.kernel.errors import NotFound, RegieError
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console.asset_forms import AttachAccounts, GiveRole, Rename
from regie.web.console.asset_words import (
    access_row,
    is_agencys,
    role_map,
    set_word,
)
from regie.web.console.assets import kind_or_404
from regie.web.console.effects import rows_of
from regie.web.console.page import ConsoleRequest, administrators_only, console, show
from regie.web.console.sure import Question, ask, looked_at, of_effects
from regie.web.spreadsheets import as_csv

MOST_OFFERED = 1_000
MOST_SHOWN = 50  # people of one account: beyond, one searches, or takes the list


def card_or_404(room: str, asset_id: int) -> AssetCard:
    card = assets.card(asset_id)
    if card.kind != kind_or_404(room).name or card.status == assets.Status.DELETED:
        raise NotFound(_("There is no such account."))
    return card


@console
@require_safe
def asset(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    card = card_or_404(room, asset_id)
    services.note_opened(card.key)
    return _page(request, room, card)


def _page(
    request: ConsoleRequest, room: str, card: AssetCard, *, form: GiveRole | None = None,
    effects: Any = None, act: str = "", status: int = 200, **asked: Any,
) -> HttpResponse:  # fmt: skip
    mine = access.permissions_on(request.user, card.key)
    shares = access.shares_of(asset_id=card.key)
    partners = {one.partner_id: one.partner for one in shares}
    is_own = card.organisation_id in {one.pk for one in request.organisations}
    may_let_go = is_own and request.is_administrator
    may_give = request.is_administrator or "access.manage" in mine
    context = {
        "room": room,
        "console_page": f"manager-{room}",
        "room_title": _(kind_or_404(room).plural),
        "card": card,
        "platform": platform(card.platform),
        "status_word": assets.Status(card.status).label,
        "mine": set_word(card.family, mine),
        **_people(request, card, partners),
        "shares": [(one, set_word(card.family, one.ceiling)) for one in shares],
        "is_own": is_own,
        "is_agencys": is_agencys(card.owner_kind, is_own=is_own, is_shared=bool(shares)),
        "may_give": may_give,
        "may_let_go": may_let_go,
        "form": (form or _form(request, card)) if may_give else None,
        "rename": Rename(initial={"name": card.called or card.name, "location": card.location}),
        "map": role_map(card.family),
        "effects": effects,
        "act": act,
        "has_keeper": bool(access.keepers_of(card.key)),
        "attached": [(one, platform(one.platform)) for one in assets.attached_to(card.key)],
        "attach": _attach_form(request, card) if is_own and card.kind == "page" else None,
        "audiences": usable_on(card.key) if card.kind == "ad_account" else (),
        "brought": connections.brought_by_partners(actor=request.user, asset_id=card.key),
        "same": assets.doubles_among([card]).get(card.key) if may_let_go else None,
        "folded": _folded(request, card),
        **asked,
    }
    return show(request, "console/asset.html", context, status=status)


def _people(request: ConsoleRequest, card: AssetCard, partners: dict[int, str]) -> dict[str, Any]:
    """Those with a role of their own first; of very many as many as are read, and a search."""
    everybody = access.accesses_on([card.key])
    who = request.GET.get("who", "").strip()[:100]
    found = [one for one in everybody if who.casefold() in f"{one.person} {one.email}".casefold()]
    found.sort(key=lambda one: all(path.grant_id is None for path in one.paths))
    shown = found[:MOST_SHOWN]
    held = [path.grant_id for one in shown for path in one.paths if path.grant_id is not None]
    grants = access.grants_on(card.key, held)
    return {
        "people": [access_row(card.family, one, grants, partners) for one in shown],
        "found_count": len(found),
        "people_count": len(everybody),
        "most_shown": MOST_SHOWN,
        "who": who,
    }


def _folded(request: ConsoleRequest, card: AssetCard) -> list[AssetCard]:
    """Accounts of the reader's own that became part of this one."""
    mine = request.branch if request.is_administrator else frozenset()
    return [one for one in assets.doubles_of(card.key) if one.organisation_id in mine]


def _form(request: ConsoleRequest, card: AssetCard, data: Any = None) -> GiveRole:
    """Roles that fit under the ceiling; of one's own account, all of them."""
    is_own = card.organisation_id in {one.pk for one in request.organisations}
    ceiling = None
    if not is_own:
        shares = access.shares_of(asset_id=card.key)
        ceiling = frozenset[str]().union(*(one.ceiling for one in shares))
    roles = access.roles_to_give(card, request.organisation, ceiling)
    return GiveRole(data, members=access.members_to_give(request.organisation), roles=roles)


@console
@require_POST
def give(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    card = card_or_404(room, asset_id)
    form = _form(request, card, request.POST)
    if not form.is_valid():
        return _page(request, room, card, form=form, status=400)
    said = form.cleaned_data
    asked: dict[str, Any] = {
        "actor": request.user, "asset_id": card.key, "member_id": said["member"],
        "given": services.Given.chosen(said["role"]), "ends_on": said["ends_on"],
    }  # fmt: skip
    try:
        effects = services.what_if_role_given(**asked)
        if (page := _ask_giving(request, room, card, form, effects)) is not None:
            return page
        services.give_role(**asked)
    except RegieError as error:
        form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        return _page(request, room, card, form=form, status=400)
    messages.success(request, _("The role is given: it counts from the next click on."))
    return redirect("manager-asset", room=room, asset_id=card.key)


def _ask_giving(
    request: ConsoleRequest, room: str, card: AssetCard, form: GiveRole, effects: list[Effect]
) -> HttpResponse | None:
    chosen = {name: dict(form.fields[name].choices) for name in ("member", "role")}  # type: ignore[attr-defined]
    words = {"role": chosen["role"][form.cleaned_data["role"]], "account": card.label,
             "person": chosen["member"][form.cleaned_data["member"]]}  # fmt: skip
    return ask(
        request,
        Question(
            title=_("Give the role “{role}”?").format(**words),
            text=_("To {person}, on {account}. It counts from the next click on.").format(**words),
            back=reverse("manager-asset", kwargs={"room": room, "asset_id": card.key}),
            effects=effects,
        ),
    )


@console
@require_POST
def withdraw(request: ConsoleRequest, room: str, asset_id: int, grant_id: int) -> HttpResponse:
    card = card_or_404(room, asset_id)
    try:
        effects = services.what_if_role_withdrawn(actor=request.user, grant_id=grant_id)
        said = _("On {account}. It ends at once; it can be given again.")
        question = Question(
            title=_("Withdraw this role?"),
            text=said.format(account=card.label),
            back=reverse("manager-asset", kwargs={"room": room, "asset_id": card.key}),
            effects=effects,
            is_danger=True,
        )
        if (page := ask(request, question)) is not None:
            return page
        services.withdraw_role(actor=request.user, grant_id=grant_id)
    except NotFound:
        raise
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    else:
        messages.success(request, _("The role is withdrawn."))
    return redirect("manager-asset", room=room, asset_id=card.key)


def _attach_form(request: ConsoleRequest, card: AssetCard, data: Any = None) -> AttachAccounts:
    """The linked ad accounts of the owner of the page; those that are attached are ticked."""
    wanted = assets.Filter(status=assets.Status.LINKED)
    found = assets.listed("ad_account", [card.organisation_id], wanted)[:MOST_OFFERED]
    choices = [(one.pk, f"{one} · {platform(one.platform).name} · {one.external_id}")
               for one in found]  # fmt: skip
    chosen = [one.key for one in assets.attached_to(card.key)]
    return AttachAccounts(data, accounts=choices, initial={"account": chosen})


@administrators_only
@require_POST
def attach(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    """Which ad accounts speak in the name of a page."""
    card = card_or_404(room, asset_id)
    form = _attach_form(request, card, request.POST)
    if form.is_valid():
        owned.attach(actor=request.user, page_id=card.key, account_ids=form.cleaned_data["account"])
        messages.success(request, _("It is kept. Nothing changes on the platform."))
    return redirect("manager-asset", room=room, asset_id=card.key)


@console
@require_POST
def rename(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    card = card_or_404(room, asset_id)
    form = Rename(request.POST)
    if form.is_valid():
        owned.rename(actor=request.user, asset_id=card.key, **form.cleaned_data)
        messages.success(request, _("It is kept. The platform’s own name is still known to files."))
    return redirect("manager-asset", room=room, asset_id=card.key)


@console
@require_POST
def let_go(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    """First what would end, then, asked again, the end."""
    card = card_or_404(room, asset_id)
    act = "delete" if request.POST.get("act") == "delete" else "detach"
    effects = services.what_if_detached(actor=request.user, asset_id=card.key)
    if (asked := looked_at(request, act, of_effects(effects))) is not None:
        return _page(request, room, card, effects=rows_of(effects), act=act, **asked)
    service = services.delete_asset if act == "delete" else services.detach_asset
    service(actor=request.user, asset_id=card.key)
    said = _("{account} is detached; its figures stay in your reports.")
    if act == "delete":
        said = _("{account} is deleted here; its figures stay in your reports.")
    messages.success(request, said.format(account=card.label))
    return redirect("manager-assets", room=room)


@console
@require_safe
def people_csv(request: ConsoleRequest, room: str, asset_id: int) -> HttpResponse:
    """Who may do what, person by person and permission by permission."""
    card = card_or_404(room, asset_id)
    rows = [
        (card.external_id, one.person, one.email, " ".join(sorted(one.permissions)))
        for one in access.accesses_on([card.key])
    ]
    return as_csv("regie-access", ["account", "person", "email", "permissions"], rows)
