from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from accounts.models import User
from accounts.selectors import Viewer
from advisories.domain import guidance as rules
from advisories.domain.sectors import SECTORS
from advisories.models import GuidancePack
from advisories.policies import guidance as policies
from advisories.selectors import guidance as selectors
from advisories.services import guidance, lessons
from advisories.services.guidance import PackInput
from core import pdf
from core.errors import Conflict, IllegalMove, Incomplete, InvalidInput, NotPermitted
from core.models import AuditEvent, OutboxJob
from tests.factories import networks as make
from tests.factories.accounts import make_administrator, make_auditor, make_officer, make_organisation, make_user
from tests.factories.certification import national_standard, small_standard
from tests.factories.networks import draft_pack, published_lesson, published_pack

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _standard() -> None:
    small_standard()


def _given(pack: GuidancePack, **changes: object) -> PackInput:
    plain = {
        "title": pack.title,
        "introduction": pack.introduction,
        "actions": pack.actions,
        "criteria": pack.criteria,
        "lessons": pack.lessons,
        "tlp": pack.tlp,
    }
    return PackInput(**{**plain, **changes})  # type: ignore[arg-type]  # names of its own fields


def test_a_first_draft_is_made_for_every_sector_and_tier() -> None:
    national_standard()
    editor = make_administrator()
    for sector in SECTORS:
        for tier in rules.TIERS:
            pack = guidance.begin(actor=editor, sector=sector, tier=tier)
            content = selectors.content(pack)
            assert 5 <= len(content["criteria"]) <= rules.CRITERIA_IN_DRAFT, (sector, tier)
            assert content["actions"]
            assert content["introduction"]
            codes = {item["code"].partition("-")[0] for item in content["criteria"]}
            assert "PRJ" not in codes


def test_the_generator_picks_what_weighs_most_and_open_lessons_alone() -> None:
    author = make_organisation().created_by
    open_one = published_lesson(author, tlp="clear")
    published_lesson(author, tlp="amber")
    published_lesson(author, tlp="clear", sectors=["stadia"])
    pack = draft_pack()
    assert pack.lessons == [str(open_one.pk)]
    # Mandatory before advisory; PHY-03 is asked at the enhanced tier alone.
    assert pack.criteria == ["GOV-01", "GOV-02", "GOV-03", "PHY-01", "PHY-02"]
    assert "PHY-03" in draft_pack(tier="enhanced").criteria


@pytest.mark.parametrize("role", ["adviser", "industry", "member", "auditor", "lead of another"])
def test_who_may_not_write_guidance(role: str) -> None:
    lead = make.police_lead()
    member = make.insider()
    make.industry_lead(lead, member)
    person = {
        "adviser": make.police_member,
        "industry": lambda: member,
        "member": make.insider,
        "auditor": make_auditor,
        "lead of another": lambda: make.police_lead(sector="stadia"),
    }[role]()
    with pytest.raises(NotPermitted):
        draft_pack(person)
    pack = draft_pack(lead)
    with pytest.raises(NotPermitted):
        guidance.publish(actor=person, pack_id=pack.pk)


def test_what_is_published_is_frozen_with_its_hash() -> None:
    lesson = published_lesson(make_organisation().created_by, tlp="green")
    pack = published_pack(make.police_lead())
    assert (pack.state, len(pack.content_hash)) == ("published", 64)
    assert pack.snapshot["lessons"][0]["title"] == lesson.title
    assert AuditEvent.objects.get(action="guidance.published").facts["sha256"] == pack.content_hash
    # The lesson is withdrawn afterwards: what was published still shows what it showed.
    lessons.withdraw(actor=make_administrator(), lesson_id=lesson.pk, reason="It was wrong.")
    assert selectors.content(pack)["lessons"][0]["title"] == lesson.title
    for change in ({"title": "Other"}, {"snapshot": {}}, {"tlp": "clear"}, {"state": "draft"}, {"actions": []}):
        with pytest.raises(DatabaseError), transaction.atomic():
            GuidancePack.objects.filter(pk=pack.pk).update(**change)


def test_the_marking_is_as_narrow_as_its_narrowest_lesson() -> None:
    lesson = published_lesson(make_organisation().created_by, tlp="amber")
    lead = make.police_lead()
    pack = draft_pack(lead)
    for marking in ("green", "clear"):
        with pytest.raises(InvalidInput) as caught:
            guidance.change(actor=lead, pack_id=pack.pk, given=_given(pack, lessons=[str(lesson.pk)], tlp=marking))
        assert (caught.value.field, "TLP:AMBER" in caught.value.message) == ("tlp", True)
    done = guidance.change(actor=lead, pack_id=pack.pk, given=_given(pack, lessons=[str(lesson.pk)], tlp="amber"))
    assert guidance.publish(actor=lead, pack_id=done.pk).snapshot["marking"] == "TLP:AMBER"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"actions": ["Act"] * 16}, "actions"),
        ({"actions": ["A" * 401]}, "actions"),
        ({"criteria": ["PHY-03"]}, "criteria"),
        ({"lessons": ["nothing"]}, "lessons"),
        ({"tlp": "red"}, "tlp"),
        ({"tlp": "amber_strict"}, "tlp"),
    ],
)
def test_what_is_written_is_looked_at(changes: dict[str, object], field: str) -> None:
    editor = make_administrator()
    pack = draft_pack(editor)
    with pytest.raises(InvalidInput) as caught:
        guidance.change(actor=editor, pack_id=pack.pk, given=_given(pack, **changes))
    assert caught.value.field == field


