"""What an organisation allows at all in its branch: shown first for whom it changes what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.effects import rows_of
from regie.web.console.page import ConsoleRequest, administrators_only, show
from regie.web.console.role_words import all_words, groups
from regie.web.console.sure import looked_at, of_effects


class Policy(forms.Form):
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("What may be done at all"), widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": gettext_lazy("Tick at least one permission.")},
    )  # fmt: skip

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [one for _heading, rows in groups() for one in rows]
        self.fields["permissions"].choices = choices  # type: ignore[attr-defined]

    def grouped(self) -> list[tuple[str, list[Any]]]:
        """The boxes under their headings."""
        boxes = {box.data["value"]: box for box in self["permissions"]}
        return [(heading, [boxes[code] for code, _words in rows]) for heading, rows in groups()]


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def policy(request: ConsoleRequest) -> HttpResponse:
    now = access.allowed_in(request.organisation)
    form = Policy(request.POST or None, initial={"permissions": sorted(now.here)})
    context: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        asked = {"organisation": request.organisation, "allowed": form.cleaned_data["permissions"]}
        try:
            effects, is_whole = services.what_if_policy(actor=request.user, **asked)
            seen = looked_at(request, of_effects(effects))
            if seen is None:
                services.set_policy(actor=request.user, **asked)
                messages.success(request, _("The rule is kept: it counts from the next click on."))
                return redirect("manager-policy")
            context = {"effects": rows_of(effects), "is_part": not is_whole, **seen}
        except RegieError as error:
            form.add_error(None, f"{say(error.sentence)} {say(error.hint)}".strip())
    context |= {
        "form": form,
        "is_all": now.here == access.everything(),
        "ruled_out_above": all_words(access.everything() - now.above),
    }
    return show(request, "console/policy.html", context, status=400 if form.errors else 200)
