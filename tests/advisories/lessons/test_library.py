from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.selectors import Viewer, authority
from advisories.domain import lessons as rules
from advisories.domain import tlp
from advisories.management.commands.load_lessons import series_of
from advisories.models import Lesson, LessonCriterion, LessonSector
from advisories.policies import lessons as policies
from advisories.selectors import lessons as selectors
from advisories.selectors.lessons import Filters
from advisories.services import lessons
from core.commands import FileRefusedError
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests import flush
from tests.factories import networks as make
from tests.factories.accounts import (
    make_administrator,
    make_auditor,
    make_member,
    make_officer,
    make_organisation,
    make_user,
)
from tests.factories.certification import national_standard, small_standard
from tests.factories.networks import draft_lesson, lesson_input, published_lesson, waiting_lesson

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standard() -> None:
    small_standard()


@pytest.fixture
def author(owner: User) -> User:
    return owner


# The way in ---------------------------------------------------------------------------------------------------------------


def test_a_lesson_is_written_reviewed_and_published(author: User, adviser: User) -> None:
    draft = draft_lesson(author)
    assert (draft.state, draft.number, draft.contributor) == ("draft", 1, author)
    lessons.submit(actor=author, lesson_id=draft.pk)
    done = lessons.publish(actor=adviser, lesson_id=draft.pk)
    assert (done.state, done.published_by) == ("published", adviser)
    assert LessonCriterion.objects.filter(lesson=done).values_list("code", flat=True).get() == "GOV-01"
    assert LessonSector.objects.filter(lesson=done).values_list("sector", flat=True).get() == make.SECTOR
    [mail] = OutgoingMail.objects.filter(kind="lesson.published")
    assert (mail.recipient, done.title in mail.body) == (author, False)
    trail = AuditEvent.objects.filter(chain__key=f"lesson:{done.series}").values_list("action", flat=True)
    assert list(trail.order_by("seq")) == ["lesson.drafted", "lesson.submitted", "lesson.published"]


def _in_state(state: str, author: User) -> Lesson:
    made = draft_lesson(author)
    if state == rules.DISCARDED:
        return lessons.discard(actor=author, lesson_id=made.pk)
    if state == rules.DRAFT:
        return made
    lessons.submit(actor=author, lesson_id=made.pk)
    if state == rules.IN_REVIEW:
        return made
    reviewer = make_administrator()
    lessons.publish(actor=reviewer, lesson_id=made.pk)
    if state == rules.WITHDRAWN:
        lessons.withdraw(actor=reviewer, lesson_id=made.pk, reason="It was wrong.")
    if state == rules.SUPERSEDED:
        again = lessons.revise(actor=author, lesson_id=made.pk)
        lessons.submit(actor=author, lesson_id=again.pk)
        lessons.publish(actor=reviewer, lesson_id=again.pk)
    return made


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("action", [action for action in rules.ACTIONS if action != "supersede"])
def test_the_whole_grid(state: str, action: str, author: User, adviser: User) -> None:
    """`supersede` is no act of anybody: the next version's publication does it."""
    made = _in_state(state, author)
    made.refresh_from_db()
    assert made.state == state
    acts = {
        "submit": lambda: lessons.submit(actor=author, lesson_id=made.pk),
        "discard": lambda: lessons.discard(actor=author, lesson_id=made.pk),
        "send_back": lambda: lessons.send_back(actor=adviser, lesson_id=made.pk, note="Say where."),
        "publish": lambda: lessons.publish(actor=adviser, lesson_id=made.pk),
        "withdraw": lambda: lessons.withdraw(actor=adviser, lesson_id=made.pk, reason="It was wrong."),
    }
    after = rules.after(state, action)
    events = AuditEvent.objects.count()
    if after is None:
        with pytest.raises(IllegalMove):
            acts[action]()
        assert (Lesson.objects.get(pk=made.pk).state, AuditEvent.objects.count()) == (state, events)
    else:
        acts[action]()
        assert Lesson.objects.get(pk=made.pk).state == after


def test_nobody_reviews_what_they_or_their_organisation_wrote(organisation: Organisation, author: User) -> None:
    lesson = waiting_lesson(author)
    officer = make_officer("adviser")
    Membership.objects.create(organisation=organisation, user=officer, role="viewer", joined_at=timezone.now())
    theirs = waiting_lesson(make_officer("adviser"))
    for actor, found in ((author, lesson), (officer, lesson), (theirs.contributor, theirs), (make_auditor(), lesson)):
        assert actor is not None
        for act in (
            lambda actor=actor, found=found: lessons.publish(actor=actor, lesson_id=found.pk),
            lambda actor=actor, found=found: lessons.send_back(actor=actor, lesson_id=found.pk, note="No."),
        ):
            with pytest.raises(NotPermitted):
                act()
    assert lessons.publish(actor=make_administrator(), lesson_id=lesson.pk).state == "published"


