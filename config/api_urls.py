"""The interface for programs: the schema, its page, and version 1."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from core.api_docs import docs
from core.api_views import NotFoundView

_v1: list[URLPattern | URLResolver] = [
    path("", include("accounts.api_urls")),
    path("", include("events.api_urls")),
    path("", include("certification.api_urls")),
    path("", include("advisories.api_urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("v1/", include((_v1, "api"))),
    re_path(r"", NotFoundView.as_view(), name="api-not-found"),
]
