from __future__ import annotations

from django.urls import URLPattern, path

from advisories.api import lessons, networks, sightings

urlpatterns: list[URLPattern] = [
    path("networks/", networks.NetworksView.as_view(), name="networks"),
    path("networks/<slug:sector>/membership/", networks.MembershipView.as_view(), name="network-membership"),
    path("networks/<slug:sector>/posts/", networks.PostsView.as_view(), name="network-posts"),
    path("networks/<slug:sector>/posts/<uuid:pk>/", networks.PostView.as_view(), name="network-post"),
    path("networks/<slug:sector>/posts/<uuid:pk>/hide/", networks.HideView.as_view(), name="network-post-hide"),
    path("sightings/", sightings.SightingsView.as_view(), name="sightings"),
    path("sightings/queue/", sightings.QueueView.as_view(), name="sightings-queue"),
    path("sightings/<uuid:pk>/", sightings.SightingView.as_view(), name="sighting"),
    path("lessons/", lessons.LessonsView.as_view(), name="lessons"),
    path("lessons/public/", lessons.PublicLessonsView.as_view(), name="lessons-public"),
    path("lessons/public/<uuid:series>/", lessons.PublicLessonView.as_view(), name="lesson-public"),
    path("lessons/<uuid:series>/", lessons.LessonView.as_view(), name="lesson"),
    path("lessons/<uuid:series>/<int:number>/publish/", lessons.PublicationView.as_view(), name="lesson-publish"),
    path("lessons/<uuid:series>/<int:number>/send-back/", lessons.SendBackView.as_view(), name="lesson-send-back"),
    path("lessons/<uuid:series>/<int:number>/withdraw/", lessons.WithdrawalView.as_view(), name="lesson-withdraw"),
]
