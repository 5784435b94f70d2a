"""The library: what is CLEAR for anybody, the rest for those whom its marking names."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.selectors import Viewer, signed_in
from advisories.models import Lesson
from advisories.policies import lessons as policies
from advisories.selectors import lessons as selectors
from advisories.selectors.lessons import Filters
from advisories.serializers import lessons as shapes
from advisories.services import lessons as services
from advisories.services.lessons import LessonInput
from core.api_schema import operation
from core.api_serializers import Empty, page_body, page_of
from core.api_views import ApiView, PublicView

READ = "lessons:read"
WRITE = "lessons:write"


def _listed(user: Viewer, asked: dict[str, Any]) -> Response:
    filters = Filters(**{name: asked[name] for name in ("words", "sector", "criterion", "category", "cost")})
    page = selectors.published(user, filters, after=asked["after"], size=asked["size"])
    return Response(page_body(page, shapes.LessonRowSerializer))


class PublicLessonsView(PublicView):
    @operation(
        "lessons_public",
        "Lessons for anybody",
        gives=page_of(shapes.LessonRowSerializer),
        query=shapes.LessonQuery,
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002 - DRF's signature
        """Those marked TLP:CLEAR, newest first."""
        return _listed(AnonymousUser(), self.asked(shapes.LessonQuery))


class PublicLessonView(PublicView):
    @operation("lessons_public_retrieve", "One lesson for anybody", gives=shapes.LessonSerializer)
    def get(self, request: Request, series: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        return self.answer(shapes.LessonSerializer, selectors.get_lesson(AnonymousUser(), series))


class LessonsView(ApiView):
    @operation(
        "lessons_list",
        "Lessons",
        scope=READ,
        gives=page_of(shapes.LessonRowSerializer),
        query=shapes.LessonQuery,
    )
    def get(self, request: Request) -> Response:
        """Published ones that you may read, newest first."""
        return _listed(request.user, self.asked(shapes.LessonQuery))

    @operation(
        "lessons_create",
        "Add a lesson",
        scope=WRITE,
        takes=shapes.NewLessonSerializer,
        gives=shapes.LessonSerializer,
        status=201,
    )
    def post(self, request: Request) -> Response:
        """It waits for review: another person than you publishes it."""
        policies.can_propose(request.user).require()
        user = signed_in(request.user)
        made = services.draft(actor=user, given=LessonInput(**self.bound(shapes.NewLessonSerializer)))
        done = services.submit(actor=user, lesson_id=made.pk)
        return self.answer(shapes.LessonSerializer, done, status=201)


class VersionView(ApiView):
    def lesson(self, series: UUID, number: int | None = None) -> Lesson:
        return selectors.get_lesson(self.request.user, series, number)


class LessonView(VersionView):
    @operation("lessons_retrieve", "One lesson", scope=READ, gives=shapes.LessonSerializer)
    def get(self, request: Request, series: UUID) -> Response:  # noqa: ARG002 - DRF's signature
        """The version that is published; else the newest that you may see."""
        return self.answer(shapes.LessonSerializer, self.lesson(series))


class PublicationView(VersionView):
    @operation(
        "lessons_publish",
        "Publish a lesson",
        scope=WRITE,
        takes=Empty,
        gives=shapes.LessonSerializer,
    )
    def post(self, request: Request, series: UUID, number: int) -> Response:
        """By an officer or national administrator who did not write it."""
        self.bound(Empty)
        found = self.lesson(series, number)
        policies.can_review(request.user, found).require()
        done = services.publish(actor=signed_in(request.user), lesson_id=found.pk)
        return self.answer(shapes.LessonSerializer, done)


class SendBackView(VersionView):
    @operation(
        "lessons_send_back",
        "Send a lesson back",
        scope=WRITE,
        takes=shapes.SendBackSerializer,
        gives=shapes.LessonSerializer,
    )
    def post(self, request: Request, series: UUID, number: int) -> Response:
        found = self.lesson(series, number)
        policies.can_review(request.user, found).require()
        note = self.bound(shapes.SendBackSerializer)["note"]
        done = services.send_back(actor=signed_in(request.user), lesson_id=found.pk, note=note)
        return self.answer(shapes.LessonSerializer, done)


class WithdrawalView(VersionView):
    @operation(
        "lessons_withdraw",
        "Withdraw a lesson",
        scope=WRITE,
        takes=shapes.WithdrawalSerializer,
        gives=shapes.LessonSerializer,
    )
    def post(self, request: Request, series: UUID, number: int) -> Response:
        """Its page says that it was withdrawn, and why."""
        found = self.lesson(series, number)
        policies.can_withdraw(request.user).require()
        reason = self.bound(shapes.WithdrawalSerializer)["reason"]
        done = services.withdraw(actor=signed_in(request.user), lesson_id=found.pk, reason=reason)
        return self.answer(shapes.LessonSerializer, done)
