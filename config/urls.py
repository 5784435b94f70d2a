"""Every page, by the app that owns it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from core.govuk.styleguide import styleguide
from core.http import health

urlpatterns: list[URLPattern | URLResolver] = [
    # Addresses are tried one after the other, and these are asked for more than all the rest.
    path("", include("certification.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("about/", TemplateView.as_view(template_name="core/about.html"), name="about"),
    path("accessibility/", TemplateView.as_view(template_name="core/accessibility.html"), name="accessibility"),
    path("privacy/", TemplateView.as_view(template_name="core/privacy.html"), name="privacy"),
    path("styleguide/", styleguide, name="styleguide"),
    path("accounts/", include("allauth.urls")),
    path("", include("accounts.urls")),
    path("", include("events.urls")),
    path("api/", include("config.api_urls")),
    path("", include("advisories.urls")),
]

handler500 = "core.http.faults.server_error"
