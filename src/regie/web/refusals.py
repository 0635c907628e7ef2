"""What a view let pass is told on the page of its kind, with what to do: it is never a 500.

A number in an address that no row can have is one of nothing, and no text holds a zero byte.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import page_not_found, permission_denied

from regie.kernel.errors import Forbidden, NotFound, RegieError
from regie.kernel.i18n import _
from regie.ui.templatetags.ui import say

LARGEST = 2**62
_TOO_LARGE = _("This form holds more than can be sent at once, and nothing was done.")
_IN_PARTS = _("Tick fewer lines, or bring a list as a file.")


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refuses to read, such as a form of more fields than are taken."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        said = {"said": say(_TOO_LARGE), "hint": say(_IN_PARTS)}
        return render(request, "400.html", said, status=413)
    return render(request, "400.html", status=400)


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, given: object, named: dict[str, object]
    ) -> HttpResponse | None:
        if request.path.startswith("/api/"):  # it tells its problems in a shape of its own
            return None
        if any(isinstance(one, int) and one > LARGEST for one in named.values()):
            return page_not_found(request, Http404())
        sent = (*request.GET.lists(), *request.POST.lists())
        if any("\0" in one for _name, said in sent for one in said):
            return render(request, "400.html", status=400)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotFound):
            return page_not_found(request, Http404())
        if isinstance(error, Forbidden):
            return permission_denied(request, PermissionDenied())
        if isinstance(error, RegieError):
            said = {"said": say(error.sentence), "hint": say(error.hint)}
            return render(request, "400.html", said, status=400)
        return None
