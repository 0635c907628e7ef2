"""How often one thing may be tried: so many times in a window, then the page that says to wait."""

from __future__ import annotations

import hashlib

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from regie.kernel import clock
from regie.ui.server import caller_of


def is_too_often(action: str, *, who: str, most: int, seconds: int) -> bool:
    """Count one more try of ``action`` by ``who``; True beyond ``most`` in the window."""
    window = int(clock.now().timestamp()) // seconds
    whose = hashlib.sha256(who.encode()).hexdigest()[:24]
    key = f"tries:{action}:{whose}:{window}"
    cache.add(key, 0, seconds)
    return int(cache.incr(key)) > most


def caller(request: HttpRequest) -> str:
    return caller_of(request)


def wait_a_little(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)
