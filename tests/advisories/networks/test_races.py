"""Two people at once, each on a connection of their own: one wins, the other is told, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.models import User
from advisories.domain import networks as rules
from advisories.models import GuidancePack, Lesson, LessonCriterion, NetworkMember, NetworkPost, SightingStep
from advisories.services import guidance, lessons, networks, sightings
from core import audit
from core.errors import DomainError
from tests.factories import networks as make
from tests.factories.accounts import make_administrator, make_officer, make_organisation
from tests.factories.certification import small_standard
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions: Callable[[], object]) -> list[str]:
    """Each action in a thread of its own; "won", or the name of the error."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=20)
            action()
        except DomainError as error:
            return type(error).__name__
        else:
            return "won"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(run, actions))


def test_two_officers_close_one_report(adviser: User, second_adviser: User) -> None:
    made = make.make_sighting()
    sightings.see(actor=adviser, sighting_id=made.pk)
    outcomes = at_once(
        *(
            lambda officer=officer: sightings.close(
                actor=officer, sighting_id=made.pk, outcome="action", reply="Thanks."
            )
            for officer in (adviser, second_adviser)
        )
    )
    assert outcomes == ["IllegalMove", "won"]
    assert SightingStep.objects.filter(sighting=made, action="close").count() == 1
    assert audit.verify_all().problem == ""


def test_one_closes_and_the_other_sends_it_elsewhere(adviser: User, second_adviser: User) -> None:
    """Whoever comes second has no part in it any more, or finds it closed."""
    make_officer("adviser", area="kent")
    made = make.make_sighting()
    sightings.see(actor=adviser, sighting_id=made.pk)
    outcomes = at_once(
        lambda: sightings.close(actor=adviser, sighting_id=made.pk, outcome="action", reply="Thanks."),
        lambda: sightings.readdress(actor=second_adviser, sighting_id=made.pk, area_code="kent"),
    )
    assert outcomes in (["IllegalMove", "won"], ["NotPermitted", "won"])


def test_one_person_joins_twice_at_once() -> None:
    organisation = make_organisation()
    make_venue(organisation, use="hall")
    make.admitted(organisation)
    person = organisation.created_by
    outcomes = at_once(*(lambda: networks.join(actor=person, sector=make.SECTOR) for _ in range(3)))
    assert outcomes == ["won"] * 3
    assert NetworkMember.objects.filter(user=person).count() == 1


def test_the_last_post_of_the_hour_is_one() -> None:
    author = make.insider()
    for _ in range(rules.POSTS_AT_MOST - 1):
        make.make_post(author)
    outcomes = at_once(*(lambda: make.make_post(author) for _ in range(3)))
    assert outcomes == ["Conflict", "Conflict", "won"]
    assert NetworkPost.objects.filter(author=author).count() == rules.POSTS_AT_MOST


def test_two_reviewers_publish_one_lesson() -> None:
    small_standard()
    lesson = make.waiting_lesson(make_organisation().created_by)
    reviewers = [make_administrator(), make_officer("adviser")]
    outcomes = at_once(
        *(lambda one=one: lessons.publish(actor=one, lesson_id=lesson.pk) for one in reviewers),
    )
    assert outcomes == ["IllegalMove", "won"]
    assert LessonCriterion.objects.filter(lesson=lesson).count() == 1


def test_two_people_begin_the_next_version() -> None:
    small_standard()
    author, editor = make_organisation().created_by, make_administrator()
    lesson = make.published_lesson(author)
    outcomes = at_once(
        lambda: lessons.revise(actor=author, lesson_id=lesson.pk),
        lambda: lessons.revise(actor=editor, lesson_id=lesson.pk),
    )
    assert outcomes == ["Conflict", "won"]
    assert Lesson.objects.filter(series=lesson.series).count() == 2


def test_two_editors_publish_one_pack_and_begin_the_next() -> None:
    small_standard()
    editors = [make_administrator(), make_administrator()]
    pack = make.draft_pack(editors[0])
    assert at_once(*(lambda one=one: guidance.publish(actor=one, pack_id=pack.pk) for one in editors)) == [
        "IllegalMove",
        "won",
    ]
    assert at_once(*(lambda one=one: guidance.revise(actor=one, pack_id=pack.pk) for one in editors)) == [
        "Conflict",
        "won",
    ]
    assert GuidancePack.objects.count() == 2
