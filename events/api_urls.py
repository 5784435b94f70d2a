from __future__ import annotations

from django.urls import URLPattern, path

from events.api import subjects, triage


def _of(kind: subjects.Kind) -> list[URLPattern]:
    base = f"{kind.plural}/<uuid:pk>/"
    return [
        path(f"{kind.plural}/", subjects.collection(kind).as_view(), name=kind.plural),
        path(base, subjects.member(kind).as_view(), name=kind.code),
        path(f"{base}archive/", subjects.archive(kind).as_view(), name=f"{kind.code}-archive"),
        path(f"{base}restore/", subjects.restore(kind).as_view(), name=f"{kind.code}-restore"),
        path(f"{base}determinations/", subjects.determinations(kind).as_view(), name=f"{kind.code}-determinations"),
    ]


urlpatterns: list[URLPattern] = [
    path("triage/", triage.TriageView.as_view(), name="triage"),
    *(url for kind in subjects.KINDS for url in _of(kind)),
]
