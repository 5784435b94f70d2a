"""Recording the level: two administrators, history one way, and a response where the response level moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from advisories.models import ThreatChange, ThreatResponse
from advisories.policies import threat as policies
from advisories.selectors import threat as selectors
from advisories.services import threat as services
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import accounts as people
from tests.factories import threat as given

pytestmark = pytest.mark.django_db


def test_what_is_proposed_is_said_nowhere_before_another_confirms_it(national_admin: User, second_admin: User) -> None:
    made = given.propose("severe", by=national_admin)
    assert selectors.picture() == selectors.Picture()

    services.confirm(actor=second_admin, change_id=made.pk)

    [standing] = selectors.picture().standings
    assert (standing.scope, standing.level, standing.since) == ("uk", "severe", made.effective_at)
    assert list(AuditEvent.objects.filter(chain__key="threat").values_list("action", "actor_id")) == [
        ("threat.proposed", national_admin.pk),
        ("threat.confirmed", second_admin.pk),
    ]


def test_nobody_confirms_what_they_proposed(national_admin: User, second_admin: User) -> None:
    made = given.propose("severe", by=national_admin)
    with pytest.raises(NotPermitted, match="another national administrator"):
        services.confirm(actor=national_admin, change_id=made.pk)
    assert ThreatChange.objects.get().is_open


def test_the_database_refuses_one_person_in_both_roles(national_admin: User) -> None:
    made = given.propose("severe", by=national_admin)
    with pytest.raises(IntegrityError, match="advisories_threat_change_two_people"), transaction.atomic():
        ThreatChange.objects.filter(pk=made.pk).update(confirmed_by=national_admin, confirmed_at=timezone.now())


@pytest.mark.parametrize("role", ["organiser", "adviser", "authoriser", "auditor"])
def test_others_neither_propose_nor_confirm_nor_drop(
    role: str, national_admin: User, request: pytest.FixtureRequest
) -> None:
    made = given.propose("severe", by=national_admin)
    person = request.getfixturevalue(role)
    acts: list[Callable[[], object]] = [
        lambda: services.propose(actor=person, change=given.change_input("low", scope="ni")),
        lambda: services.confirm(actor=person, change_id=made.pk),
        lambda: services.drop(actor=person, change_id=made.pk),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert list(ThreatChange.objects.values_list("pk", "confirmed_at", "dropped_at")) == [(made.pk, None, None)]


def test_a_role_that_was_taken_away_a_moment_ago_is_gone(national_admin: User, second_admin: User) -> None:
    made = given.propose("severe", by=national_admin)
    assert second_admin.national_role == "administrator"
    User.objects.filter(pk=second_admin.pk).update(national_role="")
    fresh = User.objects.get(pk=second_admin.pk)
    with pytest.raises(NotPermitted):
        services.confirm(actor=fresh, change_id=made.pk)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scope": "mars"}, "scope"),
        ({"level": "amber"}, "level"),
        ({"source": "  "}, "source"),
        ({"source": "x" * 201}, "source"),
        ({"reason": " \n"}, "reason"),
        ({"reason": "x" * 4001}, "reason"),
        ({"effective_at": timedelta(days=7, minutes=1)}, "effective_at"),
    ],
)
def test_what_cannot_be_taken(national_admin: User, change: dict[str, object], field: str) -> None:
    said = {"scope": "uk", "level": "low", "source": "S", "reason": "R", "effective_at": timedelta(0), **change}
    moment = said.pop("effective_at")
    assert isinstance(moment, timedelta)
    with pytest.raises(InvalidInput) as error:
        services.propose(
            actor=national_admin,
            change=services.ChangeInput(**said, effective_at=timezone.now() + moment),  # type: ignore[arg-type]
        )
    assert (error.value.field, ThreatChange.objects.count()) == (field, 0)


def test_the_level_that_holds_is_no_change(national_admin: User) -> None:
    given.record("severe")
    with pytest.raises(InvalidInput) as error:
        given.propose("severe", by=national_admin)
    assert error.value.field == "level"


def test_history_runs_one_way(national_admin: User) -> None:
    current = given.record("severe")
    with pytest.raises(InvalidInput) as error:
        given.propose("low", by=national_admin, effective_at=current.effective_at)
    assert error.value.field == "effective_at"


def test_one_proposal_waits_for_each_scope(national_admin: User, second_admin: User) -> None:
    given.propose("severe", by=national_admin)
    with pytest.raises(Conflict):
        given.propose("low", by=second_admin)
    given.propose("low", scope="ni", by=second_admin)
    assert ThreatChange.objects.count() == 2


def test_what_lies_ahead_is_confirmed_when_its_time_has_come(national_admin: User, second_admin: User) -> None:
    at = timezone.now() + timedelta(hours=3)
    made = given.propose("critical", by=national_admin, effective_at=at)
    with pytest.raises(IllegalMove, match="Confirm it then"):
        services.confirm(actor=second_admin, change_id=made.pk)
    with time_machine.travel(at, tick=False):
        services.confirm(actor=second_admin, change_id=made.pk)
    assert selectors.picture().levels == {"uk": "critical"}


@pytest.mark.parametrize("first", ["confirm", "drop"])
@pytest.mark.parametrize("then", ["confirm", "drop"])
def test_a_proposal_is_answered_once(national_admin: User, second_admin: User, first: str, then: str) -> None:
    third = people.make_administrator()
    made = given.propose("severe", by=national_admin)
    getattr(services, first)(actor=second_admin, change_id=made.pk)
    before = ThreatChange.objects.values().get()
    with pytest.raises(Conflict, match=second_admin.name):
        getattr(services, then)(actor=third, change_id=made.pk)
    assert ThreatChange.objects.values().get() == before


def test_its_proposer_may_drop_it_and_nothing_has_changed(national_admin: User) -> None:
    made = given.propose("severe", by=national_admin)
    services.drop(actor=national_admin, change_id=made.pk)
    assert selectors.picture() == selectors.Picture()
    assert not ThreatResponse.objects.exists()


@pytest.mark.parametrize("answer", ["confirm", "drop", None])
def test_the_database_keeps_the_words_and_the_answer(
    national_admin: User, second_admin: User, answer: str | None
) -> None:
    made = given.propose("severe", by=national_admin)
    if answer:
        getattr(services, answer)(actor=second_admin, change_id=made.pk)
    row = ThreatChange.objects.filter(pk=made.pk)
    changes: list[dict[str, object]] = [
        {"level": "low"},
        {"previous_level": "low"},
        {"scope": "ni"},
        {"source": "Another"},
        {"reason": "Another"},
        {"proposed_by": second_admin},
        {"effective_at": timezone.now() - timedelta(days=1)},
    ]
    if answer:
        changes += [{"confirmed_at": None, "confirmed_by": None}, {"dropped_at": None, "dropped_by": None}]
    for values in changes:
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            row.update(**values)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        row.delete()


def test_the_others_are_told_that_something_waits_and_not_what(national_admin: User, second_admin: User) -> None:
    given.propose("critical", by=national_admin)
    [mail] = OutgoingMail.objects.filter(kind="threat.proposed")
    assert mail.recipient == second_admin
    assert "CRITICAL" not in (mail.subject + mail.body).upper()


@pytest.mark.parametrize(
    ("levels", "moved"),
    [
        # scope, level …; then the zones that respond to the last of them, with their new response level
        ([("uk", "severe")], {}),
        ([("uk", "moderate"), ("uk", "low")], {}),
        ([("uk", "moderate"), ("uk", "substantial")], {"gb": "heightened", "ni": "heightened"}),
        ([("uk", "substantial"), ("uk", "severe")], {}),
        ([("uk", "severe"), ("uk", "critical")], {"gb": "exceptional", "ni": "exceptional"}),
        ([("uk", "critical"), ("uk", "low")], {"gb": "normal", "ni": "normal"}),
        ([("uk", "severe"), ("ni", "severe")], {}),
        ([("uk", "moderate"), ("ni", "severe")], {"ni": "heightened"}),
        ([("uk", "severe"), ("ni", "critical")], {"ni": "exceptional"}),
        ([("uk", "moderate"), ("ni", "critical"), ("uk", "critical")], {"gb": "exceptional"}),
        ([("uk", "critical"), ("ni", "severe"), ("uk", "low")], {"gb": "normal", "ni": "heightened"}),
        ([("ni", "severe"), ("uk", "critical")], {"ni": "exceptional"}),
    ],
)
def test_a_response_begins_where_the_response_level_moves(
    national_admin: User, second_admin: User, levels: list[tuple[str, str]], moved: dict[str, str]
) -> None:
    start = timezone.now() - timedelta(days=10)
    changes = [
        given.record(level, scope=scope, effective_at=start + timedelta(days=number))
        for number, (scope, level) in enumerate(levels)
    ]
    begun = ThreatResponse.objects.filter(change=changes[-1])
    assert dict(begun.values_list("zone", "response")) == moved
    jobs = OutboxJob.objects.filter(kind="threat.address").values_list("payload", flat=True)
    assert {str(one.pk) for one in begun} <= {payload["response"] for payload in jobs}


def test_a_newer_change_ends_what_ran_before(national_admin: User, second_admin: User) -> None:
    first = given.respond("substantial")
    change = given.record("critical")
    first.refresh_from_db()
    assert (first.ended_at, first.superseded_by) == (change.confirmed_at, change)
    [running] = [one for one in selectors.picture().running if one.zone == "gb"]
    assert running.response == "exceptional"


@pytest.mark.parametrize(("level", "hours"), [("substantial", 24), ("critical", 4)])
def test_holders_have_a_set_time(national_admin: User, second_admin: User, level: str, hours: int) -> None:
    response = given.respond(level)
    assert response.due_at - response.started_at == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (None, False),
        ("organiser", False),
        ("adviser", False),
        ("authoriser", False),
        ("national_admin", True),
        ("auditor", True),
    ],
)
def test_who_sees_a_proposal(role: str | None, sees: bool, request: pytest.FixtureRequest) -> None:
    given.record("low")
    waiting = given.propose("critical", by=given.administrators()[0])
    person = request.getfixturevalue(role) if role else AnonymousUser()
    visible = ThreatChange.objects.visible_to(person)
    assert visible.filter(pk=waiting.pk).exists() is sees
    for change in ThreatChange.objects.all():
        assert bool(policies.can_view_change(person, change)) is visible.filter(pk=change.pk).exists()
