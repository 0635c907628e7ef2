"""The settings of the organisation that one acts for; its administrators change them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regie.apps.organisations import policies, services
from regie.apps.organisations.models import Organisation
from regie.kernel import clock
from regie.kernel.errors import Forbidden, RegieError
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.requests import ScopedRequest
from regie.web.settings_form import SettingsForm, calendar_words, kind_word, pattern_word, typed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: ScopedRequest) -> HttpResponse:
    organisation = request.organisation
    if organisation is None:
        return redirect("start")
    below = [one for one in request.organisations if _is_below(one, organisation)]
    form = SettingsForm(request.POST or None, initial=typed(organisation), has_below=bool(below))
    if request.method == "POST" and form.is_valid() and _kept(request, organisation, form):
        return redirect("settings")
    context = {
        "form": form,
        "below": len(below),
        "facts": _facts(organisation),
        "calendar": calendar_words(organisation.calendar, _today(organisation)),
        "may_change": policies.administers(
            actor=request.user, organisation=organisation, now=clock.now()
        ),
    }
    return render(request, "settings/settings.html", context, status=400 if form.errors else 200)


def _kept(request: ScopedRequest, organisation: Organisation, form: SettingsForm) -> bool:
    try:
        changed = services.change_settings(
            actor=request.user, organisation=organisation, settings=form.settings,
            calendar_below=bool(form.cleaned_data.get("calendar_below")),
        )  # fmt: skip
    except Forbidden as error:
        raise PermissionDenied from error
    except RegieError as error:
        form.add_error(None, say(error.sentence))
        return False
    messages.success(request, _("The settings are kept.") if changed else _("Nothing changed."))
    return True


def _is_below(one: Organisation, organisation: Organisation) -> bool:
    return one.path.startswith(organisation.path) and one.pk != organisation.pk


def _facts(organisation: Organisation) -> list[tuple[str, str]]:
    return [
        (_("Name"), organisation.name),
        (_("What it is"), kind_word(organisation.kind)),
        (_("Place"), organisation.location or figures.MISSING),
        (_("Currency"), organisation.currency),
        (_("Time zone"), organisation.time_zone),
        (_("The fiscal year begins in"), figures.month_name(organisation.first_month)),
        (_("Its quarters are made of"), pattern_word(organisation.year_pattern)),
        (_("Weeks begin on"), figures.weekday_name(organisation.week_starts_on)),
    ]


def _today(organisation: Organisation) -> object:
    return clock.now().astimezone(ZoneInfo(organisation.time_zone)).date()
