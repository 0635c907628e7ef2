"""The organisation one acts for: its name, its manager number, where it stands in the tree."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from regie.apps.organisations import selectors
from regie.web.console import rules
from regie.web.console.page import ConsoleRequest, console, show
from regie.web.console.words import kind_word


@console
@require_safe
def organisation(request: ConsoleRequest) -> HttpResponse:
    here = request.organisation
    context = {
        "here": here,
        "kind": kind_word(here.kind),
        "line": selectors.line_of(here)[:-1],
        "children": [(one, kind_word(one.kind)) for one in selectors.children_of(here)],
        "administrators": selectors.administrators_count(here),
        **rules.forms_of(here),
    }
    return show(request, "console/organisation.html", context)
