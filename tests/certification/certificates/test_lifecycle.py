"""The whole grid of a certificate, and the services that walk it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, User
from certification.domain import lifecycle
from certification.models import Certificate, Proposal
from certification.services import certificates, documents, expiry, revocations
from certification.services._moves import move_certificate
from certification.tasks import expire
from core import storage
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import accounts as people
from tests.factories import certificates as make

GRID = [(state, action) for state in lifecycle.CERTIFICATE_STATES for action in lifecycle.CERTIFICATE_ACTIONS]
LEGAL = {
    ("being_issued", "issue"): "in_force",
    ("being_issued", "revoke"): "revoked",
    ("being_issued", "surrender"): "surrendered",
    ("being_issued", "expire"): "expired",
    ("being_issued", "supersede"): "superseded",
    ("in_force", "suspend"): "suspended",
    ("in_force", "expire"): "expired",
    ("in_force", "revoke"): "revoked",
    ("in_force", "surrender"): "surrendered",
    ("in_force", "supersede"): "superseded",
    ("suspended", "reinstate"): "in_force",
    ("suspended", "lapse"): "in_force",
    ("suspended", "expire"): "expired",
    ("suspended", "revoke"): "revoked",
    ("suspended", "surrender"): "surrendered",
    ("suspended", "supersede"): "superseded",
}
ENDED = {"expired", "revoked", "superseded", "surrendered"}


@pytest.mark.parametrize(("state", "action"), GRID)
def test_each_move_lands_or_changes_nothing(state: str, action: str) -> None:
    certificate = Certificate(state=state)
    at = timezone.now()
    if (state, action) in LEGAL:
        move_certificate(certificate, action, at=at)
        assert certificate.state == LEGAL[state, action]
        assert certificate.issued_at == (at if action == "issue" else None)
        assert certificate.ended_at == (at if certificate.state in ENDED else None)
        return
    with pytest.raises(IllegalMove):
        move_certificate(certificate, action, at=at)
    assert (certificate.state, certificate.issued_at, certificate.ended_at) == (state, None, None)


def snapshot(certificate: Certificate) -> dict[str, object]:
    return Certificate.objects.filter(pk=certificate.pk).values().get()


@pytest.mark.parametrize("state", lifecycle.CERTIFICATE_STATES)
def test_expiry_through_its_service(decided: Certificate, state: str) -> None:
    make.put_in(state, make.running_until(decided, date(2026, 6, 30)))
    before = snapshot(decided)
    expected = 1 if (state, "expire") in LEGAL else 0
    assert expiry.expire(today=date(2026, 7, 1)) == expected
    if not expected:
        assert snapshot(decided) == before
        return
    decided.refresh_from_db()
    assert (decided.state, decided.ended_at is not None) == ("expired", True)


@pytest.mark.parametrize("state", lifecycle.CERTIFICATE_STATES)
def test_revocation_through_its_service(decided: Certificate, state: str, adviser: User, authoriser: User) -> None:
    make.put_in(state, decided)
    before = snapshot(decided)
    if (state, "revoke") in LEGAL:
        make.revoked_certificate(decided, proposer=adviser, confirmer=authoriser)
        decided.refresh_from_db()
        assert decided.state == "revoked"
        return
    with pytest.raises(IllegalMove):
        revocations.propose(actor=adviser, certificate_id=decided.pk, reason="Because.")
    # A proposal that was open when the certificate ended by itself.
    Proposal.objects.create(
        certificate=decided, kind="revoke", reason="Because.", proposed_by=adviser, proposed_at=timezone.now()
    )
    with pytest.raises(IllegalMove):
        revocations.confirm(actor=authoriser, certificate_id=decided.pk)
    assert snapshot(decided) == before


@pytest.mark.parametrize("state", ["in_force", "suspended", "expired", "revoked", "superseded", "surrendered"])
def test_issuing_what_is_settled_changes_nothing(decided: Certificate, state: str) -> None:
    make.put_in(state, decided)
    before = snapshot(decided)
    documents.render({"certificate": str(decided.pk)})
    assert snapshot(decided) == before


# Expiry -----------------------------------------------------------------------------------------------------------------


def test_the_last_day_is_a_whole_day(issued: Certificate) -> None:
    last = make.running_until(issued, date(2027, 3, 28)).valid_until
    assert expiry.expire(today=last) == 0
    assert expiry.expire(today=last + timedelta(days=1)) == 1
    assert expiry.expire(today=last + timedelta(days=1)) == 0
    event = AuditEvent.objects.get(action="certificate.expired")
    assert (event.actor_id, event.facts) == (None, {"number": issued.number, "valid_until": "2027-03-28"})


@pytest.mark.parametrize(
    ("moment", "expired"),
    [
        # British summer time: the UK day ends an hour before the UTC day.
        ("2027-06-30T22:59:59+00:00", 0),
        ("2027-06-30T23:00:00+00:00", 1),
    ],
)
def test_midnight_is_the_uk_s(issued: Certificate, moment: str, expired: int) -> None:
    make.running_until(issued, date(2027, 6, 30))
    with time_machine.travel(moment, tick=False):
        expire()
    issued.refresh_from_db()
    assert issued.state == ("expired" if expired else "in_force")


def test_winter_midnight(issued: Certificate) -> None:
    make.running_until(issued, date(2027, 12, 31))
    for moment, state in [("2027-12-31T23:59:59+00:00", "in_force"), ("2028-01-01T00:00:00+00:00", "expired")]:
        with time_machine.travel(moment, tick=False):
            expire()
        issued.refresh_from_db()
        assert issued.state == state


def test_a_sweep_that_is_cut_off_goes_on_where_it_stopped(issued: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    make.running_until(issued, date(2026, 6, 30))
    make.copies(issued, 4)
    monkeypatch.setattr(expiry, "CHUNK", 2)
    real, calls = expiry._expire, []

    def dies(ids: list, *, today: date) -> int:  # type: ignore[type-arg]
        if calls:
            raise KeyboardInterrupt
        calls.append(ids)
        return real(ids, today=today)

    with monkeypatch.context() as patch:
        patch.setattr(expiry, "_expire", dies)
        with pytest.raises(KeyboardInterrupt):
            expiry.expire(today=date(2026, 7, 1))
    assert Certificate.objects.filter(state="expired").count() == 2
    assert expiry.expire(today=date(2026, 7, 1)) == 3
    assert Certificate.objects.filter(state="expired").count() == 5


# Revocation -------------------------------------------------------------------------------------------------------------


def test_proposed_and_confirmed_by_two(
    issued: Certificate, adviser: User, authoriser: User, organiser: User, colleague: User, viewer: User
) -> None:
    revocations.propose(actor=adviser, certificate_id=issued.pk, reason="  SECRET-REASON  ")
    assert not OutgoingMail.objects.filter(kind="certificate.revoked").exists()
    revocations.confirm(actor=authoriser, certificate_id=issued.pk)
    issued.refresh_from_db()
    revocation = issued.proposals.get()
    assert (issued.state, revocation.reason, revocation.proposed_by, revocation.confirmed_by) == (
        "revoked",
        "SECRET-REASON",
        adviser,
        authoriser,
    )
    mails = OutgoingMail.objects.filter(kind="certificate.revoked")
    assert sorted(mails.values_list("to", flat=True)) == sorted([organiser.email, colleague.email])
    assert not [mail for mail in mails if "SECRET-REASON" in mail.subject + mail.body]
    events = AuditEvent.objects.filter(action__in=["certificate.revoke_proposed", "certificate.revoked"])
    assert events.count() == 2
    assert not [event for event in events if "SECRET-REASON" in str(event.facts)]


def test_the_database_itself_asks_for_two(issued: Certificate, authoriser: User) -> None:
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            kind="revoke",
            certificate=issued,
            reason="x",
            proposed_by=authoriser,
            proposed_at=now,
            confirmed_by=authoriser,
            confirmed_at=now,
        )


@pytest.mark.parametrize(
    ("role", "may_propose", "may_confirm", "may_drop"),
    [
        ("adviser", True, False, True),
        ("second_adviser", True, False, False),
        ("authoriser", True, True, True),
        ("other_area_adviser", False, False, False),
        ("other_area_authoriser", False, False, False),
        ("auditor", False, False, False),
        ("national_admin", False, False, False),
        ("owner", False, False, False),
        ("stranger", False, False, False),
        ("authoriser_of_the_holder", False, False, False),
    ],
)
def test_who_may(
    issued: Certificate,
    request: pytest.FixtureRequest,
    role: str,
    may_propose: bool,
    may_confirm: bool,
    may_drop: bool,
) -> None:
    adviser = request.getfixturevalue("adviser")
    if role == "other_area_authoriser":
        actor = people.make_officer("authoriser", area=people.OTHER_AREA)
    elif role == "authoriser_of_the_holder":
        actor = people.make_officer("authoriser")
        Membership.objects.create(organisation=issued.organisation, user=actor, role="viewer", joined_at=timezone.now())
    else:
        actor = request.getfixturevalue(role)

    def allowed(act: Callable[[], object]) -> bool:
        try:
            with transaction.atomic():
                act()
                raise _Undo
        except NotPermitted:
            return False
        except _Undo:
            return True

    assert allowed(lambda: revocations.propose(actor=actor, certificate_id=issued.pk, reason="x")) is may_propose
    revocations.propose(actor=adviser, certificate_id=issued.pk, reason="x")
    assert allowed(lambda: revocations.confirm(actor=actor, certificate_id=issued.pk)) is may_confirm
    assert allowed(lambda: revocations.drop(actor=actor, certificate_id=issued.pk)) is may_drop


class _Undo(Exception):
    pass


def test_the_proposer_cannot_confirm(issued: Certificate, authoriser: User) -> None:
    revocations.propose(actor=authoriser, certificate_id=issued.pk, reason="x")
    with pytest.raises(NotPermitted):
        revocations.confirm(actor=authoriser, certificate_id=issued.pk)
    issued.refresh_from_db()
    assert issued.state == "in_force"


def test_one_proposal_at_a_time_and_a_dropped_one_makes_room(
    issued: Certificate, adviser: User, second_adviser: User, authoriser: User
) -> None:
    first = revocations.propose(actor=adviser, certificate_id=issued.pk, reason="x")
    with pytest.raises(Conflict) as raised:
        revocations.propose(actor=second_adviser, certificate_id=issued.pk, reason="y")
    assert raised.value.current == first
    revocations.drop(actor=authoriser, certificate_id=issued.pk)
    with pytest.raises(IllegalMove):
        revocations.confirm(actor=authoriser, certificate_id=issued.pk)
    revocations.propose(actor=second_adviser, certificate_id=issued.pk, reason="y")
    assert issued.proposals.count() == 2


@pytest.mark.parametrize("reason", ["", "   ", "x" * 4001])
def test_a_reason_is_asked(issued: Certificate, adviser: User, reason: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        revocations.propose(actor=adviser, certificate_id=issued.pk, reason=reason)
    assert raised.value.field == "reason"
    assert not issued.proposals.exists()


# Download ---------------------------------------------------------------------------------------------------------------


def test_what_is_downloaded_is_what_was_issued(issued: Certificate, viewer: User) -> None:
    found = certificates.download(actor=viewer, certificate_id=issued.pk)
    assert (found.name, hashlib.sha256(found.content).hexdigest()) == (f"{issued.number}.pdf", issued.pdf_sha256)
    event = AuditEvent.objects.get(action="certificate.downloaded")
    assert (event.actor_id, event.facts) == (viewer.pk, {"sha256": issued.pdf_sha256})


def test_the_stored_file_is_not_readable_without_the_key(issued: Certificate) -> None:
    assert b"%PDF" not in storage._path(issued.pdf_name).read_bytes()


def test_nothing_to_download_while_it_is_being_made(decided: Certificate, owner: User) -> None:
    with pytest.raises(IllegalMove):
        certificates.download(actor=owner, certificate_id=decided.pk)
    assert not AuditEvent.objects.filter(action="certificate.downloaded").exists()


@pytest.mark.parametrize("role", ["stranger", "other_area_adviser", "national_admin"])
def test_download_is_refused(issued: Certificate, request: pytest.FixtureRequest, role: str) -> None:
    with pytest.raises(NotPermitted):
        certificates.download(actor=request.getfixturevalue(role), certificate_id=issued.pk)
