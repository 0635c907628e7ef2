"""Asked before it is kept: who would gain and lose what, then “Confirm” sends the same again.

What is confirmed is what was shown: a digest of what was sent, by whom, and of what it would do
goes with the page and comes back. Where it is another by then, all is shown anew, nothing kept.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from regie.apps.access.selectors import Effect, Effects
from regie.apps.access.services import Compared
from regie.web.console.effects import rows_of
from regie.web.console.page import ConsoleRequest, show

SURE, ACT, SEEN = "sure", "act", "seen"
_OWN = {"csrfmiddlewaretoken", SURE, ACT, SEEN}


@dataclass(frozen=True)
class Question:
    """``title`` says what is about to be done, ``text`` what it means in a sentence.

    ``back`` is the address that leaves it. ``refused`` are things, by name, that will not be done,
    each with why, and ``unread`` lines of a list that say nothing clear; ``is_part`` where there
    were too many accounts to look at all of them; ``compared`` tells of campaigns too.
    """

    title: str
    text: str
    back: str
    effects: Sequence[Effect]
    is_danger: bool = False
    is_part: bool = False
    refused: Sequence[tuple[str, Any]] = ()
    unread: Sequence[tuple[str, Any]] = ()
    facts: Sequence[str] = ()
    compared: Compared | None = None

    @property
    def not_done(self) -> list[tuple[str, Any]]:
        return [*self.unread, *self.refused]


def packed(keys: Iterable[int]) -> str:
    """Many numbers as one field: forms take a thousand fields at most."""
    return ",".join(map(str, keys))


def unpacked(values: Iterable[str]) -> list[int]:
    """The numbers of fields that hold one each, or many."""
    return [int(one) for value in values for one in value.split(",") if one.isdecimal()]


def ask(
    request: ConsoleRequest, question: Question, *, more: Sequence[tuple[str, str]] = (),
    without: Collection[str] = (),
) -> HttpResponse | None:  # fmt: skip
    """The page that asks, or None once this very question was answered with yes. It sends what was
    sent again, with ``more`` and ``without`` some of it."""
    sent = [*(one for one in _sent(request) if one[0] not in without), *more]
    refused = [name for name, _why in question.refused]
    shown = [question.title, question.text, *question.facts, refused, of_effects(question.effects)]
    seen = _digest(request, sent, shown)
    if _is_confirmed(request, seen):
        return None
    context = {
        "question": question, "effects": rows_of(question.effects), "sent": sent,
        "trail": question.back, SEEN: seen, "is_anew": _confirms(request),
    }  # fmt: skip
    return show(request, "console/sure.html", context)


def looked_at(
    request: ConsoleRequest, *shown: Any, sent: Sequence[tuple[str, str]] | None = None
) -> dict[str, Any] | None:
    """What a page that shows a change beside its form says of it; None once that was confirmed.

    ``shown`` is what the change would do, as JSON or as text: see ``of_effects``. ``sent`` is what
    was asked for, where it is not just what the form sends now.
    """
    seen = _digest(request, _sent(request) if sent is None else sent, shown)
    if _is_confirmed(request, seen):
        return None
    return {SEEN: seen, "is_anew": _confirms(request)}


def of_effects(effects: Sequence[Effect]) -> list[Any]:
    """All of them; those of accounts that are alike once, with the accounts."""
    if isinstance(effects, Effects):
        return [of_effects(effects.held), sorted(effects.like.items())]
    return [[one.user_id, one.asset_id, sorted(one.gained), sorted(one.lost)] for one in effects]


def _sent(request: ConsoleRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in _OWN
        for value in values
        if isinstance(value, str)
    ]


def _confirms(request: ConsoleRequest) -> bool:
    return request.POST.get(SURE) == "yes" or request.POST.get(ACT) == "keep"


def _is_confirmed(request: ConsoleRequest, seen: str) -> bool:
    return _confirms(request) and constant_time_compare(request.POST.get(SEEN, ""), seen)


def _digest(request: ConsoleRequest, sent: Sequence[tuple[str, str]], shown: Any) -> str:
    whose = [request.path, request.user.pk, request.organisation.pk]
    told = json.dumps([whose, sorted(sent), shown], default=str)
    return salted_hmac("regie.web.console.sure", told, algorithm="sha256").hexdigest()
