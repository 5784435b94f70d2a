from __future__ import annotations

from django.urls import URLPattern, path

from advisories.api import bulletins, lessons, networks, sightings, threat, writing

_ONE = "advisories/<uuid:pk>/"
_PLACE = f"{_ONE}places/<int:place_id>/"

urlpatterns: list[URLPattern] = [
    path("threat-level/", threat.ThreatLevelView.as_view(), name="threat"),
    path("threat-level/history/", threat.HistoryView.as_view(), name="threat-history"),
    path("threat-level/confirmations/", threat.ConfirmationsView.as_view(), name="threat-confirmations"),
    path("threat-level/confirmations/<uuid:pk>/", threat.ConfirmationView.as_view(), name="threat-confirmation"),
    path("advisories/", bulletins.BulletinsView.as_view(), name="advisories"),
    path("advisories/written/", writing.WrittenView.as_view(), name="advisories-written"),
    path("advisories/audience/", writing.AudienceView.as_view(), name="advisories-audience"),
    path(_ONE, bulletins.OneBulletinView.as_view(), name="advisory"),
    path(f"{_ONE}read/", bulletins.ReadView.as_view(), name="advisory-read"),
    path(f"{_ONE}acknowledge/", bulletins.AcknowledgementView.as_view(), name="advisory-acknowledge"),
    path(f"{_ONE}places/", bulletins.PlacesView.as_view(), name="advisory-places"),
    path(f"{_PLACE}done/", bulletins.DoneView.as_view(), name="advisory-place-done"),
    path(f"{_PLACE}not-applicable/", bulletins.DismissalView.as_view(), name="advisory-place-not-applicable"),
    path(f"{_PLACE}answer/", bulletins.QuestionAnswerView.as_view(), name="advisory-place-answer"),
    path(f"{_ONE}reach/", bulletins.ReachView.as_view(), name="advisory-reach"),
    path(f"{_ONE}cap/", bulletins.CapView.as_view(), name="advisory-cap"),
    path(f"{_ONE}draft/", writing.ChangeView.as_view(), name="advisory-change"),
    path(f"{_ONE}submit/", writing.SubmissionView.as_view(), name="advisory-submit"),
    path(f"{_ONE}approve/", writing.ApprovalView.as_view(), name="advisory-approve"),
    path(f"{_ONE}send-back/", writing.SendBackView.as_view(), name="advisory-send-back"),
    path(f"{_ONE}publish/", writing.PublicationView.as_view(), name="advisory-publish"),
    path(f"{_ONE}update/", writing.UpdateView.as_view(), name="advisory-update"),
    path(f"{_ONE}retract/", writing.RetractionView.as_view(), name="advisory-retract"),
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
