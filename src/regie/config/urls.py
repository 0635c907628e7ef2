"""Every address of Régie."""

from django.urls import include, path

from regie.api.application import api

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("", include("regie.web.urls")),
]
