from __future__ import annotations

from django.urls import URLPattern, path

from advisories.api import threat

urlpatterns: list[URLPattern] = [
    path("threat-level/", threat.ThreatLevelView.as_view(), name="threat"),
    path("threat-level/history/", threat.HistoryView.as_view(), name="threat-history"),
    path("threat-level/confirmations/", threat.ConfirmationsView.as_view(), name="threat-confirmations"),
    path("threat-level/confirmations/<uuid:pk>/", threat.ConfirmationView.as_view(), name="threat-confirmation"),
]
