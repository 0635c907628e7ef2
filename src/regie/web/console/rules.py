"""The rules of an organisation: a second factor for all, and who sees the whole branch."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from regie.apps.organisations import services
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.forms import Day
from regie.web.console.page import ConsoleRequest, administrators_only


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
    said = form.cleaned_data
    told = _try(
        request,
        lambda: services.set_access(
            actor=request.user,
            organisation=request.organisation,
            see_all=said["see_all"],
            until=said["until"],
        ),
    )
    if told:
        messages.success(
            request,
            ngettext("{count} person gets a letter.", "{count} people get a letter.", told).format(
                count=told
            ),
        )
    return redirect("manager")


def _try(request: ConsoleRequest, act: Any) -> int:
    try:
        told = act()
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return 0
    messages.success(request, _("The rule is kept."))
    return told or 0
