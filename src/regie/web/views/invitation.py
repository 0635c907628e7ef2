"""Accept an invitation: the link of a letter, then one page with one button or one short form.

The token leaves the address at once and waits in the session, so that no history, no log and no
other site gets to know it. A link that is unknown, spent, withdrawn or too old is one and the
same page.
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from regie.apps.access import services as access
from regie.apps.access.context import acting_as
from regie.apps.accounts import services as accounts
from regie.apps.accounts.models import User
from regie.apps.accounts.selectors import has_confirmed, person_by_email
from regie.apps.organisations import selectors, services
from regie.apps.organisations.models import Organisation
from regie.apps.organisations.selectors import Offer
from regie.apps.tokens import services as tokens
from regie.kernel.errors import NotFound, Refused
from regie.ui.templatetags.ui import say
from regie.web.console.words import role_word
from regie.web.entering import OpenAccount
from regie.web.limits import caller, is_too_often, wait_a_little

KEY = "invitation"
SIGN_IN_AS = "django.contrib.auth.backends.ModelBackend"


@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponse:
    if is_too_often("invitation", who=caller(request), most=30, seconds=60):
        return wait_a_little(request)
    request.session[KEY] = token[:100]
    return redirect("invitation")


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    token = str(request.session.get(KEY, ""))
    offer = selectors.offer_of(token) if token else None
    if offer is None:
        return render(request, "invitation/gone.html", status=404)
    person = person_by_email(offer.email)
    is_known = person is not None and has_confirmed(person)
    signed_in = request.user if isinstance(request.user, User) else None
    if is_known and signed_in is not None and signed_in.pk == getattr(person, "pk", None):
        return _accept_signed_in(request, signed_in, token, offer)
    if is_known or (signed_in is not None and person is None):
        return _page(request, offer, is_other=signed_in is not None)
    return _accept_with_account(request, token, offer)


def _accept_signed_in(request: HttpRequest, person: User, token: str, offer: Offer) -> HttpResponse:
    if request.method != "POST":
        return _page(request, offer, can_accept=True)
    try:
        with acting_as(person):
            joined = services.accept_invitation(actor=person, token=token)
        access.keep_promises(actor=person)
    except NotFound:
        return render(request, "invitation/gone.html", status=404)
    return _inside(request, joined)


def _accept_with_account(request: HttpRequest, token: str, offer: Offer) -> HttpResponse:
    """Nobody has confirmed this address before: the letter did, and a password follows."""
    form = OpenAccount(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with transaction.atomic():
                person = accounts.claim_account(
                    email=offer.email, name=said["name"], password=said["password"],
                    language=(translation.get_language() or "fr")[:2],
                )  # fmt: skip
                with acting_as(person):
                    tokens.revoke_all_of(person)
                    joined = services.accept_invitation(actor=person, token=token)
                access.keep_promises(actor=person)
        except Refused as error:
            form.add_error("password", say(error.sentence))
        except NotFound:
            return render(request, "invitation/gone.html", status=404)
        else:
            login(request, person, backend=SIGN_IN_AS)  # a new session key, whatever was before
            return _inside(request, joined)
    return _page(request, offer, form=form)


def _page(
    request: HttpRequest,
    offer: Offer,
    *,
    form: OpenAccount | None = None,
    can_accept: bool = False,
    is_other: bool = False,
) -> HttpResponse:
    context = {
        "offer": offer,
        "role": role_word(offer.role),
        "form": form,
        "can_accept": can_accept,
        "is_other": is_other,
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "invitation/invitation.html", context, status=status)


def _inside(request: HttpRequest, joined: Organisation) -> HttpResponse:
    request.session.pop(KEY, None)
    request.session["organisation"] = joined.slug
    messages.success(request, _("You are a member of {name} now.").format(name=joined.name))
    return redirect("report")
