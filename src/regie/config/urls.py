"""Every address of Régie."""

from django.urls import include, path, re_path

from regie.api.application import api
from regie.api.problems import nothing_here

handler400 = "regie.web.refusals.unreadable"
urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", nothing_here),
    path("api/v1/", api.urls),
    re_path(r"^api/", nothing_here),
    path("", include("regie.web.urls")),
]
