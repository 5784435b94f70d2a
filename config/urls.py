"""Every page, by the app that owns it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from core.http import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("events.urls")),
    path("api/", include("config.api_urls")),
    path("", include("certification.urls")),
]
