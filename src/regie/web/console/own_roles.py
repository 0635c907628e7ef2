"""Roles of an organisation's own: made of permissions, compared with those of the platforms.

What a change gives and takes is shown before it is kept, and can be taken back for an hour.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from regie.apps.access import selectors as access
from regie.apps.access import services
from regie.apps.access.selectors import CustomRoleCard
from regie.domain.permissions.catalog import families
from regie.domain.permissions.definitions import Family, Permissions
from regie.kernel import clock
from regie.kernel.errors import RegieError
from regie.ui.templatetags.ui import say
from regie.web.console.asset_words import permission_words, role_map
from regie.web.console.effects import rows_of
from regie.web.console.page import ConsoleRequest, administrators_only, console, show
from regie.web.console.role_words import elsewhere, manager_map
from regie.web.console.sure import looked_at, of_effects

KEY, KEPT = "role_before", timedelta(hours=1)


class OwnRole(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=60,
        help_text=gettext_lazy("What your people call it, such as “Ads and bills”."),
    )  # fmt: skip
    permissions = forms.MultipleChoiceField(
        label=gettext_lazy("What it gives"), widget=forms.CheckboxSelectMultiple(),
        error_messages={"required": gettext_lazy("Tick at least one permission.")},
    )  # fmt: skip

    def __init__(self, *given: Any, family: Family, **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(one.code, _(one.label)) for one in family.permissions]
        self.fields["permissions"].choices = choices  # type: ignore[attr-defined]


@console
@require_safe
def roles(request: ConsoleRequest) -> HttpResponse:
    rows = [
        {
            "role": one,
            "is_own": one.organisation_id == request.organisation.pk,
            "kind": _(families()[one.family].label),
            "permissions": permission_words(one.family, one.permissions),
            "elsewhere": elsewhere(one.family, one.permissions),
        }
        for one in access.custom_roles_of(request.organisation)
    ]
    kinds = [
        {"name": name, "label": _(family.label), "map": role_map(name)}
        for name, family in families().items()
    ]
    context = {
        "rows": rows, "kinds": kinds, "manager": manager_map(), "before": _lately(request),
    }  # fmt: skip
    return show(request, "console/roles.html", context)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ConsoleRequest, family_name: str) -> HttpResponse:
    """From a set of permissions, ``from`` a role that is near to what is wanted."""
    family = _family(family_name)
    start = next((one for one in family.roles if one.code == request.GET.get("from")), None)
    initial = {"permissions": sorted(start.permissions)} if start else {}
    form = OwnRole(request.POST or None, family=family, initial=initial)
    # Nobody gains or loses anything by it: there is nothing to look at before.
    if request.method == "POST" and form.is_valid() and request.POST.get("act") == "keep":
        try:
            services.create_role(
                actor=request.user, organisation=request.organisation, family=family.name,
                name=form.cleaned_data["name"], permissions=form.cleaned_data["permissions"],
            )  # fmt: skip
        except RegieError as error:
            form.add_error("name", f"{say(error.sentence)} {say(error.hint)}".strip())
        else:
            messages.success(request, _("The role is made: it can be given from now on."))
            return redirect("manager-roles")
    context = {"starts": [(one.code, _(one.label)) for one in family.roles]}
    return _page(request, family, form, context)


@administrators_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ConsoleRequest, role_id: int) -> HttpResponse:
    """What changes for whom is shown first, then kept."""
    found = access.custom_role(role_id, request.organisation)
    family = _family(found.family)
    form = OwnRole(
        request.POST or None, family=family,
        initial={"name": found.name, "permissions": sorted(found.permissions)},
    )  # fmt: skip
    context: dict[str, Any] = {"role": found, "holders": access.holders_of(found.id)}
    if request.method == "POST" and form.is_valid():
        said = {"role_id": found.id, **form.cleaned_data}
        try:
            effects = services.what_if_role(actor=request.user, **said)
            seen = looked_at(request, of_effects(effects))
            if seen is None:
                done = services.change_role(actor=request.user, **said)
                _keep(request, found, "changed")
                _tell(request, len({one.user_id for one in done}))
                return redirect("manager-roles")
            context |= {"effects": rows_of(effects), **seen}
        except RegieError as error:
            form.add_error(None, f"{say(error.sentence)} {say(error.hint)}".strip())
    return _page(request, family, form, context)


@administrators_only
@require_POST
def remove(request: ConsoleRequest, role_id: int) -> HttpResponse:
    """Only one that nobody holds; it can be taken back."""
    found = access.custom_role(role_id, request.organisation)
    try:
        services.remove_role(actor=request.user, role_id=found.id)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-role", role_id=role_id)
    _keep(request, found, "removed")
    messages.success(request, _("The role “{name}” is gone.").format(name=found.name))
    return redirect("manager-roles")


@administrators_only
@require_POST
def undo(request: ConsoleRequest) -> HttpResponse:
    """The last role that was changed or removed is again as it was."""
    before = _lately(request)
    request.session.pop(KEY, None)
    if before is None:
        messages.warning(request, _("There is nothing to take back."))
        return redirect("manager-roles")
    said = {"name": before["name"], "permissions": before["permissions"]}
    try:
        if before["how"] == "removed":
            services.create_role(
                actor=request.user, organisation=request.organisation, family=before["family"],
                **said,
            )  # fmt: skip
        else:
            access.custom_role(before["id"], request.organisation)
            services.change_role(actor=request.user, role_id=before["id"], **said)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
    else:
        messages.success(request, _("“{name}” is as it was before.").format(name=before["name"]))
    return redirect("manager-roles")


def _page(
    request: ConsoleRequest, family: Family, form: OwnRole, context: dict[str, Any]
) -> HttpResponse:
    ticked: Permissions = frozenset(form["permissions"].value() or ()) & family.all
    shared = {
        "family": family,
        "kind": _(family.label),
        "form": form,
        "elsewhere": elsewhere(family.name, ticked) if ticked else [],
        "is_tried": request.method == "POST" and not form.errors,
    }
    status = 400 if form.errors else 200
    return show(request, "console/role.html", {**shared, **context}, status=status)


def _family(name: str) -> Family:
    found = families().get(name)
    if found is None:
        raise Http404
    return found


def _tell(request: ConsoleRequest, people: int) -> None:
    said = ngettext(
        "The role is kept; it changed something for {count} person.",
        "The role is kept; it changed something for {count} people.",
        people,
    )
    messages.success(request, said.format(count=people))


def _keep(request: ConsoleRequest, role: CustomRoleCard, how: str) -> None:
    request.session[KEY] = {
        "at": clock.now().isoformat(), "how": how, "id": role.id, "name": role.name,
        "family": role.family, "permissions": sorted(role.permissions),
        "organisation": role.organisation_id,
    }  # fmt: skip


def _lately(request: ConsoleRequest) -> dict[str, Any] | None:
    """What was changed or removed here within the hour."""
    kept = request.session.get(KEY) or {}
    at = parse_datetime(kept.get("at", ""))
    is_here = kept.get("organisation") == request.organisation.pk
    return kept if at is not None and is_here and clock.now() - at <= KEPT else None
