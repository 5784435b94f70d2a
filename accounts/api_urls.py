from __future__ import annotations

from django.urls import URLPattern, path

from accounts import api

urlpatterns: list[URLPattern] = [
    path("me/", api.MeView.as_view(), name="me"),
    path("organisations/", api.OrganisationsView.as_view(), name="organisations"),
    path("areas/", api.AreasView.as_view(), name="areas"),
]
