"""More time: asked and answered, or given; waiting for what is overdue; every change leaves its row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from certification.domain import conditions as rules
from certification.models import CertificateCondition, ConditionExtension
from certification.services import conditions, discharges
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import conditions as make

pytestmark = pytest.mark.django_db
WRITERS = {"owner", "colleague"}
OFFICERS = {"adviser", "second_adviser"}
ROLES = ["owner", "colleague", "viewer", "stranger", "adviser", "second_adviser", "other_area_adviser", "authoriser"]
ROLES += ["national_admin", "auditor"]


def later(condition: CertificateCondition, days: int = 30) -> date:
    return condition.due_on + timedelta(days=days)


def test_asked_and_granted_the_date_moves_and_the_old_one_is_kept(
    condition: CertificateCondition, organiser: User, adviser: User
) -> None:
    first = condition.due_on
    wish = make.asked(condition, organiser)
    condition.refresh_from_db()
    assert condition.due_on == first
    conditions.grant(actor=adviser, extension_id=wish.pk)
    condition.refresh_from_db()
    wish.refresh_from_db()
    assert (condition.due_on, wish.due_before, wish.until, wish.state) == (wish.until, first, wish.until, "granted")
    assert (wish.asked_by, wish.decided_by) == (organiser, adviser)
    assert condition.due_set_at is not None


def test_refused_the_date_stays(condition: CertificateCondition, organiser: User, adviser: User) -> None:
    first, wish = condition.due_on, make.asked(condition, organiser)
    with pytest.raises(InvalidInput):
        conditions.refuse(actor=adviser, extension_id=wish.pk, answer=" ")
    conditions.refuse(actor=adviser, extension_id=wish.pk, answer="It is a small thing.")
    condition.refresh_from_db()
    wish.refresh_from_db()
    assert (condition.due_on, wish.state, wish.answer) == (first, "refused", "It is a small thing.")
    assert make.asked(condition, organiser).state == "asked"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", ["ask", "grant", "refuse", "extend", "wait"])
def test_who_may(condition: CertificateCondition, request: pytest.FixtureRequest, role: str, deed: str) -> None:
    """The authoriser signed this certificate."""
    user = request.getfixturevalue(role)
    owner = request.getfixturevalue("owner")
    wish = make.asked(condition, owner) if deed in {"grant", "refuse"} else None
    if deed == "wait":
        make.overdue(condition)
    pk, until = condition.pk, later(condition)
    acts: dict[str, Callable[[], object]] = {
        "ask": lambda: conditions.ask(actor=user, condition_id=pk, until=until, reason="x"),
        "grant": lambda: conditions.grant(actor=user, extension_id=wish.pk if wish else 0),
        "refuse": lambda: conditions.refuse(actor=user, extension_id=wish.pk if wish else 0, answer="x"),
        "extend": lambda: conditions.extend(actor=user, condition_id=pk, until=until, reason="x"),
        "wait": lambda: conditions.wait(actor=user, condition_id=pk, until=until, reason="x"),
    }
    if role in (WRITERS if deed == "ask" else OFFICERS):
        acts[deed]()
        return
    before = list(ConditionExtension.objects.values())
    with pytest.raises(NotPermitted):
        acts[deed]()
    assert list(ConditionExtension.objects.values()) == before


@pytest.mark.parametrize("state", rules.EXTENSION_STATES)
@pytest.mark.parametrize("deed", ["grant", "refuse"])
def test_each_answer_in_each_state(
    condition: CertificateCondition, organiser: User, adviser: User, state: str, deed: str
) -> None:
    wish = make.asked(condition, organiser)
    if state != "asked":
        decided = {"decided_by": adviser, "decided_at": timezone.now()} if state != "lapsed" else {}
        ConditionExtension.objects.filter(pk=wish.pk).update(state=state, **decided)
    say = {"answer": "x"} if deed == "refuse" else {}
    after, due = rules.extension_after(state, deed), condition.due_on
    if after is None:
        with pytest.raises(IllegalMove):
            getattr(conditions, deed)(actor=adviser, extension_id=wish.pk, **say)
    else:
        getattr(conditions, deed)(actor=adviser, extension_id=wish.pk, **say)
    wish.refresh_from_db()
    condition.refresh_from_db()
    assert wish.state == (after or state)
    assert condition.due_on == (wish.until if after == "granted" else due)


def test_one_wish_at_a_time(condition: CertificateCondition, organiser: User, colleague: User) -> None:
    wish = make.asked(condition, organiser)
    with pytest.raises(Conflict) as caught:
        make.asked(condition, colleague)
    assert caught.value.current == wish


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_date_that_is_not_sound_is_refused(
    condition: CertificateCondition, organiser: User, adviser: User, days: int
) -> None:
    for act, actor in ((conditions.ask, organiser), (conditions.extend, adviser)):
        with pytest.raises(InvalidInput):
            act(actor=actor, condition_id=condition.pk, until=later(condition, days), reason="x")
    assert not ConditionExtension.objects.exists()


def test_a_wish_for_a_day_that_has_passed_meanwhile_cannot_be_granted(
    condition: CertificateCondition, organiser: User, adviser: User
) -> None:
    wish = make.asked(condition, organiser)
    yesterday = timezone.localdate() - timedelta(days=1)
    ConditionExtension.objects.filter(pk=wish.pk).update(until=yesterday)
    with pytest.raises(InvalidInput):
        conditions.grant(actor=adviser, extension_id=wish.pk)


def test_an_officer_s_own_date_answers_the_wish(
    condition: CertificateCondition, organiser: User, adviser: User
) -> None:
    wish = make.asked(condition, organiser)
    given = conditions.extend(actor=adviser, condition_id=condition.pk, until=later(condition, 9), reason="Nine days.")
    wish.refresh_from_db()
    condition.refresh_from_db()
    assert (wish.state, given.state, given.asked_by, condition.due_on) == ("lapsed", "granted", None, given.until)


def test_waiting_is_for_what_is_overdue_and_leaves_the_date(condition: CertificateCondition, adviser: User) -> None:
    until = timezone.localdate() + timedelta(days=10)
    with pytest.raises(IllegalMove):
        conditions.wait(actor=adviser, condition_id=condition.pk, until=until, reason="x")
    make.overdue(condition)
    due = condition.due_on
    conditions.wait(actor=adviser, condition_id=condition.pk, until=until, reason="The part is on its way.")
    condition.refresh_from_db()
    assert (condition.due_on, condition.waiting_until) == (due, until)
    conditions.extend(actor=adviser, condition_id=condition.pk, until=until, reason="Then.")
    condition.refresh_from_db()
    assert (condition.due_on, condition.waiting_until) == (until, None)
    make.overdue(condition)
    too_long = timezone.localdate() + timedelta(days=93)
    with pytest.raises(InvalidInput):
        conditions.wait(actor=adviser, condition_id=condition.pk, until=too_long, reason="x")


def test_a_condition_that_is_met_lets_its_wish_lapse(
    condition: CertificateCondition, organiser: User, adviser: User
) -> None:
    wish, sent = make.asked(condition, organiser), make.submitted(condition, organiser)
    discharges.accept(actor=adviser, discharge_id=sent.pk)
    wish.refresh_from_db()
    assert wish.state == "lapsed"
    with pytest.raises(IllegalMove):
        conditions.grant(actor=adviser, extension_id=wish.pk)


def test_the_database_itself_wants_two_people(condition: CertificateCondition, organiser: User) -> None:
    wish = make.asked(condition, organiser)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConditionExtension.objects.filter(pk=wish.pk).update(
            state="granted", decided_by=organiser, decided_at=timezone.now()
        )


def test_mail_and_trail_say_nothing_of_reasons(
    condition: CertificateCondition, organiser: User, colleague: User, adviser: User
) -> None:
    wish = make.asked(condition, organiser)
    conditions.refuse(actor=adviser, extension_id=wish.pk, answer="SECRET-ANSWER")
    found = OutgoingMail.objects.filter(kind__startswith="condition.")
    assert sorted(found.values_list("kind", "to")) == sorted(
        [
            ("condition.date_decided", colleague.email),
            ("condition.date_decided", organiser.email),
            ("condition.more_time_asked", adviser.email),
        ]
    )
    assert not [mail for mail in found if "SECRET" in mail.subject + mail.body]
    events = AuditEvent.objects.filter(action__startswith="condition.")
    assert [event.action for event in events.order_by("pk")] == [
        "condition.extension_asked",
        "condition.extension_refused",
    ]
    assert not [event for event in events if "SECRET" in str(event.facts)]
