"""The usual way, to compare with: a Django view that inserts one row and redirects."""

from __future__ import annotations

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.urls import path

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="bench",  # noqa: S106
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **dict(zip(("HOST", "PORT", "USER", "PASSWORD", "NAME"),
                       os.environ["BENCH_DATABASE"].split(" "), strict=True)),
            "CONN_MAX_AGE": None,
        }
    },
)  # fmt: skip
django.setup()


PAGE = "https://shop.example/landing"


class Click(models.Model):
    """What a click leaves."""

    code = models.CharField(max_length=64)
    agent = models.CharField(max_length=400)
    referrer = models.CharField(max_length=1000)
    address = models.GenericIPAddressField()
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.code


def redirect(request: HttpRequest, code: str) -> HttpResponse:
    Click.objects.create(
        code=code, agent=request.headers.get("User-Agent", ""),
        referrer=request.headers.get("Referer", ""), address=request.META["REMOTE_ADDR"],
    )  # fmt: skip
    return HttpResponse(status=302, headers={"Location": PAGE, "Content-Length": "0"})


urlpatterns = [path("r/<str:code>", redirect)]
application = get_wsgi_application()


def make_table() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(Click)


if __name__ == "__main__":
    make_table()
