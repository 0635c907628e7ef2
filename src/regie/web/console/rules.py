"""The rules of an organisation: a second factor for all, and who sees the whole branch."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from regie.apps.access import services as trials
from regie.apps.organisations import services
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import RegieError
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.console.forms import Day
from regie.web.console.page import ConsoleRequest, administrators_only
from regie.web.console.sure import Question, ask


class SecondFactorRule(forms.Form):
    required = forms.BooleanField(
        label=gettext_lazy("Nobody acts for this organisation or those below without one"),
        required=False,
    )
    begins_on = forms.DateField(
        label=gettext_lazy("First day on which it is required"), required=False, widget=Day(),
        help_text=gettext_lazy("Until that day people are reminded and can set it up in peace."),
    )  # fmt: skip


class AccessRule(forms.Form):
    see_all = forms.BooleanField(
        label=gettext_lazy("Members see everything of this organisation and of those below"),
        required=False,
    )
    until = forms.DateField(
        label=gettext_lazy("First day on which they see only what was given to them"),
        required=False, widget=Day(),
        help_text=gettext_lazy(
            "Leave it empty for no end. A day is announced to them by letter and on their pages."
        ),
    )  # fmt: skip


def forms_of(organisation: Organisation) -> dict[str, Any]:
    return {
        "second_factor": SecondFactorRule(
            initial={
                "required": organisation.requires_two_factor,
                "begins_on": organisation.two_factor_from,
            }
        ),
        "access": AccessRule(
            initial={
                "see_all": organisation.members_see_all,
                "until": organisation.assigned_only_from,
            }
        ),
    }


@administrators_only
@require_POST
def second_factor(request: ConsoleRequest) -> HttpResponse:
    form = SecondFactorRule(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        _try(
            request,
            lambda: services.require_second_factor(
                actor=request.user,
                organisation=request.organisation,
                required=said["required"],
                begins_on=said["begins_on"],
            ),
        )
    else:
        messages.warning(request, _("That is not a day."))
    return redirect("manager")


@administrators_only
@require_POST
def access(request: ConsoleRequest) -> HttpResponse:
    form = AccessRule(request.POST)
    if not form.is_valid():
        messages.warning(request, _("That is not a day."))
        return redirect("manager")
    asked = {"actor": request.user, "organisation": request.organisation, **form.cleaned_data}
    try:
        tried = trials.what_if_access_set(**asked)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager")
    if (page := _ask_access(request, tried, **form.cleaned_data)) is not None:
        return page
    told = _try(request, lambda: services.set_access(**asked))
    if told:
        messages.success(
            request,
            ngettext("{count} person gets a letter.", "{count} people get a letter.", told).format(
                count=told
            ),
        )
    return redirect("manager")


def _ask_access(
    request: ConsoleRequest, tried: trials.Trial[int], *, see_all: bool, until: date | None
) -> HttpResponse | None:
    if not see_all:
        text = _("Members see only what was given to each, from the next click on.")
    elif until is None:
        text = _("Members see everything of this organisation and of those below.")
    else:
        text = _("From {day} on, members see only what was given to each. Until then nothing "
                 "changes.").format(day=figures.day(until))  # fmt: skip
    letters = ngettext("{count} person gets a letter.", "{count} people get a letter.",
                       tried.result)  # fmt: skip
    question = Question(
        title=_("Change what members see?"), text=text, back=reverse("manager"),
        effects=tried.effects, is_part=not tried.is_whole,
        facts=[letters.format(count=tried.result)] if tried.result else (),
    )  # fmt: skip
    return ask(request, question)


def _try(request: ConsoleRequest, act: Any) -> int:
    try:
        told = act()
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return 0
    messages.success(request, _("The rule is kept."))
    return told or 0
