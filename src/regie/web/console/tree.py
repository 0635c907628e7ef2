"""The tree of organisations: found, grown, switched to, and what was changed lately taken back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from regie.apps.access import services as access
from regie.apps.organisations import selectors, services
from regie.apps.organisations.models import Organisation
from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.page import ConsoleRequest, administrators_only, console, show
from regie.web.console.sure import Question, ask
from regie.web.console.words import CHANGES, KIND_CHOICES, kind_word


class NewOrganisation(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=160,
        help_text=gettext_lazy(
            "Without the names above it: “Québec” below “Canada” below “Great Insurance”."
        ),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What it is"), choices=KIND_CHOICES)
    is_manager = forms.BooleanField(
        label=gettext_lazy("Give it a manager number of its own"),
        required=False,
        help_text=gettext_lazy(
            "Only needed where it has partners of its own. You can do it later."
        ),
    )


@console
@require_http_methods(["GET", "HEAD", "POST"])
def tree(request: ConsoleRequest) -> HttpResponse:
    form = NewOrganisation(request.POST or None, initial={"kind": _usual_kind(request)})
    if request.method == "POST" and form.is_valid():
        answer = _ask(request, form)
        if answer is None and not form.errors:
            answer = _grow(request, form)
        if answer is not None:
            return answer
    rows = selectors.tree_of(request.organisations)
    context = {
        "form": form,
        "rows": [(row, kind_word(row.kind), min(row.depth, 5)) for row in rows],
        "closed": sum(1 for row in rows if row.is_closed),
        "line": [one.name for one in selectors.line_of(request.organisation)],
        "changes": [
            (one, _(CHANGES[one.kind])) for one in selectors.latest_changes(request.organisations)
        ],
    }
    return show(request, "console/tree.html", context, status=400 if form.errors else 200)


def _usual_kind(request: ConsoleRequest) -> str:
    usual = {"franchisor": "region", "region": "franchisee", "brand": "subsidiary"}
    return usual.get(request.organisation.kind, "region")


def _ask(request: ConsoleRequest, form: NewOrganisation) -> HttpResponse | None:
    """What is there before and after it: the same campaigns, and the same accesses. None where it
    is refused, and once it was confirmed."""
    said, above = form.cleaned_data, request.organisation
    try:
        tried = access.what_if_created(actor=request.user, parent=above, **said)
    except RegieError as error:
        form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        return None
    line = " / ".join([*(one.name for one in selectors.line_of(above)), said["name"]])
    question = Question(
        title=_("Add {name}?").format(name=said["name"]),
        text=_("It will stand as: {line}.").format(line=line), back=reverse("manager-tree"),
        effects=tried.effects, is_part=not tried.is_whole, compared=tried,
        facts=[_("Whoever administers {parent} administers it too; nobody else comes to it.")
               .format(parent=above.name)],
    )  # fmt: skip
    return ask(request, question)


def _grow(request: ConsoleRequest, form: NewOrganisation) -> HttpResponse | None:
    said = form.cleaned_data
    try:
        made = services.create_below(
            actor=request.user,
            parent=request.organisation,
            name=said["name"],
            base=slugify(said["name"]),
            kind=said["kind"],
            is_manager=said["is_manager"],
        )
    except RegieError as error:
        form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        return None
    messages.success(
        request,
        _("{name} stands below {parent}.").format(name=made.name, parent=request.organisation.name),
    )
    return redirect("manager-tree")


@administrators_only
@require_POST
def undo(request: ConsoleRequest, change_id: int) -> HttpResponse:
    try:
        change = services.undo_change(actor=request.user, change_id=change_id)
    except RegieError as error:
        if error.code == "not_found":
            raise
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    else:
        messages.success(
            request, _("{name} is as it was before.").format(name=change.organisation.name)
        )
    return redirect("manager-tree")


def options_of(request: ConsoleRequest, *, without: Organisation) -> list[dict[str, Any]]:
    """Where ``without`` could go: open organisations that are not in its branch."""
    inside = {one.pk for one in request.organisations if one.path.startswith(without.path)}
    return [
        {"id": row.id, "name": row.name, "line": row.line, "indent": "\u2003" * row.depth}
        for row in selectors.tree_of(request.organisations)
        if row.id not in inside and not row.is_closed
    ]
