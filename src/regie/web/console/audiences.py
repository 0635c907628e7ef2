"""Audiences in the console: ours and those we received, their people, shares, uses and ledger."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.assets import selectors as assets
from regie.apps.audiences import policies, selectors, services
from regie.apps.audiences.selectors import AudienceCard
from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.ui.csv_answers import csv_answer
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console import audience_forms as forms
from regie.web.console.audience_words import (
    WHAT,
    basis_word,
    because_word,
    rights_word,
    source_word,
)
from regie.web.console.page import ConsoleRequest, administrators_only, console, show
from regie.web.spreadsheets import as_csv

MOST_BYTES = 200 * 2**20


@console
@require_safe
def audiences(request: ConsoleRequest) -> HttpResponse:
    own = selectors.audiences_of(request.organisation, actor=request.user)
    received = selectors.received_by(request.organisation)
    context = {"own": [_said(one) for one in own], "received": [_said(one) for one in received]}
    return show(request, "console/audiences.html", context)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ConsoleRequest) -> HttpResponse:
    form = forms.DescribeAudience(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_audience(
                actor=request.user, organisation=request.organisation, said=form.said
            )
        except (Forbidden, NotFound):
            raise
        except RegieError as error:
            form.add_error(None, _sentence(error))
        else:
            return redirect("manager-audiences-one", audience_id=made)
    context = {"form": form, "card": None}
    return show(request, "console/audience_form.html", context, status=400 if form.errors else 200)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ConsoleRequest, audience_id: int) -> HttpResponse:
    card = _own(request, audience_id)
    form = forms.DescribeAudience(request.POST or None, card=card)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_audience(actor=request.user, audience_id=card.id, said=form.said)
        except (Forbidden, NotFound):
            raise
        except RegieError as error:
            form.add_error(None, _sentence(error))
        else:
            return redirect("manager-audiences-one", audience_id=card.id)
    context = {"form": form, "card": card}
    return show(request, "console/audience_form.html", context, status=400 if form.errors else 200)


@console
@require_safe
def one(request: ConsoleRequest, audience_id: int) -> HttpResponse:
    return _page(request, _card(request, audience_id))


@administrators_only
@require_POST
def load(request: ConsoleRequest, audience_id: int) -> HttpResponse:
    card = _own(request, audience_id)
    form = forms.LoadMembers(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, card, load_form=form, status=400)
    file = form.cleaned_data["file"]
    if file.stat().st_size > MOST_BYTES:
        form.add_error("file", _("This list is too long: cut it into files of 200 MB at most."))
        return _page(request, card, load_form=form, status=400)
    try:
        loaded = services.load_members(
            actor=request.user, audience_id=card.id, path=file,
            country=form.cleaned_data["country"], replace=form.cleaned_data["replace"],
        )  # fmt: skip
    except (Forbidden, NotFound):
        raise
    except RegieError as error:
        form.add_error("file", _sentence(error))
        return _page(request, card, load_form=form, status=400)
    return _page(request, _card(request, card.id), loaded=loaded)


@administrators_only
@require_POST
def share(request: ConsoleRequest, audience_id: int) -> HttpResponse:
    card = _own(request, audience_id)
    recipients = policies.possible_recipients(request.organisation)
    form = forms.ShareAudience(request.POST, recipients=recipients, card=card)
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.share_audience(
                actor=request.user, audience_id=card.id, recipient_id=said["recipient"],
                rights=said["rights"], purpose=said["purpose"], expires_on=said["expires_on"],
            )  # fmt: skip
        except (Forbidden, NotFound):
            raise
        except RegieError as error:
            form.add_error(None, _sentence(error))
        else:
            messages.success(request, _("The audience is shared."))
            return redirect("manager-audiences-one", audience_id=card.id)
    return _page(request, card, share_form=form, status=400)


@administrators_only
@require_POST
def withdraw_share(request: ConsoleRequest, share_id: int) -> HttpResponse:
    services.withdraw_share(actor=request.user, share_id=share_id)
    messages.success(request, _("The share is withdrawn: nobody can use it any more."))
    return redirect("manager-audiences")


@administrators_only
@require_POST
def use(request: ConsoleRequest, audience_id: int) -> HttpResponse:
    card = _card(request, audience_id)
    form = forms.UseAudience(request.POST, accounts=_accounts(request))
    if not form.is_valid():
        return _page(request, card, use_form=form, status=400)
    services.use_audience(
        actor=request.user, audience_id=card.id, asset_id=form.cleaned_data["account"]
    )
    messages.success(request, _("The audience is now offered on that account."))
    return redirect("manager-audiences-one", audience_id=card.id)


@administrators_only
@require_POST
def stop_using(request: ConsoleRequest, use_id: int) -> HttpResponse:
    services.stop_using(actor=request.user, use_id=use_id)
    messages.success(request, _("The audience is no longer offered on that account."))
    return redirect("manager-audiences")


@administrators_only
@require_POST
def export(request: ConsoleRequest, audience_id: int) -> HttpResponse:
    card = _own(request, audience_id)
    form = forms.ExportAudience(request.POST)
    if not form.is_valid():
        return _page(request, card, status=400)
    name = form.cleaned_data["platform"]
    try:
        text = services.export_members(actor=request.user, audience_id=card.id, platform=name)
    except (Forbidden, NotFound):
        raise
    except RegieError as error:
        messages.warning(request, _sentence(error))
        return redirect("manager-audiences-one", audience_id=card.id)
    return csv_answer(f"audience-{card.id}-{name}", text, is_marked=False)


@administrators_only
@require_POST
def archive(request: ConsoleRequest, audience_id: int) -> HttpResponse:
    card = _own(request, audience_id)
    services.archive_audience(
        actor=request.user, audience_id=card.id, archived=not card.is_archived
    )
    return redirect("manager-audiences-one", audience_id=card.id)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_person(request: ConsoleRequest) -> HttpResponse:
    form = forms.WithdrawPerson(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            left = services.withdraw_person(
                actor=request.user, organisation=request.organisation, **form.cleaned_data
            )
        except (Forbidden, NotFound):
            raise
        except RegieError as error:
            form.add_error(None, _sentence(error))
        else:
            messages.success(request, _left(left))
            return redirect("manager-audiences")
    context = {"form": form}
    return show(
        request, "console/audience_withdrawal.html", context, status=400 if form.errors else 200
    )


@administrators_only
@require_safe
def ledger(request: ConsoleRequest) -> HttpResponse:
    header = [
        _("When"), _("By"), _("Audience"), _("What"), _("With"), _("Purpose"), _("Legal basis"),
        _("Size"), _("Until"), pgettext("a share", "Withdrawn"), _("Why withdrawn"),
    ]  # fmt: skip
    rows = [
        [
            f"{line.at:%Y-%m-%d %H:%M}Z", line.actor, line.audience, _(WHAT[line.what]),
            platform(line.recipient).name if line.what == "exported" else line.recipient,
            line.purpose, basis_word(line.basis), line.size, line.ends_on or "",
            f"{line.withdrawn_at:%Y-%m-%d %H:%M}Z" if line.withdrawn_at else "",
            because_word(line.withdrawn_because),
        ]
        for line in selectors.ledger(request.organisation)
    ]  # fmt: skip
    return as_csv("regie-audiences", header, rows)


def _page(
    request: ConsoleRequest, card: AudienceCard, *, status: int = 200, **given: Any
) -> HttpResponse:
    """One audience, with the forms that its reader may use."""
    context: dict[str, Any] = {**_said(card), "uses": selectors.uses_of(card.id)}
    if card.may_manage:
        recipients = policies.possible_recipients(request.organisation)
        shares = selectors.shares_of(card.id)
        context |= {
            "shares": [
                (one, rights_word(one.rights), because_word(one.withdrawn_because))
                for one in shares
            ],
            "exports": [
                (one, platform(one.platform), one.version < one.audience.version)
                for one in selectors.exports_of(card.id)
            ],
            "load_form": forms.LoadMembers(),
            "share_form": recipients and forms.ShareAudience(recipients=recipients, card=card),
            "export_form": forms.ExportAudience(),
        }
    if request.is_administrator and not card.is_archived and not card.is_expired:
        accounts = _accounts(request)
        context["use_form"] = accounts and forms.UseAudience(accounts=accounts)
    return show(request, "console/audience.html", {**context, **given}, status=status)


def _said(card: AudienceCard) -> dict[str, Any]:
    return {"card": card, "source": source_word(card.source), "basis": basis_word(card.basis)}


def _card(request: ConsoleRequest, audience_id: int) -> AudienceCard:
    return selectors.audience_card(
        audience_id, actor=request.user, organisation=request.organisation
    )


def _own(request: ConsoleRequest, audience_id: int) -> AudienceCard:
    """An audience to change; a received one has no such page."""
    card = _card(request, audience_id)
    if not card.may_manage:
        raise Http404
    return card


def _accounts(request: ConsoleRequest) -> list[tuple[int, str]]:
    """Ad accounts of the organisation one acts for."""
    cards = assets.cards(request.scope.assets)
    return [
        (one.key, f"{platform(one.platform).name} · {one.name or one.external_id}")
        for one in cards
        if one.organisation_id == request.organisation.pk and one.kind == "ad_account"
    ]


def _sentence(error: RegieError) -> str:
    return f"{say(error.sentence)} {say(error.hint)}".strip()


def _left(count: int) -> str:
    if not count:
        return _("This person was in no audience, and will not be taken in.")
    return ngettext(
        "This person left %(count)s audience, for good.",
        "This person left %(count)s audiences, for good.",
        count,
    ) % {"count": count}
