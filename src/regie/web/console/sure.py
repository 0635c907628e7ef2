"""Asked before it is kept: who would gain and lose what, then “Confirm” sends the same again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from regie.apps.access.selectors import Effect
from regie.apps.access.services import Compared
from regie.web.console.effects import rows_of
from regie.web.console.page import ConsoleRequest, show

SURE = "sure"
_OWN = {"csrfmiddlewaretoken", SURE}


@dataclass(frozen=True)
class Question:
    """``title`` says what is about to be done, ``text`` what it means in a sentence.

    ``back`` is the address that leaves it. ``refused`` are things, by name, that will not be done,
    each with why; ``is_part`` where there were too many accounts to look at all of
    them; ``compared`` tells of campaigns too.
    """

    title: str
    text: str
    back: str
    effects: Sequence[Effect]
    is_danger: bool = False
    is_part: bool = False
    refused: Sequence[tuple[str, Any]] = ()
    facts: Sequence[str] = ()
    compared: Compared | None = None


def packed(keys: Iterable[int]) -> str:
    """Many numbers as one field: forms take a thousand fields at most."""
    return ",".join(map(str, keys))


def unpacked(values: Iterable[str]) -> list[int]:
    """The numbers of fields that hold one each, or many."""
    return [int(one) for value in values for one in value.split(",") if one.isdecimal()]


def is_sure(request: ConsoleRequest) -> bool:
    return request.POST.get(SURE) == "yes"


def ask(
    request: ConsoleRequest, question: Question, *, more: Sequence[tuple[str, str]] = (),
    without: Collection[str] = (),
) -> HttpResponse:  # fmt: skip
    """The page that asks. It sends what was sent again, with ``more`` and ``without`` some of it:
    so that what is confirmed is what was shown."""
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OWN and name not in without
        for value in values
        if isinstance(value, str)
    ]
    context = {
        "question": question, "effects": rows_of(question.effects), "sent": [*sent, *more],
        "trail": question.back,
    }  # fmt: skip
    return show(request, "console/sure.html", context)
