"""One role for several people on several accounts: chosen in two lists, tried, given, undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.access.selectors import RoleChoice
from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import AssetCard
from regie.apps.organisations.models import Member
from regie.kernel import clock
from regie.kernel.errors import RegieError
from regie.ui.figures import exact
from regie.ui.templatetags.ui import say
from regie.web.console.effects import rows_of
from regie.web.console.forms import Day
from regie.web.console.page import ConsoleRequest, administrators_only, show
from regie.web.console.sure import looked_at, of_effects

ACCOUNTS, PEOPLE, LATELY = "give_accounts", "give_people", "given_lately"
KEPT = timedelta(hours=1)


class GiveMany(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"), required=False, widget=Day(),
        help_text=gettext_lazy("With a last day it ends by itself."),
    )  # fmt: skip

    def __init__(self, *given: Any, roles: list[RoleChoice], **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(one.value, one.label if one.is_custom else _(one.label)) for one in roles]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]


def choose_accounts(request: ConsoleRequest, chosen: list[int]) -> HttpResponse:
    request.session[ACCOUNTS] = chosen
    return redirect("manager-give")


def choose_people(request: ConsoleRequest, chosen: list[int]) -> HttpResponse:
    request.session[PEOPLE] = chosen
    return redirect("manager-give")


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: ConsoleRequest) -> HttpResponse:
    cards = assets.cards(request.session.get(ACCOUNTS, []))
    people = _people(request)
    form = GiveMany(request.POST or None, roles=_roles(request, cards))
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid() and cards and people:
        said = {
            "asset_ids": [one.key for one in cards], "member_ids": [one.pk for one in people],
            "given": services.Given.chosen(form.cleaned_data["role"]),
            "ends_on": form.cleaned_data["ends_on"],
        }  # fmt: skip
        try:
            effects, tried = services.what_if_given(actor=request.user, **said)
            refused = [[one.person, one.account] for one in tried.refused]
            chosen = [said["asset_ids"], said["member_ids"]]
            seen = looked_at(request, chosen, refused, of_effects(effects))
            if seen is None:
                done = services.give_roles(actor=request.user, **said)
                _keep(request, done)
                context["refused"] = done.refused
                if not done.refused:
                    return redirect("manager-give")
            else:
                context = {"effects": rows_of(effects), "refused": tried.refused, **seen}
        except RegieError as error:
            form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
    context |= {"accounts": cards, "people": people, "form": form, "given": len(_lately(request))}
    return show(request, "console/give.html", context, status=400 if form.errors else 200)


@administrators_only
@require_POST
def undo(request: ConsoleRequest) -> HttpResponse:
    count = services.take_roles_back(actor=request.user, given=_lately(request))
    request.session.pop(LATELY, None)
    said = ngettext("{count} role is as it was before.", "{count} roles are as they were before.",
                    count)  # fmt: skip
    messages.success(request, said.format(count=exact(count, "count")))
    return redirect("manager-give")


def _people(request: ConsoleRequest) -> list[Member]:
    found = Member.objects.filter(pk__in=request.session.get(PEOPLE, []), removed_at=None)
    branch = found.filter(organisation__path__startswith=request.organisation.path)
    return list(branch.select_related("user", "organisation").order_by("user__name", "pk"))


def _roles(request: ConsoleRequest, cards: list[AssetCard]) -> list[RoleChoice]:
    """Of the kind of the accounts; a ceiling that leaves one out is said account by account."""
    if not cards:
        return []
    return access.roles_to_give(cards[0], request.organisation, None)


def _keep(request: ConsoleRequest, done: services.GivenMany) -> None:
    """For an hour, and short: whatever lies in the session is read at each click."""
    request.session[LATELY] = {
        "at": clock.now().isoformat(),
        "new": in_ranges(one.grant_id for one in done.done if not one.was_held),
        "held": [[one.grant_id, str(one.ended_on or "")] for one in done.done if one.was_held],
    }
    if count := len(done.done):
        said = ngettext("{count} role is given: it counts from the next click on.",
                        "{count} roles are given: they count from the next click on.",
                        count)  # fmt: skip
        messages.success(request, said.format(count=exact(count, "count")))


def _lately(request: ConsoleRequest) -> list[services.Once]:
    kept = request.session.get(LATELY) or {}
    at = parse_datetime(kept.get("at", ""))
    if at is None or clock.now() - at > KEPT or "new" not in kept:
        return []
    new = [services.Once(key, False, None) for key in out_of_ranges(kept["new"])]
    return new + [
        services.Once(key, True, date.fromisoformat(day) if day else None)
        for key, day in kept["held"]
    ]


def in_ranges(keys: Iterable[int]) -> list[list[int]]:
    """First and last of those that follow one another: keys given together mostly do."""
    found: list[list[int]] = []
    for key in sorted(keys):
        if found and found[-1][1] == key - 1:
            found[-1][1] = key
        else:
            found.append([key, key])
    return found


def out_of_ranges(ranges: Iterable[Sequence[int]]) -> list[int]:
    return [key for first, last in ranges for key in range(first, last + 1)]
