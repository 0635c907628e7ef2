"""What went wrong, in one shape for every answer: a code, a sentence, what to do."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from regie.kernel.errors import Forbidden, NotFound, Refused, RegieError, WrongUse
from regie.kernel.i18n import _
from regie.ui.templatetags.ui import say

TOO_MANY = 429


class TooFast(RegieError):
    """More calls in a minute than a token may make."""

    code = "too_fast"


# What any operation may answer instead: the schema says so, and that each is a ``Problem``.
PROBLEMS = frozenset({400, 401, 403, 404, 409, 413, 422, TOO_MANY})
STATUS = ((NotFound, 404), (Forbidden, 403), (WrongUse, 400), (Refused, 409), (TooFast, TOO_MANY))


class Problem(Schema):
    """``code`` is for programs, ``message`` and ``hint`` are for people."""

    code: str
    message: str
    hint: str = ""


# What the framework answers as a page or as bare text, by its status: a code and a sentence.
BARE = {
    400: ("bad_request", _("This request cannot be read.")),
    405: ("wrong_method", _("This address does not answer this method.")),
    413: ("too_large", _("This is more than can be sent at once.")),
    415: ("wrong_type", _("This type of content cannot be read.")),
    500: ("failed", _("Something went wrong here. It is written in the log of this installation.")),
}


class ProblemMiddleware:
    """Whatever goes wrong under ``/api/`` is a ``Problem``, before any operation is met too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        is_told = answer.get("Content-Type", "").startswith("application/json")
        if answer.status_code < 400 or is_told or not request.path.startswith("/api/"):
            return answer
        code, sentence = BARE.get(answer.status_code, BARE[400])
        hint = ""
        if answer.status_code == 405:
            hint = say(_("It answers: {methods}.")).format(methods=answer.get("Allow", ""))
        said = {"code": code, "message": say(sentence), "hint": hint}
        told = JsonResponse(
            said, status=answer.status_code, content_type="application/json; charset=utf-8"
        )
        for name, value in answer.items():  # what others said of it holds for this as well
            if not name.startswith("Content-"):
                told[name] = value
        return told


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """An address that is none of the API's: a ``Problem``, as of a thing that is not there."""
    said = {
        "code": NotFound.code,
        "message": say(_("There is nothing at this address.")),
        "hint": say(_("Every address of the API is in its schema, at /api/v1/openapi.json.")),
    }
    return JsonResponse(said, status=404, content_type="application/json; charset=utf-8")


def _misshapen(error: ValidationError) -> tuple[str, str]:
    """What of the request does not fit, each with its place; names that nobody knows come first."""
    unknown, wrong = [], []
    for one in error.errors:
        where = [str(part) for part in one["loc"]]
        if one["type"] == "extra_forbidden":
            unknown.append(f"“{'.'.join(where[2:])}”")  # where and as what it was sent are known
        else:
            wrong.append(f"{'.'.join(where)}: {one['msg']}")
    if not unknown:
        return "; ".join(wrong), ""
    sentence = say(_("Nothing is called {names} here.")).format(names=", ".join(unknown))
    hint = _("The names that can be sent are in the schema, at /api/v1/openapi.json.")
    return f"{sentence} {'; '.join(wrong)}".strip(), say(hint)


def answer_problems(api: NinjaAPI) -> None:
    """Every error of the house, and those of the framework, as a ``Problem``."""

    def told(
        request: HttpRequest, status: int, code: str, message: str, hint: str = ""
    ) -> HttpResponse:
        said = {"code": code, "message": message, "hint": hint}
        answer: HttpResponse = api.create_response(request, said, status=status)
        return answer

    @api.exception_handler(RegieError)
    def ours(request: HttpRequest, error: RegieError) -> HttpResponse:
        status = next((status for kind, status in STATUS if isinstance(error, kind)), 400)
        answer = told(request, status, error.code, say(error.sentence), say(error.hint))
        if status == TOO_MANY:
            answer["Retry-After"] = "60"
        return answer

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = told(
            request, 401, "no_token", "This address needs a token that is valid.",
            "Send it as “Authorization: Bearer …”; tokens are made on the Tokens page.",
        )  # fmt: skip
        answer["WWW-Authenticate"] = "Bearer"
        return answer

    @api.exception_handler(ValidationError)
    def misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
        message, hint = _misshapen(error)
        return told(request, 422, "wrong_shape", message, hint)

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        code, sentence = BARE.get(error.status_code, ("error", None))
        said = str(error) if sentence is None else say(sentence)
        hint = say(_("Send JSON in UTF-8, as the schema says.")) if error.status_code == 400 else ""
        return told(request, error.status_code, code, said, hint)

    @api.exception_handler(RequestDataTooBig)
    def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        code, sentence = BARE[413]
        return told(request, 413, code, say(sentence), say(_("Send it in parts.")))
