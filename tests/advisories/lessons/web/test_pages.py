from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from advisories.models import Lesson
from advisories.services import lessons
from tests.conftest import ClientFor
from tests.factories import certification as plans
from tests.factories import networks as make
from tests.factories import reviews
from tests.factories.accounts import make_administrator, make_organisation
from tests.factories.certification import small_standard
from tests.factories.networks import draft_lesson, lesson_input, published_lesson, waiting_lesson

pytestmark = pytest.mark.django_db

PUBLIC_LIBRARY = 2
LIBRARY = 6
LESSON = 7
MINE = 5
WAITING = 5


@pytest.fixture(autouse=True)
def _standard() -> None:
    small_standard()


def soup(response: object) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")  # type: ignore[attr-defined]


def fields(**changes: object) -> dict[str, object]:
    given = lesson_input(**changes)
    return {name: getattr(given, name) for name in given.__dataclass_fields__}


def at(name: str, lesson: Lesson) -> str:
    return reverse(f"advisories:{name}", args=[lesson.series, lesson.number])


def test_anybody_reads_what_is_clear_and_nothing_else(client: Client, owner: User) -> None:
    shown = published_lesson(owner, title="Open to all", tlp="clear")
    hidden = published_lesson(owner, title="SECRET-GREEN", tlp="green")
    page = soup(client.get(reverse("advisories:lessons")))
    assert [link.get_text() for link in page.select("main .wm-rows a")] == ["Open to all"]
    assert client.get(reverse("advisories:lesson", args=[shown.series])).status_code == 200
    assert client.get(reverse("advisories:lesson", args=[hidden.series])).status_code == 404


def test_the_public_page_names_its_source_and_not_its_author(client: Client, owner: User) -> None:
    lesson = published_lesson(owner, tlp="clear", source_publisher="Aldermere Halls")
    shown = client.get(reverse("advisories:lesson", args=[lesson.series])).content.decode()
    assert "Aldermere Halls, 2026" in shown
    assert str(owner) not in shown


def test_searching_keeps_what_was_asked(client: Client, owner: User) -> None:
    published_lesson(owner, title="A barrier", tlp="clear", cost="high")
    published_lesson(owner, title="A radio", tlp="clear")
    page = soup(client.get(reverse("advisories:lessons"), {"words": "barrier", "cost": "high"}))
    assert [link.get_text() for link in page.select("main .wm-rows a")] == ["A barrier"]
    assert page.select_one("input[name=words]")["value"] == "barrier"  # type: ignore[index]
    assert "1 filter on" in page.get_text()
    nothing = soup(client.get(reverse("advisories:lessons"), {"words": "unicorn", "cost": "made-up"}))
    assert "No lesson found" in nothing.get_text()


def test_from_a_form_through_review_to_the_library(client_for: ClientFor, owner: User, adviser: User) -> None:
    mine, officer = client_for(owner), client_for(adviser)
    bad = mine.post(reverse("advisories:lesson_new"), {**fields(), "title": "", "happened": "KEPT"})
    assert bad.status_code == 422
    assert soup(bad).select_one("textarea[name=happened]").get_text(strip=True) == "KEPT"  # type: ignore[union-attr]
    mine.post(reverse("advisories:lesson_new"), {**fields(title="First words"), "action": "save"})
    lesson = Lesson.objects.get()
    assert (lesson.state, officer.get(at("lesson_version", lesson)).status_code) == ("draft", 404)
    mine.post(at("lesson_edit", lesson), {**fields(title="Better words"), "action": "submit"})
    waiting = soup(officer.get(reverse("advisories:lessons_waiting")))
    assert [link.get_text() for link in waiting.select("main .wm-rows a")] == ["Better words"]
    assert officer.post(at("lesson_send_back", lesson), {"note": ""}).status_code == 422
    officer.post(at("lesson_send_back", lesson), {"note": "Say where."})
    assert "Say where." in mine.get(at("lesson_version", lesson)).content.decode()
    mine.post(at("lesson_submit", lesson))
    officer.post(at("lesson_publish", lesson))
    lesson.refresh_from_db()
    assert (lesson.state, lesson.published_by) == ("published", adviser)


def test_who_wrote_it_is_offered_no_review(client_for: ClientFor, owner: User, adviser: User) -> None:
    lesson = waiting_lesson(owner)
    own = waiting_lesson(adviser)
    for user, found in ((owner, lesson), (adviser, own)):
        assert "Your review" not in client_for(user).get(at("lesson_version", found)).content.decode()
    assert "Your review" in client_for(adviser).get(at("lesson_version", lesson)).content.decode()


