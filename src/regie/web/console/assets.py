"""The accounts and the pages of an organisation, of every platform together: found, linked, shared.

One view serves each kind: ``manager-accounts`` for ad accounts, ``manager-pages`` for pages …
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.access.selectors import Received
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard, Filter, Kind
from regie.apps.assets.services import read_list
from regie.kernel.errors import RegieError
from regie.ui.figures import exact
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console.asset_forms import FindAssets, LinkAsset, ListOfAssets
from regie.web.console.asset_words import is_agencys, set_word
from regie.web.console.giving import choose_accounts
from regie.web.console.navigation import rooms
from regie.web.console.page import ConsoleRequest, administrators_only, console, show
from regie.web.console.sure import Question, ask, packed, unpacked
from regie.web.console.zero_difference import as_proof
from regie.web.spreadsheets import as_csv

LISTED = 50
MOST_AT_ONCE = 1_000


def kind_or_404(room: str) -> Kind:
    found = rooms().get(room)
    if found is None:
        raise Http404
    return found


@console
@require_safe
def listed(request: ConsoleRequest, room: str = "accounts") -> HttpResponse:
    return _page(request, room)


def _page(
    request: ConsoleRequest, room: str, *, link: LinkAsset | None = None, outcome: Any = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    kind = kind_or_404(room)
    branch = sorted(request.branch)
    received = access.received_by(branch)
    form, wanted = _wanted(request, kind, branch, received)
    found = assets.listed(kind.name, branch, wanted, received=received.condition)
    page = assets.page_of(found, number=_number(request), rows=LISTED, most=MOST_AT_ONCE)
    query = urlencode({k: v for k, v in vars(wanted).items() if v})
    context = {
        "room": room,
        "console_page": f"manager-{room}",
        "kind": kind,
        "title": _(kind.plural),
        "form": form,
        "is_filtered": wanted != Filter(),
        "rows": _rows(request, kind.family, page.cards),
        "page": page,
        "query": query,
        "wanted": vars(wanted),
        "link": link or LinkAsset(kind=kind),
        "id_rules": [(platform(one.platform).name, _(one.rule), one.example) for one in kind.ids],
        "bring": ListOfAssets(),
        "outcome": outcome,
        "held": assets.ad_accounts_held(request.organisation) if kind.is_counted else None,
        "most": assets.MOST_AD_ACCOUNTS,
        "most_at_once": MOST_AT_ONCE,
        "partners": [
            one
            for one in access.partnerships_of(request.organisation)
            if one.side == "owner" and one.state == "active"
        ],
    }
    return show(request, "console/assets.html", context, status=status)


def _wanted(
    request: ConsoleRequest, kind: Kind, branch: list[int], received: Received
) -> tuple[FindAssets, Filter]:
    if received.is_many and kind.ids:  # in so large a network there is one of each, or could be
        met = sorted(one.platform for one in kind.ids)
    else:
        met = assets.platforms_met(kind.name, branch, received.condition)
    said = FindAssets(request.GET or request.POST, platforms=met)
    wanted = said.wanted if said.is_valid() else Filter()
    return FindAssets(initial=vars(wanted), platforms=met), wanted


def _number(request: ConsoleRequest) -> int:
    """The page that is asked for; what is no number is the first."""
    said = request.GET.get("page", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else 1


def _rows(request: ConsoleRequest, family: str, cards: Sequence[AssetCard]) -> list[dict[str, Any]]:
    """A page of the list: each account, its owner, and what the reader may do with it."""
    accesses = access.my_accesses(request.user, cards)
    mine = {one.asset_id: one.permissions for one in accesses}
    own = [one for one in cards if one.organisation_id in request.branch]
    twice = assets.doubles_among(own) if request.is_administrator else {}
    return [
        {
            "card": card,
            "is_twice": card.key in twice,
            "platform": platform(card.platform),
            "status": assets.Status(card.status).label,
            "may": set_word(family, mine.get(card.key, frozenset())),
            "is_own": (is_own := card.organisation_id in request.branch),
            "is_agencys": is_agencys(card.owner_kind, is_own=is_own, is_shared=False),
        }
        for card in cards
    ]


@console
@require_safe
def listed_csv(request: ConsoleRequest, room: str) -> HttpResponse:
    """Everything that matches; the IDs as they are written, zeros and all."""
    kind = kind_or_404(room)
    branch = sorted(request.branch)
    received = access.received_by(branch)
    _form, wanted = _wanted(request, kind, branch, received)
    found = assets.listed(kind.name, branch, wanted, received=received.condition)
    keys = list(found.values_list("pk", flat=True))
    cards = {one.key: one for one in assets.cards(keys)}
    accesses = access.my_accesses(request.user, cards.values())
    mine = {one.asset_id: one.permissions for one in accesses}
    rows = [
        (
            one.platform, one.external_id, one.name, one.organisation, one.status, one.currency,
            one.location, " ".join(sorted(mine.get(one.key, ()))),
        )
        for one in (cards[key] for key in keys if key in cards)
    ]  # fmt: skip
    header = ["platform", "id", "name", "organisation", "state", "currency", "location",
              "permissions"]  # fmt: skip
    return as_csv(f"regie-{room}", header, rows)


@administrators_only
@require_POST
def link(request: ConsoleRequest, room: str) -> HttpResponse:
    """“We own it”, by its ID; of what somebody else owns a role is asked for."""
    kind = kind_or_404(room)
    form = LinkAsset(request.POST, kind=kind)
    if not form.is_valid():
        return _page(request, room, link=form, status=400)
    said = form.cleaned_data
    if request.POST.get("whose") == "other":
        asked = urlencode({"platform": said["platform"], "account": said["external_id"]})
        return redirect(f"{reverse('manager-requests')}?{asked}#ask")
    try:
        key, is_new = services.link_asset(
            actor=request.user, organisation=request.organisation, platform=said["platform"],
            external_id=said["external_id"], name=said["name"],
            is_keeper=said.get("is_keeper", True),
        )  # fmt: skip
    except RegieError as error:
        form.add_error("external_id", f"{say(error.sentence)} {say(error.hint)}")
        return _page(request, room, link=form, status=400)
    told = _("It is linked. Nothing that runs on the platform has changed.") if is_new else _(
        "It was linked already.")  # fmt: skip
    messages.success(request, told)
    return redirect("manager-asset", room=room, asset_id=key)


@administrators_only
@require_POST
def bring(request: ConsoleRequest, room: str) -> HttpResponse:
    """A list, tried first: what each line gives, and what changes for what is there (nothing)."""
    kind = kind_or_404(room)
    form = ListOfAssets(request.POST, request.FILES)
    if not form.is_valid():
        messages.warning(request, _("Choose a file first."))
        return redirect("manager-assets", room=room)
    try:
        lines = read_list(form.cleaned_data["upload"], usual_platform=kind.ids[0].platform)
        brought = services.bring_accounts(
            actor=request.user, organisation=request.organisation, lines=lines,
            is_trial=request.POST.get("act") in {"try", "proof"},
        )  # fmt: skip
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-assets", room=room)
    if request.POST.get("act") == "proof":
        return as_proof(request.organisation, brought)
    outcome = {
        "brought": brought,
        "counts": {state: brought.count(state)
                   for state in ("linked", "known", "repeated", "refused")},
        "refused": [one for one in brought.lines if one.state == "refused"],
    }  # fmt: skip
    return _page(request, room, outcome=outcome)


@administrators_only
@require_POST
def change_several(request: ConsoleRequest, room: str) -> HttpResponse:
    """What was ticked is shared with a partner, or detached."""
    kind = kind_or_404(room)
    branch = sorted(request.branch)
    back = redirect("manager-assets", room=room)
    _form, wanted = _wanted(request, kind, branch, Received(assets.NOTHING, is_many=False))
    if request.POST.get("all") == "1":
        found = assets.listed(kind.name, branch, wanted)
        chosen = list(found.values_list("pk", flat=True)[:MOST_AT_ONCE])
    else:
        chosen = unpacked(request.POST.getlist("asset"))
    act = request.POST.get("action", "")
    if not chosen or not act:
        messages.warning(request, _("Tick accounts, and choose what is to be done with them."))
        return back
    if act == "give":
        return choose_accounts(request, chosen)
    if act.startswith("share-"):
        number = act[6:] if act[6:].isdecimal() else "0"
        address = reverse("manager-partner", kwargs={"partnership_id": int(number)})
        request.session["chosen_assets"] = chosen
        return redirect(f"{address}?chosen=1#share")
    if act == "detach":
        if (page := _ask_detaching(request, room, chosen)) is not None:
            return page
        _detach(request, chosen)
    return back


def _detach(request: ConsoleRequest, chosen: list[int]) -> None:
    done = services.detach_assets(actor=request.user, asset_ids=chosen)
    if done.done:
        said = ngettext("{count} account is detached.", "{count} accounts are detached.", done.done)
        messages.success(request, said.format(count=exact(done.done, "count")))
    for name, problem in done.refused[:10]:
        messages.warning(request, f"{name}{_(': ')}{say(problem)}")


def _ask_detaching(request: ConsoleRequest, room: str, chosen: list[int]) -> HttpResponse | None:
    effects, tried = services.what_if_all_detached(actor=request.user, asset_ids=chosen)
    count = len(chosen)
    title = ngettext("Detach {count} account?", "Detach {count} accounts?", count)
    question = Question(
        title=title.format(count=exact(count, "count")),
        text=_(
            "Nothing changes on the platform, and figures that came in stay in your reports. "
            "Linking its ID again brings it back; roles have to be given again."
        ),
        back=reverse("manager-assets", kwargs={"room": room}), effects=effects, is_danger=True,
        refused=tried.refused,
    )  # fmt: skip
    return ask(request, question, more=[("asset", packed(chosen))], without=("all", "asset"))
