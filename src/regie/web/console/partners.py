"""Partners: proposed by number, shared with account by account under a ceiling, ended knowingly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.access.selectors import Effect, PartnershipCard
from regie.apps.assets import selectors as assets
from regie.apps.audiences import selectors as audiences
from regie.domain.permissions.catalog import family
from regie.domain.permissions.catalog import role as built_in
from regie.kernel.errors import RegieError
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console.asset_forms import ProposePartnership, SetCeiling, ShareAssets
from regie.web.console.asset_words import permission_words, set_word
from regie.web.console.audience_words import state_word
from regie.web.console.effects import rows_of
from regie.web.console.navigation import rooms
from regie.web.console.page import ConsoleRequest, administrators_only, console, show
from regie.web.console.sure import Question, ask, looked_at, of_effects

OFFERED = 1_000


@console
@require_safe
def partners(request: ConsoleRequest) -> HttpResponse:
    return _partners(request)


def _partners(
    request: ConsoleRequest, *, form: ProposePartnership | None = None, status: int = 200
) -> HttpResponse:
    found = access.partnerships_of(request.organisation)
    context = {
        "partners": [one for one in found if one.state == "active"],
        "waiting": [one for one in found if one.state == "proposed"],
        "form": form or ProposePartnership(),
    }
    return show(request, "console/partners.html", context, status=status)


@administrators_only
@require_POST
def propose(request: ConsoleRequest) -> HttpResponse:
    form = ProposePartnership(request.POST)
    if form.is_valid():
        try:
            services.propose_partnership(
                actor=request.user, organisation=request.organisation,
                number=form.cleaned_data["number"], side=form.cleaned_data["side"],
            )  # fmt: skip
        except RegieError as error:
            form.add_error("number", f"{say(error.sentence)} {say(error.hint)}")
        else:
            messages.success(request, _("The partnership is proposed. Nothing is shared by it."))
            return redirect("manager-partners")
    return _partners(request, form=form, status=400)


@administrators_only
@require_POST
def accept(request: ConsoleRequest, partnership_id: int) -> HttpResponse:
    found = access.partnership(partnership_id, request.organisation)
    try:
        services.accept_partnership(actor=request.user, partnership_id=found.id)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    else:
        said = _("You are partners of {name}. Nothing is shared until somebody does it.")
        messages.success(request, said.format(name=found.other))
    return redirect("manager-partner", partnership_id=partnership_id)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: ConsoleRequest, partnership_id: int) -> HttpResponse:
    found = access.partnership(partnership_id, request.organisation)
    if request.method == "POST":
        return _share(request, found)
    return _partner(request, found)


def _partner(
    request: ConsoleRequest, found: PartnershipCard, *, form: ShareAssets | None = None,
    effects: Any = None, status: int = 200, **asked: Any,
) -> HttpResponse:  # fmt: skip
    shares = access.shares_of(partnership_id=found.id)
    room_of = {kind.name: room for room, kind in rooms().items()}
    context = {
        "partnership": found,
        "shares": [
            {
                "share": one,
                "room": room_of[one.asset.kind],
                "platform": platform(one.asset.platform),
                "ceiling": set_word(one.asset.family, one.ceiling),
            }
            for one in shares
        ],
        "forms": _share_forms(request, found, form) if found.side == "owner" else [],
        "effects": effects,
        "audiences": [(one, state_word(one.state)) for one in audiences.ending_with(found.id)],
        **asked,
    }
    return show(request, "console/partner.html", context, status=status)


def _share_forms(
    request: ConsoleRequest, found: PartnershipCard, bound: ShareAssets | None
) -> list[dict[str, Any]]:
    """One form for each kind of which something can be shared."""
    shared = {one.asset.key for one in access.shares_of(partnership_id=found.id)}
    chosen = request.session.pop("chosen_assets", []) if request.GET.get("chosen") else []
    forms = []
    for room, kind in rooms().items():
        if bound is not None and bound.prefix == room:
            forms.append({"form": bound, "room": room, "title": _(kind.plural)})
            continue
        offered = _offered(request, kind.name, shared)
        if offered:
            form = ShareAssets(
                assets=offered, family=family(kind.family), prefix=room, initial={"asset": chosen}
            )
            forms.append({"form": form, "room": room, "title": _(kind.plural)})
    return forms


def _offered(request: ConsoleRequest, kind: str, shared: set[int]) -> list[tuple[int, str]]:
    """Linked accounts of this very organisation that the partner hasn't got yet."""
    wanted = assets.Filter(status=assets.Status.LINKED)
    found = assets.listed(kind, [request.organisation.pk], wanted)
    return [
        (one.pk, f"{one} · {platform(one.platform).name} · {one.external_id}")
        for one in found[:OFFERED]
        if one.pk not in shared
    ]


