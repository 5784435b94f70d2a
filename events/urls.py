from __future__ import annotations

from django.urls import URLPattern, path

from events.views import registration, subjects, triage

app_name = "events"


def _of(kind: str, prefix: str) -> list[URLPattern]:
    """The five pages of one kind of subject."""
    kwargs = {"kind": kind}
    return [
        path(f"{prefix}/new/", registration.new, kwargs, name=f"{kind}_new"),
        path(f"{prefix}/<uuid:pk>/", subjects.detail, kwargs, name=kind),
        path(f"{prefix}/<uuid:pk>/edit/", registration.edit, kwargs, name=f"{kind}_edit"),
        path(f"{prefix}/<uuid:pk>/archive/", subjects.archive, kwargs, name=f"{kind}_archive"),
        path(f"{prefix}/<uuid:pk>/tier/", subjects.tier, kwargs, name=f"{kind}_tier"),
    ]


urlpatterns = [
    path("find-out-what-applies/", triage.start, name="triage"),
    path("find-out-what-applies/questions/", triage.questions, name="triage_questions"),
    path("find-out-what-applies/result/", triage.result, name="triage_result"),
    path("find-out-what-applies/register/", triage.register, name="triage_register"),
    path("places/", subjects.places, name="places"),
    path("events/where/", registration.where, name="event_where"),
    *_of("venue", "venues"),
    *_of("event", "events"),
    *_of("project", "projects"),
]