def test_half_a_pack_is_not_published() -> None:
    editor = make_administrator()
    pack = draft_pack(editor)
    guidance.change(actor=editor, pack_id=pack.pk, given=_given(pack, introduction="", actions=[], criteria=[]))
    with pytest.raises(Incomplete) as caught:
        guidance.publish(actor=editor, pack_id=pack.pk)
    assert len(caught.value.missing) == 3


def _in_state(state: str, editor: User) -> GuidancePack:
    pack = draft_pack(editor)
    if state == rules.DISCARDED:
        return guidance.discard(actor=editor, pack_id=pack.pk)
    if state == rules.DRAFT:
        return pack
    guidance.publish(actor=editor, pack_id=pack.pk)
    if state == rules.WITHDRAWN:
        guidance.withdraw(actor=editor, pack_id=pack.pk, reason="Out of date.")
    if state == rules.SUPERSEDED:
        again = guidance.revise(actor=editor, pack_id=pack.pk)
        assert again.number == 2
        with pytest.raises(Conflict):
            guidance.revise(actor=editor, pack_id=pack.pk)
        guidance.publish(actor=editor, pack_id=again.pk)
    return pack


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("action", ["publish", "discard", "withdraw"])
def test_the_whole_grid(state: str, action: str) -> None:
    """`supersede` is no act of anybody: the next version's publication does it."""
    editor = make_administrator()
    pack = _in_state(state, editor)
    pack.refresh_from_db()
    assert pack.state == state
    acts = {
        "publish": lambda: guidance.publish(actor=editor, pack_id=pack.pk),
        "discard": lambda: guidance.discard(actor=editor, pack_id=pack.pk),
        "withdraw": lambda: guidance.withdraw(actor=editor, pack_id=pack.pk, reason="Out of date."),
    }
    after = rules.after(state, action)
    if after is None:
        with pytest.raises(IllegalMove):
            acts[action]()
    else:
        acts[action]()
    assert GuidancePack.objects.get(pk=pack.pk).state == (after or state)


def test_a_new_version_takes_the_lessons_that_stand_now() -> None:
    author, editor = make_organisation().created_by, make_administrator()
    kept, gone = published_lesson(author), published_lesson(author)
    pack = draft_pack(editor)
    assert set(pack.lessons) == {str(kept.pk), str(gone.pk)}
    guidance.publish(actor=editor, pack_id=pack.pk)
    lessons.withdraw(actor=editor, lesson_id=gone.pk, reason="It was wrong.")
    newer = lessons.revise(actor=author, lesson_id=kept.pk)
    lessons.submit(actor=author, lesson_id=newer.pk)
    lessons.publish(actor=editor, lesson_id=newer.pk)
    assert guidance.revise(actor=editor, pack_id=pack.pk).lessons == [str(newer.pk)]


TABLE = {
    #            amber green clear draft
    "nobody": (False, False, True, False),
    "newcomer": (False, False, True, False),
    "outside": (False, True, True, False),
    "member": (True, True, True, False),
    "officer": (True, True, True, False),
    "lead": (True, True, True, True),
    "administrator": (True, True, True, True),
    "auditor": (True, True, True, True),
}


def test_who_reads_which_pack() -> None:
    lead = make.police_lead()
    packs = [published_pack(lead, marking=marking) for marking in rules.MARKINGS] + [draft_pack(lead)]
    people: dict[str, Viewer] = {
        "nobody": AnonymousUser(),
        "newcomer": make_user(),
        "outside": make_organisation().created_by,
        "member": make.insider(),
        "officer": make_officer("adviser", area="kent"),
        "lead": lead,
        "administrator": make_administrator(),
        "auditor": make_auditor(),
    }
    wrong = {}
    for role, user in people.items():
        seen = set(GuidancePack.objects.visible_to(user).values_list("pk", flat=True))
        by_query = tuple(pack.pk in seen for pack in packs)
        by_policy = tuple(bool(policies.can_view(user, pack)) for pack in packs)
        if not by_query == by_policy == TABLE[role]:
            wrong[role] = (by_query, by_policy)
    assert wrong == {}


# Paper ----------------------------------------------------------------------------------------------------------------------


def test_the_pdf_says_its_marking_on_every_page(run_outbox: Callable[[], int]) -> None:
    national_standard()
    author = make_organisation().created_by
    for number in range(5):
        published_lesson(author, title=f"Lesson {number}", done="What was done. " * 60, tlp="clear")
    pack = published_pack(marking="green")
    with pytest.raises(IllegalMove):
        guidance.download(pack=pack)
    run_outbox()
    pack.refresh_from_db()
    made = guidance.download(pack=pack)
    assert made.name == "guidance-commercial-standard-v1.pdf"
    pages = PdfReader(io.BytesIO(made.content)).pages
    texts = [page.extract_text() for page in pages]
    assert len(texts) > 2
    assert [text.count("TLP:GREEN") >= 2 for text in texts] == [True] * len(texts)
    assert pack.title in texts[0]
    whole = " ".join(" ".join(texts).split())
    assert all(item["question"] in whole for item in pack.snapshot["criteria"])
    assert "no proof of compliance" in whole
    assert AuditEvent.objects.filter(action="guidance.rendered").count() == 1
    guidance.render({"pack": str(pack.pk)})
    assert AuditEvent.objects.filter(action="guidance.rendered").count() == 1


def test_without_the_library_the_job_waits(monkeypatch: pytest.MonkeyPatch, run_outbox: Callable[[], int]) -> None:
    pack = published_pack()

    def away(_: object) -> bytes:
        raise pdf.Unavailable

    monkeypatch.setattr(pdf, "render", away)
    run_outbox()
    job = OutboxJob.objects.get(kind="guidance.render")
    assert (job.done_at, job.failed_at, job.last_error) == (None, None, "TryLater")
    pack.refresh_from_db()
    assert pack.pdf_name == ""