def test_a_withdrawn_lesson_says_why_to_those_who_could_read_it(
    client: Client, client_for: ClientFor, owner: User
) -> None:
    lesson = published_lesson(owner, tlp="clear", happened="SECRET-WORDS")
    admin = client_for(make_administrator())
    assert admin.post(at("lesson_withdraw", lesson), {"reason": ""}).status_code == 422
    admin.post(at("lesson_withdraw", lesson), {"reason": "The source was corrected."})
    shown = client.get(reverse("advisories:lesson", args=[lesson.series])).content.decode()
    assert "The source was corrected." in shown
    assert "SECRET-WORDS" not in shown
    assert "SECRET-WORDS" in admin.get(at("lesson_version", lesson)).content.decode()


def test_a_new_version_and_the_list_of_versions(client_for: ClientFor, owner: User, adviser: User) -> None:
    lesson = published_lesson(owner)
    client = client_for(owner)
    begun = client.post(at("lesson_revise", lesson))
    newer = Lesson.objects.get(number=2)
    assert begun.headers["Location"] == at("lesson_edit", newer)
    lessons.submit(actor=owner, lesson_id=newer.pk)
    lessons.publish(actor=adviser, lesson_id=newer.pk)
    page = soup(client.get(at("lesson_version", lesson)))
    assert "There is a newer version" in page.get_text()
    assert client.get(at("lesson_version", newer)).status_code == 200
    third = draft_lesson(owner)
    client.post(at("lesson_discard", third))
    assert Lesson.objects.get(pk=third.pk).state == "discarded"


# Beside a criterion ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def four(owner: User) -> None:
    for number in range(4):
        published_lesson(owner, title=f"Lesson on GOV-01, {number}", tlp="green")
    published_lesson(owner, title="SECRET-STRICT", tlp="amber_strict")


def _beside(page: BeautifulSoup) -> tuple[list[str], str]:
    part = page.select_one(".wm-lessons")
    assert part is not None
    titles = [link.get_text() for link in part.select("li a")]
    return titles, part.select("a")[-1].get_text(strip=True)


@pytest.mark.usefixtures("four")
def test_lessons_stand_beside_the_criterion_when_a_plan_is_written(client_for: ClientFor) -> None:
    organisation = make_organisation()
    plan = plans.draft_plan(organisation)
    client = client_for(organisation.created_by)
    page = soup(client.get(reverse("certification:criterion", args=[plan.pk, "GOV-01"])))
    titles, last = _beside(page)
    assert (titles, last) == ([f"Lesson on GOV-01, {n}" for n in (3, 2, 1)], "All 4 lessons on this criterion")
    assert "SECRET" not in str(page)
    other = soup(client.get(reverse("certification:criterion", args=[plan.pk, "GOV-02"])))
    assert other.select_one(".wm-lessons") is None


@pytest.mark.usefixtures("four")
def test_and_when_it_is_reviewed(client_for: ClientFor, organisation: Organisation, adviser: User) -> None:
    plan = reviews.claimed_plan(organisation, reviewer=adviser)
    page = soup(client_for(adviser).get(reverse("certification:review_criterion", args=[plan.pk, "GOV-01"])))
    assert _beside(page)[1] == "All 5 lessons on this criterion"


@pytest.mark.usefixtures("four")
def test_a_strict_lesson_is_hidden_from_the_organisation(
    client_for: ClientFor, organisation: Organisation, adviser: User
) -> None:
    plan = plans.draft_plan(make_organisation())
    client = client_for(plan.organisation.created_by)
    assert "SECRET" not in client.get(reverse("certification:criterion", args=[plan.pk, "GOV-01"])).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_what_the_pages_cost(
    count: int,
    client: Client,
    client_for: ClientFor,
    owner: User,
    adviser: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(count):
        lesson = published_lesson(owner, tlp="clear")
        waiting_lesson(owner)
    client.get(reverse("advisories:lessons"))
    with django_assert_num_queries(PUBLIC_LIBRARY):
        assert client.get(reverse("advisories:lessons")).status_code == 200
    member, officer = client_for(owner), client_for(adviser)
    with django_assert_num_queries(LIBRARY):
        assert member.get(reverse("advisories:lessons"), {"words": "radio", "sector": make.SECTOR}).status_code == 200
    with django_assert_num_queries(LESSON):
        assert member.get(at("lesson_version", lesson)).status_code == 200
    with django_assert_num_queries(MINE):
        assert member.get(reverse("advisories:lessons_mine")).status_code == 200
    with django_assert_num_queries(WAITING):
        assert officer.get(reverse("advisories:lessons_waiting")).status_code == 200
