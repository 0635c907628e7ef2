"""Seal a way back in with three people; and, for anybody signed in, the page that opens it."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from regie.apps.organisations import selectors, services
from regie.apps.organisations.services import Holder
from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.page import ConsoleRequest, address_of, administrators_only, show
from regie.web.console.words import mail_word
from regie.web.limits import caller, is_too_often, wait_a_little
from regie.web.requests import ScopedRequest

HOUR = 3600


class NameHolder(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    email = forms.CharField(label=gettext_lazy("E-mail"), max_length=254)


class TwoParts(forms.Form):
    first = forms.CharField(
        label=gettext_lazy("A part"), max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    second = forms.CharField(
        label=gettext_lazy("Another part"), max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def seal(request: ConsoleRequest) -> HttpResponse:
    holders = [NameHolder(request.POST or None, prefix=f"holder-{number}") for number in (1, 2, 3)]
    problem = ""
    checked = [one.is_valid() for one in holders]  # all of them, so that each shows its errors
    if request.method == "POST" and all(checked):
        try:
            services.seal_recovery(
                actor=request.user,
                organisation=request.organisation,
                holders=[Holder(one.cleaned_data["name"], one.cleaned_data["email"])
                         for one in holders],
                language=(translation.get_language() or "fr")[:2],
                address=address_of(request),
            )  # fmt: skip
        except RegieError as error:
            problem = f"{say(error.sentence)} {say(error.hint)}"
        else:
            messages.success(request, _("The code is sealed: each of the three gets a part."))
            return redirect("manager-recovery")
    whole = selectors.whole_seal(request.organisation)
    context = {
        "holders": holders,
        "problem": problem,
        "seal": whole,
        "sent": [(one, mail_word(mail)) for one, mail in whole.holders] if whole else [],
    }
    wrong = bool(problem) or any(one.errors for one in holders)
    return show(request, "console/recovery.html", context, status=400 if wrong else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recover(request: ScopedRequest) -> HttpResponse:
    """Two parts make whoever types them an administrator; guessing is stopped early."""
    form = TwoParts(request.POST or None)
    if request.method == "POST":
        if is_too_often("recovery", who=str(request.user.pk), most=5, seconds=HOUR) or is_too_often(
            "recovery", who=caller(request), most=20, seconds=HOUR
        ):
            return wait_a_little(request)
        if form.is_valid():
            said = form.cleaned_data
            try:
                opened = services.break_seal(
                    actor=request.user, parts=(said["first"], said["second"])
                )
            except RegieError as error:
                form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
            else:
                request.session["organisation"] = opened.slug
                messages.success(request, _("You administer {name} now.").format(name=opened.name))
                return redirect("manager-recovery")
    return render(request, "recovery.html", {"form": form}, status=400 if form.errors else 200)
