"""The small review: the holder shows that a condition is met, another officer than the signer answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Membership, User
from accounts.services import appointments
from certification.domain import conditions as rules
from certification.models import Certificate, CertificateCondition, ConditionDischarge, Evidence
from certification.selectors import cases, verification
from certification.services import conditions, discharges, evidence
from core.errors import IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.core.uploads.files import EICAR
from tests.factories import accounts as people
from tests.factories import certificates as certificate_make
from tests.factories import conditions as make

pytestmark = pytest.mark.django_db
LATER = {"owner", "colleague"}
OFFICERS = {"adviser", "second_adviser"}
ROLES = (
    "owner",
    "colleague",
    "viewer",
    "stranger",
    "adviser",
    "second_adviser",
    "other_area_adviser",
    "authoriser",
    "national_admin",
    "auditor",
)


def status(certificate: Certificate) -> str:
    now = timezone.now()
    return verification.check(certificate.token, today=timezone.localdate(), now=now).status


def mails(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def put(condition: CertificateCondition, state: str, by: User, officer: User) -> ConditionDischarge:
    """A row of that state by hand."""
    now = timezone.now()
    sent = {"submitted_by": by, "submitted_at": now} if state not in {"draft", "withdrawn"} else {}
    decided = {"decided_by": officer, "decided_at": now} if state in rules.DISCHARGE_DECIDED else {}
    return ConditionDischarge.objects.create(
        condition=condition, state=state, begun_by=by, begun_at=now, note="n", reason="r", **sent, **decided
    )


def test_accepted_the_check_says_in_force(
    certificate: Certificate, condition: CertificateCondition, organiser: User, second_adviser: User
) -> None:
    assert status(certificate) == "in_force_with_conditions"
    sent = make.submitted(condition, organiser)
    assert status(certificate) == "in_force_with_conditions"
    discharges.accept(actor=second_adviser, discharge_id=sent.pk)
    sent.refresh_from_db()
    condition.refresh_from_db()
    assert (sent.state, sent.decided_by, condition.discharged_at) == ("accepted", second_adviser, sent.decided_at)
    assert status(certificate) == "in_force"


def test_with_two_conditions_the_last_one_counts(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User
) -> None:
    make.add(certificate, "PHY-01", condition.due_on)
    discharges.accept(actor=adviser, discharge_id=make.submitted(condition, organiser).pk)
    assert status(certificate) == "in_force_with_conditions"
    body = OutgoingMail.objects.get(kind="condition.accepted").body
    assert "1 condition is still outstanding." in body


def test_sent_back_with_a_reason_and_sent_in_again(
    condition: CertificateCondition, organiser: User, adviser: User, second_adviser: User
) -> None:
    first = make.submitted(condition, organiser)
    with pytest.raises(InvalidInput):
        discharges.send_back(actor=adviser, discharge_id=first.pk, reason=" ")
    discharges.send_back(actor=adviser, discharge_id=first.pk, reason="SECRET-MISSING photographs")
    condition.refresh_from_db()
    assert condition.discharged_at is None
    second = make.submitted(condition, organiser, note="With photographs.")
    assert second.pk != first.pk
    discharges.accept(actor=second_adviser, discharge_id=second.pk)
    assert list(condition.discharges.values_list("state", flat=True)) == ["accepted", "sent_back"]


@pytest.mark.parametrize("role", ROLES)
def test_who_may_send_in(condition: CertificateCondition, request: pytest.FixtureRequest, role: str) -> None:
    user = request.getfixturevalue(role)
    if role in LATER:
        assert make.submitted(condition, user).state == "submitted"
        return
    with pytest.raises(NotPermitted):
        make.submitted(condition, user)
    with pytest.raises(NotPermitted):
        discharges.attach(actor=user, condition_id=condition.pk, upload=make.a_file(), name="a.txt")
    assert not ConditionDischarge.objects.exists()
    assert not Evidence.objects.filter(discharge__isnull=False).exists()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("deed", ["accept", "send_back"])
def test_who_may_answer(
    condition: CertificateCondition, organiser: User, request: pytest.FixtureRequest, role: str, deed: str
) -> None:
    """The authoriser signed this certificate."""
    user, sent = request.getfixturevalue(role), make.submitted(condition, organiser)
    say = {"reason": "More."} if deed == "send_back" else {}
    act: Callable[[], object] = lambda: getattr(discharges, deed)(actor=user, discharge_id=sent.pk, **say)  # noqa: E731
    if role in OFFICERS:
        act()
        return
    with pytest.raises(NotPermitted):
        act()
    sent.refresh_from_db()
    condition.refresh_from_db()
    assert (sent.state, condition.discharged_at) == ("submitted", None)


def test_an_officer_who_belongs_to_the_holder_takes_no_part(
    condition: CertificateCondition, organiser: User, adviser: User
) -> None:
    sent = make.submitted(condition, organiser)
    Membership.objects.create(
        organisation_id=condition.certificate.organisation_id, user=adviser, role="viewer", joined_at=timezone.now()
    )
    with pytest.raises(NotPermitted):
        discharges.accept(actor=adviser, discharge_id=sent.pk)


def test_who_sent_it_in_does_not_decide_it_even_when_an_officer_by_then(
    condition: CertificateCondition, colleague: User
) -> None:
    sent = make.submitted(condition, colleague)
    Membership.objects.filter(user=colleague).delete()
    appointments.appoint(actor=None, user_id=colleague.pk, area_code=people.AREA, role="adviser")
    with pytest.raises(NotPermitted, match="You sent this in"):
        discharges.accept(actor=colleague, discharge_id=sent.pk)
    with pytest.raises(IntegrityError, match="certification_discharge_two_people"), transaction.atomic():
        ConditionDischarge.objects.filter(pk=sent.pk).update(
            state="accepted", decided_by=colleague, decided_at=timezone.now()
        )


@pytest.mark.parametrize("state", rules.DISCHARGE_STATES)
@pytest.mark.parametrize("deed", ["accept", "send_back", "withdraw"])
def test_each_deed_in_each_state(
    condition: CertificateCondition, organiser: User, adviser: User, state: str, deed: str
) -> None:
    row = put(condition, state, organiser, adviser)
    actor = organiser if deed == "withdraw" else adviser
    say = {"reason": "More."} if deed == "send_back" else {}
    after = rules.discharge_after(state, deed)
    audits = AuditEvent.objects.count()
    if after is not None:
        getattr(discharges, deed)(actor=actor, discharge_id=row.pk, **say)
        row.refresh_from_db()
        assert row.state == after
        return
    with pytest.raises(IllegalMove):
        getattr(discharges, deed)(actor=actor, discharge_id=row.pk, **say)
    row.refresh_from_db()
    condition.refresh_from_db()
    assert (row.state, condition.discharged_at, AuditEvent.objects.count()) == (state, None, audits)


def test_one_is_with_the_police_at_a_time(condition: CertificateCondition, organiser: User, colleague: User) -> None:
    sent = make.submitted(condition, organiser)
    with pytest.raises(IllegalMove):
        make.submitted(condition, colleague)
    with pytest.raises(IllegalMove):
        discharges.attach(actor=colleague, condition_id=condition.pk, upload=make.a_file(), name="late.txt")
    discharges.withdraw(actor=colleague, discharge_id=sent.pk)
    assert make.submitted(condition, colleague).state == "submitted"
    with pytest.raises(IntegrityError), transaction.atomic():
        put(condition, "draft", organiser, colleague)


@pytest.mark.parametrize("state", ["expired", "revoked", "superseded", "surrendered"])
def test_of_a_certificate_that_has_ended_nothing_is_asked(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, state: str
) -> None:
    sent = make.submitted(condition, organiser)
    certificate_make.put_in(state, certificate)
    for act in (
        lambda: discharges.accept(actor=adviser, discharge_id=sent.pk),
        lambda: discharges.send_back(actor=adviser, discharge_id=sent.pk, reason="x"),
        lambda: conditions.assign(actor=organiser, condition_id=condition.pk, owner_id=organiser.pk),
        lambda: make.asked(condition, organiser),
    ):
        with pytest.raises(IllegalMove):
            act()
    condition.refresh_from_db()
    assert (condition.discharged_at, condition.owner) == (None, None)


def test_past_its_last_day_it_has_ended_before_the_sweep_comes(
    certificate: Certificate, condition: CertificateCondition, organiser: User
) -> None:
    certificate_make.running_until(certificate, timezone.localdate() - timedelta(days=1))
    with pytest.raises(IllegalMove):
        make.submitted(condition, organiser)


def test_a_suspended_certificate_s_conditions_can_be_met(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User
) -> None:
    certificate_make.put_in("suspended", certificate)
    discharges.accept(actor=adviser, discharge_id=make.submitted(condition, organiser).pk)
    assert status(certificate) == "suspended"


def test_files_are_scanned_before_they_go_and_are_no_answers_of_the_plan(
    certificate: Certificate,
    condition: CertificateCondition,
    organiser: User,
    adviser: User,
    run_outbox: Callable[[], int],
    settings: Settings,
) -> None:
    settings.DEMO = True
    before = cases.load(certificate.plan).evidence
    file = discharges.attach(actor=organiser, condition_id=condition.pk, upload=make.a_file(), name="invoice.txt")
    with pytest.raises(InvalidInput, match="still being scanned"):
        make.submitted(condition, organiser)
    with pytest.raises(NotPermitted):
        discharges.open_file(actor=organiser, evidence_id=file.pk)
    run_outbox()
    with pytest.raises(NotPermitted):
        discharges.open_file(actor=adviser, evidence_id=file.pk)
    sent = make.submitted(condition, organiser)
    assert list(sent.evidence.values_list("scan", flat=True)) == ["clean"]
    opened = discharges.open_file(actor=adviser, evidence_id=file.pk)
    assert b"".join(opened.chunks) == b"Invoice of the locksmith."
    with pytest.raises(IllegalMove):
        discharges.remove_file(actor=organiser, evidence_id=file.pk)
    assert cases.load(certificate.plan).evidence == before


def test_a_refused_file_stops_the_sending_and_names_the_condition(
    condition: CertificateCondition, organiser: User, settings: Settings
) -> None:
    settings.DEMO = True
    file = discharges.attach(actor=organiser, condition_id=condition.pk, upload=make.a_file(EICAR), name="bad.txt")
    evidence.scan({"evidence": str(file.pk)})
    mail = OutgoingMail.objects.get(kind="evidence.refused")
    assert f"/conditions/{condition.pk}/" in mail.body
    with pytest.raises(InvalidInput, match="refused by the scanner"):
        make.submitted(condition, organiser)
    discharges.remove_file(actor=organiser, evidence_id=file.pk)
    assert make.submitted(condition, organiser).state == "submitted"


def test_the_same_file_twice_and_an_eleventh_are_refused(
    condition: CertificateCondition, organiser: User, colleague: User
) -> None:
    for number in range(10):
        content = make.a_file(f"File {number}".encode())
        discharges.attach(actor=organiser, condition_id=condition.pk, upload=content, name=f"{number}.txt")
    for content in (b"File 3", b"File 11"):
        with pytest.raises(InvalidInput):
            discharges.attach(actor=colleague, condition_id=condition.pk, upload=make.a_file(content), name="x.txt")
    assert Evidence.objects.filter(discharge__condition=condition).count() == 10


def test_mail_goes_to_those_concerned_and_says_nothing_of_it(
    condition: CertificateCondition,
    organiser: User,
    colleague: User,
    viewer: User,
    adviser: User,
    second_adviser: User,
    other_area_adviser: User,
) -> None:
    conditions.assign(actor=organiser, condition_id=condition.pk, owner_id=viewer.pk)
    assert mails("condition.assigned") == [viewer.email]
    first = make.submitted(condition, colleague)
    assert mails("condition.submitted") == sorted([adviser.email, second_adviser.email])
    discharges.send_back(actor=adviser, discharge_id=first.pk, reason="SECRET-MISSING")
    concerned = sorted([organiser.email, colleague.email, viewer.email])
    assert mails("condition.sent_back") == concerned
    discharges.accept(actor=adviser, discharge_id=make.submitted(condition, colleague).pk)
    assert mails("condition.accepted") == concerned
    words = [mail.subject + mail.body for mail in OutgoingMail.objects.filter(kind__startswith="condition.")]
    assert not [said for said in words if "SECRET" in said or condition.text in said]


def test_the_trail_keeps_facts_and_no_words(condition: CertificateCondition, organiser: User, adviser: User) -> None:
    sent = make.submitted(condition, organiser)
    discharges.send_back(actor=adviser, discharge_id=sent.pk, reason="SECRET-MISSING")
    discharges.accept(actor=adviser, discharge_id=make.submitted(condition, organiser).pk)
    events = AuditEvent.objects.filter(action__startswith="condition.").order_by("pk")
    assert [event.action for event in events] == [
        "condition.discharge_submitted",
        "condition.discharge_sent_back",
        "condition.discharge_submitted",
        "condition.discharged",
    ]
    assert not [event for event in events if "SECRET" in str(event.facts)]


def test_an_owner_is_a_member_of_the_holder(
    condition: CertificateCondition, organiser: User, viewer: User, stranger: User, adviser: User
) -> None:
    with pytest.raises(InvalidInput):
        conditions.assign(actor=organiser, condition_id=condition.pk, owner_id=stranger.pk)
    for nobody in (viewer, adviser, stranger):
        with pytest.raises(NotPermitted):
            conditions.assign(actor=nobody, condition_id=condition.pk, owner_id=viewer.pk)
    assert conditions.assign(actor=organiser, condition_id=condition.pk, owner_id=viewer.pk).owner == viewer
    assert conditions.assign(actor=organiser, condition_id=condition.pk, owner_id=None).owner is None
