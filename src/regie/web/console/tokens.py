"""Tokens of programs in the console: make one (shown once), see when it was used, take it back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.tokens import selectors, services
from regie.kernel import clock
from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.page import ConsoleRequest, console, show


class MakeToken(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Which program uses it, such as “Notebook”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("How many days it lives"), initial=90, min_value=1, max_value=services.MOST_DAYS
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"scopes": ["figures:read"]})
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (name, _(words)) for name, words in services.SCOPES.items()
        ]


@console
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: ConsoleRequest) -> HttpResponse:
    form = MakeToken(request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        try:
            secret = services.make_token(
                actor=request.user, organisation=request.organisation, **form.cleaned_data
            )
            form = MakeToken()
        except RegieError as error:
            form.add_error(None, f"{say(error.sentence)} {say(error.hint)}".strip())
    context = {
        "form": form,
        "secret": secret,
        "tokens": [
            (one, [say(services.SCOPES[name]) for name in one.scopes], one.expires_at < clock.now())
            for one in selectors.tokens_of(request.organisation)
        ],
    }
    answer = show(request, "console/tokens.html", context, status=400 if form.errors else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@console
@require_POST
def revoke(request: ConsoleRequest, token_id: int) -> HttpResponse:
    services.revoke_token(actor=request.user, token_id=token_id)
    return redirect("manager-tokens")