def _share(request: ConsoleRequest, found: PartnershipCard) -> HttpResponse:
    room = request.POST.get("room", "accounts")
    kind = rooms().get(room, assets.kinds()["ad_account"])
    offered = _offered(request, kind.name, set())
    form = ShareAssets(request.POST, assets=offered, family=family(kind.family), prefix=room)
    if form.is_valid():
        said = form.cleaned_data
        wanted: dict[str, Any] = {
            "actor": request.user, "partnership_id": found.id, "asset_ids": said["asset"],
            "ceiling": built_in(kind.family, said["role"]).permissions,
        }  # fmt: skip
        try:
            effects = services.what_if_shared(**wanted)
            if (page := _ask_to_share(request, found, effects)) is not None:
                return page
            shared = services.share_assets(**wanted)
        except RegieError as error:
            form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        else:
            count = len(shared)
            told = ngettext("{count} is shared with {name}.", "{count} are shared with {name}.",
                            count)  # fmt: skip
            messages.success(request, told.format(count=count, name=found.other))
            return redirect("manager-partner", partnership_id=found.id)
    return _partner(request, found, form=form, status=400)


def _ask_to_share(
    request: ConsoleRequest, found: PartnershipCard, effects: Sequence[Effect]
) -> HttpResponse | None:
    text = _(
        "Its administrators may do at once what the ceiling leaves, and may let their own people "
        "do it. You can lower the ceiling or stop sharing at any time."
    )
    question = Question(
        title=_("Share with {name}?").format(name=found.other),
        text=text,
        back=reverse("manager-partner", kwargs={"partnership_id": found.id}),
        effects=effects,
    )
    return ask(request, question)


@administrators_only
@require_POST
def end(request: ConsoleRequest, partnership_id: int) -> HttpResponse:
    """First what would end, then, asked again, the end."""
    found = access.partnership(partnership_id, request.organisation)
    effects = services.what_ends(actor=request.user, partnership_id=found.id)
    shared = [[one.audience, one.recipient] for one in audiences.ending_with(found.id)]
    if (asked := looked_at(request, of_effects(effects), shared)) is not None:
        return _partner(request, found, effects=rows_of(effects), **asked)
    services.end_partnership(actor=request.user, partnership_id=found.id)
    said = _("The partnership with {name} has ended, and every access through it.")
    messages.success(request, said.format(name=found.other))
    return redirect("manager-partners")


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def ceiling(request: ConsoleRequest, share_id: int) -> HttpResponse:
    """Raise or lower: what changes for whom is shown before it is kept."""
    share = access.share(share_id)
    found = access.partnership(share.partnership_id, request.organisation)
    known = family(share.asset.family)
    form = SetCeiling(
        request.POST or None, family=known, initial={"permissions": sorted(share.ceiling)}
    )
    asked: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["permissions"]
        effects = services.what_if_ceiling(actor=request.user, share_id=share.id, ceiling=wanted)
        seen = looked_at(request, of_effects(effects))
        if seen is None:
            done = services.set_ceiling(actor=request.user, share_id=share.id, ceiling=wanted)
            told = ngettext("The ceiling is set; it changed something for {count} person.",
                            "The ceiling is set; it changed something for {count} people.",
                            len(done))  # fmt: skip
            messages.success(request, told.format(count=len(done)))
            return redirect("manager-partner", partnership_id=found.id)
        asked = {"effects": rows_of(effects), **seen}
    context = {
        "share": share,
        "partnership": found,
        "form": form,
        "roles": [
            {"label": _(one.label), "permissions": permission_words(known.name, one.permissions)}
            for one in known.roles
        ],
        "now": set_word(known.name, share.ceiling),
        **asked,
    }
    return show(request, "console/ceiling.html", context, status=400 if form.errors else 200)


@administrators_only
@require_POST
def stop(request: ConsoleRequest, share_id: int) -> HttpResponse:
    share = access.share(share_id)
    found = access.partnership(share.partnership_id, request.organisation)
    words = {"account": share.asset.label, "name": found.other}
    text = _("The roles that {name} gave on it end at once, and it is seen there no longer.")
    question = Question(
        title=_("Stop sharing {account} with {name}?").format(**words),
        text=text.format(**words),
        back=reverse("manager-partner-ceiling", kwargs={"share_id": share.id}),
        effects=services.what_if_unshared(actor=request.user, share_ids=[share.id]),
        is_danger=True,
    )
    if (page := ask(request, question)) is not None:
        return page
    services.stop_sharing(actor=request.user, share_id=share.id)
    said = _("{account} is no longer shared with {name}.")
    messages.success(request, said.format(account=share.asset.label, name=found.other))
    return redirect("manager-partner", partnership_id=found.id)
