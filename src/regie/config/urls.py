"""Every address of Régie."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("regie.web.urls")),
]
