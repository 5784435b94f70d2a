"""What networks, reports and lessons answer to each role, for programs."""

from __future__ import annotations

from advisories.serializers.lessons import NewLessonSerializer
from advisories.serializers.sightings import NewSightingSerializer
from tests.architecture.api_rows import ANYBODY, SIGNED_IN, Ask, fixed, made

__all__ = ["ASKS"]

_POST = fixed({"title": "A title", "text": "Words.", "tlp": "amber"})
_LESSON = fixed({**NewLessonSerializer.example, "criteria": ["GOV-01"]})
_IN_NETWORK = "           401    200 404 404 404 200 404 404 404 200"
_NETWORKS = {
    "networks_list": Ask("get", lambda _: "/networks/", SIGNED_IN),
    "networks_join": Ask(
        "post",
        lambda _: "/networks/commercial/membership/",
        "401 200 200 200 403 200 200 200 403 403",
        fixed({"mail": "none"}),
    ),
    "networks_leave": Ask("delete", lambda _: "/networks/commercial/membership/", made(SIGNED_IN, 204)),
    "networks_posts": Ask("get", lambda _: "/networks/commercial/posts/", SIGNED_IN),
    "networks_post_create": Ask(
        "post", lambda _: "/networks/commercial/posts/", "401 201 403 403 403 201 403 403 403 403", _POST
    ),
    "networks_post_retrieve": Ask("get", lambda c: f"/networks/commercial/posts/{c.network.question.pk}/", _IN_NETWORK),
    "networks_reply": Ask(
        "post",
        lambda c: f"/networks/commercial/posts/{c.network.question.pk}/",
        "401 201 404 404 404 201 404 404 404 403",
        fixed({"text": "Words."}),
    ),
    "networks_post_hide": Ask(
        "post",
        lambda c: f"/networks/commercial/posts/{c.network.news.pk}/hide/",
        "401 403 404 404 404 204 404 404 404 403",
        fixed({"reason": "It names people."}),
    ),
}
_SIGHTINGS = {
    "sightings_list": Ask("get", lambda _: "/sightings/", SIGNED_IN),
    "sightings_create": Ask(
        "post", lambda _: "/sightings/", made(SIGNED_IN, 201), fixed(NewSightingSerializer.example)
    ),
    "sightings_queue": Ask("get", lambda _: "/sightings/queue/", "401 403 403 403 403 200 200 200 403 200"),
    "sightings_retrieve": Ask(
        "get", lambda c: f"/sightings/{c.network.sighting.pk}/", "401 200 404 404 404 200 200 404 404 200"
    ),
    "sightings_act": Ask(
        "post",
        lambda c: f"/sightings/{c.network.sighting.pk}/",
        "401 403 404 404 404 200 200 404 404 403",
        fixed({"action": "see"}),
    ),
}
_REVIEWERS = "            401    403 404 404 404 200 200 200 200 403"
_LESSONS = {
    "lessons_public": Ask("get", lambda _: "/lessons/public/", ANYBODY),
    "lessons_public_retrieve": Ask("get", lambda c: f"/lessons/public/{c.network.lesson_clear.series}/", ANYBODY),
    "lessons_list": Ask("get", lambda _: "/lessons/", SIGNED_IN),
    "lessons_create": Ask("post", lambda _: "/lessons/", "401 201 201 201 201 201 201 201 201 403", _LESSON),
    "lessons_retrieve": Ask(
        "get", lambda c: f"/lessons/{c.network.lesson.series}/", "401 200 404 404 404 200 200 200 200 200"
    ),
    "lessons_publish": Ask(
        "post",
        lambda c: f"/lessons/{c.network.lesson_waiting.series}/1/publish/",
        _REVIEWERS,
    ),
    "lessons_send_back": Ask(
        "post",
        lambda c: f"/lessons/{c.network.lesson_waiting.series}/1/send-back/",
        _REVIEWERS,
        fixed({"note": "Say where."}),
    ),
    "lessons_withdraw": Ask(
        "post",
        lambda c: f"/lessons/{c.network.lesson.series}/1/withdraw/",
        _REVIEWERS,
        fixed({"reason": "It was wrong."}),
    ),
}

ASKS: dict[str, Ask] = {**_NETWORKS, **_SIGHTINGS, **_LESSONS}
