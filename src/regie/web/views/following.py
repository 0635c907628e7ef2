"""An audience of those who did something: the rule, how many it reaches, and the audience."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from regie.apps.assets import selectors as assets
from regie.apps.identity import services
from regie.domain.audiences.touches import LEAST
from regie.kernel.errors import RegieError
from regie.ui import figures
from regie.ui.platforms import names_apart
from regie.web.identity.allowed import organisation_looked_at
from regie.web.identity.forms import FollowForm
from regie.web.requests import ScopedRequest

MEASURED = "regie"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    organisation = organisation_looked_at(request)
    # What people do is known of what we measure; of an advertising account nothing would follow.
    names = names_apart(
        one for one in assets.cards(request.scope.assets)
        if one.organisation_id == organisation.pk and one.platform == MEASURED
    )  # fmt: skip
    own = sorted(
        ((str(key), name) for key, name in names.items()), key=lambda one: one[1].casefold()
    )
    form = FollowForm(request.POST or None, assets=own)
    reach = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            rule = form.rule()
            if request.POST.get("preview") != "1":
                made = services.follow(
                    actor=request.user, organisation=organisation, name=said["name"],
                    purpose=said["purpose"], expires_on=said["expires_on"], rule=rule,
                )  # fmt: skip
                messages.success(request, _("The audience is made, and follows by itself."))
                return redirect("manager-audiences-one", audience_id=made)
            count = services.preview(actor=request.user, organisation=organisation, rule=rule)
        except RegieError as problem:
            form.take_back(problem)
        else:
            reach = (
                _("fewer than {least}").format(least=LEAST)
                if count is None
                else (figures.exact(count, "count"))
            )
    return render(
        request, "identity/follow.html", {"form": form, "reach": reach, "least": LEAST},
        status=400 if form.errors else 200,
    )  # fmt: skip
