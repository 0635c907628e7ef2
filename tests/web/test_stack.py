"""A page has one piece of the interpreter's stack, however deep its loops stand."""

from __future__ import annotations

import resource

from django.http import HttpRequest, HttpResponse

from regie.web.stack import one_piece

CALLS = 1_000


def nothing() -> None:
    pass


def most_faults(deep: int) -> int:
    """The most pages of memory that a loop of calls asks for, at any of the depths to ``deep``."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _call in range(CALLS):
        nothing()
    here = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return max(here, most_faults(deep - 1)) if deep else here


def test_no_loop_of_a_page_asks_for_memory_at_each_call() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(most_faults(300)))

    outside = most_faults(300)
    asked = int(one_piece(page)(HttpRequest()).content)

    assert asked < CALLS / 2, f"{asked} at one depth; outside such a page {outside}"