def test_the_database_holds_the_four_eyes(author: User) -> None:
    lesson = waiting_lesson(author)
    now = timezone.now()
    for by in (author, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lesson.objects.filter(pk=lesson.pk).update(state="published", published_at=now, published_by=by)


@pytest.mark.parametrize("role", ["newcomer", "auditor"])
def test_who_may_not_add_a_lesson(role: str) -> None:
    person = make_user() if role == "newcomer" else make_auditor()
    with pytest.raises(NotPermitted):
        draft_lesson(person)


def test_a_partner_of_another_city_is_an_ordinary_public_body() -> None:
    partner = make_organisation(kind="public").created_by
    assert published_lesson(partner, country="Netherlands").state == "published"


def test_a_draft_is_its_author_s_and_comes_back_with_a_note(author: User, adviser: User) -> None:
    lesson = waiting_lesson(author)
    with pytest.raises(IllegalMove):
        lessons.change(actor=author, lesson_id=lesson.pk, given=lesson_input())
    lessons.send_back(actor=adviser, lesson_id=lesson.pk, note="Leave out the name.")
    assert OutgoingMail.objects.get(kind="lesson.sent_back").recipient == author
    colleague = make_member(author.memberships.get().organisation)
    with pytest.raises(NotPermitted):
        lessons.change(actor=colleague, lesson_id=lesson.pk, given=lesson_input())
    changed = lessons.change(actor=author, lesson_id=lesson.pk, given=lesson_input(title="Without a name"))
    assert (changed.title, changed.review_note) == ("Without a name", "Leave out the name.")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"done": "D" * 4001}, "done"),
        ({"category": "gossip"}, "category"),
        ({"cost": "priceless"}, "cost"),
        ({"transfer": ""}, "transfer"),
        ({"tlp": "red"}, "tlp"),
        ({"tlp": "purple"}, "tlp"),
        ({"sectors": []}, "sectors"),
        ({"sectors": ["space"]}, "sectors"),
        ({"criteria": []}, "criteria"),
        ({"criteria": ["GOV-01", "ZZZ-99"]}, "criteria"),
        ({"worked": "", "not_worked": ""}, "worked"),
        ({"source_title": ""}, "source_title"),
    ],
)
def test_what_is_written_is_looked_at(changes: dict[str, object], field: str, author: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        draft_lesson(author, **changes)
    assert caught.value.field == field


def test_criteria_are_asked_of_the_standard_in_force_again_at_publication(author: User, adviser: User) -> None:
    lesson = waiting_lesson(author)
    Lesson.objects.filter(pk=lesson.pk).update(criteria=["OLD-01"])
    with pytest.raises(InvalidInput):
        lessons.publish(actor=adviser, lesson_id=lesson.pk)


# What is published ---------------------------------------------------------------------------------------------------------


def test_a_published_version_never_changes(author: User) -> None:
    lesson = published_lesson(author)
    for change in (
        {"title": "Other"},
        {"done": "Other"},
        {"criteria": []},
        {"tlp": "clear"},
        {"state": "draft"},
        {"published_by": None},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Lesson.objects.filter(pk=lesson.pk).update(**change)
    for act in (
        lambda: LessonCriterion.objects.update(code="GOV-02"),
        lambda: LessonSector.objects.all().delete(),
        lambda: Lesson.objects.filter(pk=lesson.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    with flush.lifted("advisories_lesson"):
        assert Lesson.objects.filter(pk=lesson.pk).update(title="Other") == 1


def test_a_new_version_replaces_the_old_one_and_both_are_read(author: User, adviser: User) -> None:
    first = published_lesson(author)
    second = lessons.revise(actor=adviser, lesson_id=first.pk)
    assert (second.number, second.series, second.contributor, second.title) == (2, first.series, adviser, first.title)
    with pytest.raises(Conflict):
        lessons.revise(actor=author, lesson_id=first.pk)
    lessons.submit(actor=adviser, lesson_id=second.pk)
    lessons.publish(actor=make_administrator(), lesson_id=second.pk)
    first.refresh_from_db()
    assert first.state == "superseded"
    assert selectors.get_lesson(author, first.series).number == 2
    assert selectors.get_lesson(author, first.series, 1) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Lesson.objects.create(
            **{name: getattr(first, name) for name in ("title", "place", "country", "period", "category", "cost")},
            series=first.series,
            number=2,
            transfer="low",
            source_year=2026,
            created_at=timezone.now(),
            changed_at=timezone.now(),
        )


def test_a_withdrawn_lesson_says_why_and_keeps_its_words_for_officials(author: User, adviser: User) -> None:
    lesson = published_lesson(author, tlp="clear")
    with pytest.raises(NotPermitted):
        lessons.withdraw(actor=author, lesson_id=lesson.pk, reason="No.")
    with pytest.raises(InvalidInput):
        lessons.withdraw(actor=adviser, lesson_id=lesson.pk, reason=" ")
    done = lessons.withdraw(actor=adviser, lesson_id=lesson.pk, reason="The source was corrected.")
    anybody = AnonymousUser()
    assert policies.can_view(anybody, done)
    assert not policies.can_read_words(anybody, done)
    assert policies.can_read_words(adviser, done)
    assert selectors.published(anybody, Filters()).rows == ()


# Role by marking: `sector` is in the network of the lesson's sector, `other` in another, `outside` in none.
TABLE = {
    #             strict amber green clear
    "nobody": (False, False, False, True),
    "newcomer": (False, False, False, True),
    "outside": (False, False, True, True),
    "other": (False, False, True, True),
    "sector": (False, True, True, True),
    "officer": (True, True, True, True),
    "administrator": (True, True, True, True),
    "auditor": (True, True, True, True),
    "contributor": (True, True, True, True),
}


def test_who_reads_which_marking(author: User) -> None:
    found = {marking: published_lesson(author, tlp=marking) for marking in rules.MARKINGS}
    people: dict[str, Viewer] = {
        "nobody": AnonymousUser(),
        "newcomer": make_user(),
        "outside": make_organisation().created_by,
        "other": make.insider(sector="stadia"),
        "sector": make.insider(),
        "officer": make_officer("adviser", area="kent"),
        "administrator": make_administrator(),
        "auditor": make_auditor(),
        "contributor": author,
    }
    wrong = {}
    for role, user in people.items():
        seen = set(Lesson.objects.visible_to(user).values_list("pk", flat=True))
        listed = {row.pk for row in selectors.published(user, Filters()).rows}
        by_query = tuple(found[marking].pk in seen for marking in rules.MARKINGS)
        by_list = tuple(found[marking].pk in listed for marking in rules.MARKINGS)
        by_policy = tuple(bool(policies.can_view(user, found[marking])) for marking in rules.MARKINGS)
        if not by_query == by_list == by_policy == TABLE[role]:
            wrong[role] = (by_query, by_list, by_policy)
    assert wrong == {}


@pytest.mark.parametrize("state", rules.STATES)
def test_query_and_policy_agree_in_every_state(state: str, author: User) -> None:
    lesson = _in_state(state, author)
    lesson.refresh_from_db()
    people = (
        author,
        make.insider(),
        make_member(author.memberships.get().organisation),
        make_officer(),
        make_administrator(),
        make_auditor(),
        make_user(),
    )
    for user in people:
        seen = Lesson.objects.visible_to(user).filter(pk=lesson.pk).exists()
        assert seen == bool(policies.can_view(user, lesson)), (state, user)


# Searching -----------------------------------------------------------------------------------------------------------------


def _titles(**filters: str) -> list[str]:
    return [row.title for row in selectors.published(make_officer(), Filters(**filters)).rows]


def test_each_filter_narrows_and_the_newest_comes_first(author: User) -> None:
    published_lesson(author, title="One", cost="none", category="vehicle", criteria=["GOV-02"])
    published_lesson(author, title="Two", sectors=["stadia"], happened="A barrier stopped a vehicle.")
    published_lesson(author, title="Three")
    assert _titles() == ["Three", "Two", "One"]
    assert _titles(cost="none") == ["One"]
    assert _titles(category="vehicle") == ["One"]
    assert _titles(criterion="GOV-02") == ["One"]
    assert _titles(sector="stadia") == ["Two"]
    assert _titles(words="barrier") == ["Two"]
    assert _titles(words="BARRIER vehicle") == ["Two"]
    assert _titles(words="barrier loudspeaker") == ["Two"]
    assert _titles(words="barrier nowhere") == []


@pytest.mark.postgres
def test_postgresql_knows_the_forms_of_a_word(author: User) -> None:
    published_lesson(author, title="Evacuating a hall")
    published_lesson(author, title="Something else")
    assert _titles(words="evacuated halls") == ["Evacuating a hall"]
    assert _titles(words='"hall evacuating"') == []


@pytest.mark.parametrize("words", ["%", "'", "\\", "a & | ! b", "()", ":*"])
def test_signs_in_a_search_are_only_signs(words: str, author: User) -> None:
    published_lesson(author)
    assert isinstance(_titles(words=words), list)


def test_drafts_and_what_was_withdrawn_are_not_found(author: User) -> None:
    for state in (rules.DRAFT, rules.IN_REVIEW, rules.WITHDRAWN, rules.DISCARDED):
        _in_state(state, author)
    assert _titles() == []


# Beside a criterion ----------------------------------------------------------------------------------------------------------


def test_at_most_three_stand_beside_a_criterion_the_most_portable_first(author: User) -> None:
    published_lesson(author, title="Hardly", transfer="low")
    published_lesson(author, title="Everywhere", transfer="high")
    published_lesson(author, title="Somewhat", transfer="medium")
    published_lesson(author, title="Everywhere too", transfer="high")
    published_lesson(author, title="Hidden", transfer="high", tlp="amber_strict")
    published_lesson(author, title="Elsewhere", criteria=["GOV-02"])
    reader = make_organisation().created_by
    authority(reader)
    with CaptureQueriesContext(connection) as caught:
        found = selectors.for_criterion(reader, "GOV-01")
    assert len(caught) == 1
    assert [item.title for item in found.items] == ["Everywhere too", "Everywhere", "Somewhat"]
    assert (found.total, found.has_more, found.all_url) == (4, True, "/lessons/?criterion=GOV-01")
    assert found.items[0].summary == "A second loudspeaker was put in."
    assert found.items[0].marking == tlp.LABELS["green"]
    assert selectors.for_criterion(reader, "PHY-01").items == ()


def test_a_lesson_for_a_network_stands_beside_a_criterion_for_its_members_alone(author: User) -> None:
    published_lesson(author, title="For all", transfer="low")
    published_lesson(author, title="For the network", transfer="high", tlp="amber")
    member, elsewhere = make.insider(), make.insider(sector="stadia")
    found = {}
    for name, reader in (("member", member), ("elsewhere", elsewhere), ("nobody", AnonymousUser())):
        authority(reader)
        with CaptureQueriesContext(connection) as caught:
            shown = selectors.for_criterion(reader, "GOV-01")
        found[name] = ([item.title for item in shown.items], shown.total, len(caught))
    assert found == {
        "member": (["For the network", "For all"], 2, 2),
        "elsewhere": (["For all"], 1, 2),
        "nobody": ([], 0, 1),
    }


# The shipped ones ----------------------------------------------------------------------------------------------------------


def test_the_shipped_lessons_are_whole_and_load_once() -> None:
    national_standard()
    call_command("load_lessons")
    assert Lesson.objects.published().count() >= 20
    assert set(Lesson.objects.values_list("tlp", flat=True)) == {"clear"}
    assert not Lesson.objects.filter(source_publisher="").exists()
    covered = set(LessonSector.objects.values_list("sector", flat=True))
    assert len(covered) == 12
    events = AuditEvent.objects.count()
    call_command("load_lessons")
    assert AuditEvent.objects.count() == events


def test_other_words_make_a_new_version_unless_somebody_here_took_it_over(author: User, adviser: User) -> None:
    series = series_of("a-test")
    first, made = lessons.load(series=series, given=lesson_input(title="One"))
    assert (first.state, first.contributor, made) == ("published", None, True)
    second, made = lessons.load(series=series, given=lesson_input(title="Two"))
    assert (second.number, made) == (2, True)
    lessons.withdraw(actor=adviser, lesson_id=second.pk, reason="Not here.")
    third, made = lessons.load(series=series, given=lesson_input(title="Three"))
    assert (third, made) == (second, False)
    assert not OutgoingMail.objects.filter(kind__startswith="lesson").exists()


@pytest.mark.parametrize(
    "text", ["lessons: 1", "lessons: [1]", "lessons: [{key: a}]", "other: []", "lessons: [{key: a, colour: red}]"]
)
def test_a_file_of_another_shape_is_refused_with_the_place(text: str, tmp_path: object) -> None:
    from pathlib import Path

    file = Path(str(tmp_path)) / "lessons.yaml"
    file.write_text(text)
    with pytest.raises(FileRefusedError):
        call_command("load_lessons", str(file))
    assert Lesson.objects.count() == 0
