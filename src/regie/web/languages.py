"""A new device of somebody known begins in the language that he chose on another."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from regie.apps.accounts.models import User


class LanguageMiddleware:
    """The cookie of this browser goes first, then the account, then what the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kept = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if translation.check_for_language(kept) or not isinstance(request.user, User):
            return self.get_response(request)
        chosen = request.user.language
        if not translation.check_for_language(chosen):
            return self.get_response(request)
        translation.activate(chosen)
        request.LANGUAGE_CODE = chosen
        answer = self.get_response(request)
        if settings.LANGUAGE_COOKIE_NAME not in answer.cookies:
            answer.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=settings.LANGUAGE_COOKIE_AGE,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
                samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            )
        return answer
