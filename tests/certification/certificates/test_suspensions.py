"""An urgent suspension acts at once and lapses after 48 hours unless a second officer confirms it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from certification.models import Certificate, Proposal
from certification.selectors import certificates as selectors
from certification.selectors import register, verification
from certification.selectors.certificates import Filters, effective_state
from certification.services import documents, expiry, proposals, suspensions, variations
from certification.services.proposals import Wanted
from certification.tasks import lapse
from core import outbox
from core.errors import Conflict, IllegalMove, NotPermitted
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import accounts as people
from tests.factories import certificates as make

NOW = datetime.fromisoformat("2026-12-01T10:00:00+00:00")
HOURS_48 = timedelta(hours=48)
SECOND = timedelta(seconds=1)


def urgent(actor: User, certificate: Certificate, *, at: datetime = NOW) -> Proposal:
    with time_machine.travel(at, tick=False):
        wanted = Wanted("suspend", "SECRET-REASON", urgent=True)
        return proposals.propose(actor=actor, certificate_id=certificate.pk, wanted=wanted)


def confirm(actor: User, proposal: Proposal, *, at: datetime) -> Certificate:
    with time_machine.travel(at, tick=False):
        return proposals.confirm(actor=actor, proposal_id=proposal.pk)


def propose(actor: User, certificate: Certificate, kind: str, *, at: datetime = NOW) -> Proposal:
    with time_machine.travel(at, tick=False):
        return proposals.propose(actor=actor, certificate_id=certificate.pk, wanted=Wanted(kind, "Because."))


def sweep(at: datetime) -> int:
    return suspensions.lapse_due(now=at)


def state(certificate: Certificate) -> str:
    return Certificate.objects.get(pk=certificate.pk).state


def told(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


def test_it_acts_at_once_and_everybody_concerned_is_told(
    issued: Certificate, adviser: User, authoriser: User, owner: User, colleague: User
) -> None:
    made = urgent(adviser, issued)
    assert state(issued) == "suspended"
    assert (made.effective_at, made.lapses_at, made.confirmed_at) == (NOW, NOW + HOURS_48, None)
    assert told("certificate.suspended") == sorted([owner.email, colleague.email])
    assert told("proposal.urgent") == [authoriser.email]
    assert not [m for m in OutgoingMail.objects.all() if "SECRET-REASON" in m.subject + m.body]
    event = AuditEvent.objects.get(action="certificate.suspend_proposed")
    assert (event.actor, event.facts["urgent"], event.facts["state"]) == (adviser, True, "suspended")


@pytest.mark.parametrize(
    ("after", "lapsed"), [(HOURS_48 - SECOND, 0), (HOURS_48, 1), (HOURS_48 + timedelta(days=9), 1)]
)
def test_it_lapses_at_48_hours_exactly(
    issued: Certificate, adviser: User, authoriser: User, after: timedelta, lapsed: int
) -> None:
    made = urgent(adviser, issued)
    assert sweep(NOW + after) == lapsed
    assert sweep(NOW + after) == 0
    made.refresh_from_db()
    assert state(issued) == ("in_force" if lapsed else "suspended")
    assert (made.dropped_at is not None, made.confirmed_at) == (bool(lapsed), None)
    assert AuditEvent.objects.filter(action="certificate.suspension_lapsed").count() == lapsed


def test_whoever_it_concerned_is_told_once_that_it_lapsed(
    issued: Certificate, adviser: User, authoriser: User, owner: User, colleague: User
) -> None:
    urgent(adviser, issued)
    for _ in range(3):
        with time_machine.travel(NOW + HOURS_48, tick=False):
            lapse()
    assert told("certificate.suspension_lapsed") == sorted(
        [owner.email, colleague.email, authoriser.email, adviser.email]
    )


def test_confirmed_in_time_it_stays(issued: Certificate, adviser: User, authoriser: User) -> None:
    made = urgent(adviser, issued)
    confirm(authoriser, made, at=NOW + HOURS_48 - SECOND)
    assert sweep(NOW + timedelta(days=90)) == 0
    made.refresh_from_db()
    assert (state(issued), made.confirmed_as, made.effective_at) == ("suspended", "authoriser", NOW)


def test_confirmed_a_moment_too_late_it_is_over_before_any_sweep_has_come(
    issued: Certificate, adviser: User, authoriser: User
) -> None:
    made = urgent(adviser, issued)
    with pytest.raises(IllegalMove, match="lapsed"):
        confirm(authoriser, made, at=NOW + HOURS_48)
    assert sweep(NOW + HOURS_48) == 1
    with pytest.raises(IllegalMove, match="lapsed"):
        confirm(authoriser, made, at=NOW + HOURS_48 + SECOND)
    assert state(issued) == "in_force"


def test_whoever_acts_after_it_lapsed_finds_the_certificate_in_force(
    issued: Certificate, adviser: User, authoriser: User
) -> None:
    """Suspended anew, with no sweep between."""
    first = urgent(adviser, issued)
    second = urgent(adviser, issued, at=NOW + HOURS_48)
    first.refresh_from_db()
    assert (first.dropped_at, state(issued)) == (NOW + HOURS_48, "suspended")
    confirm(authoriser, second, at=NOW + HOURS_48 + SECOND)
    assert state(issued) == "suspended"


@pytest.mark.parametrize(
    ("first", "second", "may"), [("adviser", "second_adviser", False), ("authoriser", "adviser", True)]
)
def test_one_of_the_two_authorises(
    issued: Certificate, request: pytest.FixtureRequest, first: str, second: str, may: bool
) -> None:
    made = urgent(request.getfixturevalue(first), issued)
    actor = request.getfixturevalue(second)
    if may:
        confirm(actor, made, at=NOW + SECOND)
        made.refresh_from_db()
        assert made.confirmed_by == actor
        return
    with pytest.raises(NotPermitted):
        confirm(actor, made, at=NOW + SECOND)


def test_dropped_by_an_authorising_officer_it_is_over_at_once(
    issued: Certificate, adviser: User, authoriser: User, owner: User
) -> None:
    made = urgent(adviser, issued)
    with time_machine.travel(NOW + SECOND, tick=False):
        proposals.drop(actor=authoriser, proposal_id=made.pk)
    assert state(issued) == "in_force"
    assert AuditEvent.objects.get(action="certificate.suspension_withdrawn").actor == authoriser
    assert owner.email in told("certificate.suspension_lapsed")
    assert sweep(NOW + HOURS_48) == 0


def test_an_ordinary_proposal_to_suspend_makes_way_for_an_urgent_one(
    issued: Certificate, adviser: User, second_adviser: User
) -> None:
    ordinary = propose(adviser, issued, "suspend")
    assert state(issued) == "in_force"
    urgent(second_adviser, issued)
    ordinary.refresh_from_db()
    assert (ordinary.dropped_at is not None, state(issued)) == (True, "suspended")


def test_an_urgent_one_is_answered_before_a_reinstatement_is_proposed(
    issued: Certificate, adviser: User, authoriser: User
) -> None:
    made = urgent(adviser, issued)
    with pytest.raises(IllegalMove):
        propose(authoriser, issued, "reinstate", at=NOW + SECOND)
    confirm(authoriser, made, at=NOW + SECOND)
    back = propose(adviser, issued, "reinstate", at=NOW + SECOND)
    confirm(authoriser, back, at=NOW + 2 * SECOND)
    assert state(issued) == "in_force"


def test_a_revocation_closes_an_urgent_suspension(issued: Certificate, adviser: User, authoriser: User) -> None:
    made = urgent(adviser, issued)
    confirm(authoriser, propose(adviser, issued, "revoke", at=NOW + SECOND), at=NOW + 2 * SECOND)
    made.refresh_from_db()
    assert (state(issued), made.dropped_at) == ("revoked", NOW + 2 * SECOND)
    assert sweep(NOW + HOURS_48) == 0
    assert state(issued) == "revoked"


def test_it_expires_while_it_is_suspended_and_no_lapse_brings_it_back(issued: Certificate, adviser: User) -> None:
    last = timezone.localdate(NOW) + timedelta(days=1)
    make.running_until(issued, last)
    made = urgent(adviser, issued)
    # The sweep of lapses comes before that of expiry.
    assert sweep(NOW + HOURS_48) == 1
    made.refresh_from_db()
    assert (state(issued), made.dropped_at is not None) == ("suspended", True)
    assert told("certificate.suspension_lapsed") == []
    assert expiry.expire(today=last + timedelta(days=1)) == 1
    assert state(issued) == "expired"


# Judged by time -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "expected"), [(SECOND, "suspended"), (HOURS_48 - SECOND, "suspended"), (HOURS_48, "in_force")]
)
def test_before_the_sweep_has_come_the_time_decides(
    issued: Certificate, adviser: User, owner: User, after: timedelta, expected: str
) -> None:
    urgent(adviser, issued)
    now = NOW + after
    today = timezone.localdate(now)
    issued.refresh_from_db()
    assert effective_state(issued, today, now) == expected
    annotated = Certificate.objects.with_lapse().get(pk=issued.pk)
    assert effective_state(annotated, today, now) == expected
    checked = verification.check(issued.token, today=today, now=now).status
    assert checked == ("in_force_with_conditions" if expected == "in_force" else expected)
    with time_machine.travel(now, tick=False):
        for asked in ("in_force", "suspended"):
            listed = selectors.listed_for(owner, Filters(state=asked), today=today).rows
            assert [row.pk for row in listed] == ([issued.pk] if asked == expected else [])
            # The register reads its index, which the sweep brings up to date within the minute.
            shown = register.page(register.Search(state=asked), today=today).entries
            assert [(row.number, row.state) for row in shown] == (
                [(issued.number, "suspended")] if asked == "suspended" else []
            )
        assert selectors.certificate_page(issued, today=today).state == expected
    assert state(issued) == "suspended"


def test_past_its_last_day_it_has_expired_lapsed_or_not(issued: Certificate, adviser: User) -> None:
    make.running_until(issued, timezone.localdate(NOW))
    urgent(adviser, issued)
    later = NOW + timedelta(days=3)
    assert verification.check(issued.token, today=timezone.localdate(later), now=later).status == "expired"


def test_the_check_of_a_suspended_certificate_takes_no_query_more(
    issued: Certificate, adviser: User, client: Client
) -> None:
    address = f"/check/{issued.token}/"

    def ask() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, {"format": "json"}).json()
        return answer["status"], len(queries)

    client.get(address)
    before, cost = ask()
    proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=Wanted("suspend", "x", urgent=True))
    assert (before, ask()) == ("in_force_with_conditions", ("suspended", cost))
    assert cost <= 2


# Sweeps -------------------------------------------------------------------------------------------------------------


def many(certificate: Certificate, actor: User, count: int) -> list[Certificate]:
    made = [certificate, *make.copies(certificate, count - 1)]
    for one in made:
        urgent(actor, one)
    return made


def test_a_sweep_that_is_cut_off_goes_on_and_each_lapses_once(
    issued: Certificate, adviser: User, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = many(issued, adviser, 5)
    monkeypatch.setattr(suspensions, "CHUNK", 2)
    real: Callable[..., int] = suspensions._lapse
    calls: list[object] = []

    def dies(certificate_id: object, *, now: datetime) -> int:
        if len(calls) == 3:
            raise KeyboardInterrupt
        calls.append(certificate_id)
        return real(certificate_id, now=now)

    with monkeypatch.context() as patch:
        patch.setattr(suspensions, "_lapse", dies)
        with pytest.raises(KeyboardInterrupt):
            sweep(NOW + HOURS_48)
    assert Certificate.objects.filter(state="in_force").count() == 3
    assert sweep(NOW + timedelta(days=30)) == 2
    assert Certificate.objects.filter(pk__in=[one.pk for one in made], state="in_force").count() == 5
    assert AuditEvent.objects.filter(action="certificate.suspension_lapsed").count() == 5
    assert OutgoingMail.objects.filter(kind="certificate.suspension_lapsed", to=owner.email).count() == 5


def test_what_waits_for_the_end_of_a_suspension_is_made_at_once_when_it_ends(
    issued: Certificate, adviser: User, authoriser: User, run_outbox: Callable[[], int]
) -> None:
    with transaction.atomic():
        varied = variations.create_varied(
            actor=authoriser, certificate=Certificate.objects.get(pk=issued.pk), scope="Other words."
        )
    urgent(adviser, issued, at=timezone.now())
    with pytest.raises(outbox.TryLater):
        documents.render({"certificate": str(varied.pk)})
    run_outbox()
    assert (state(issued), state(varied)) == ("suspended", "being_issued")
    assert sweep(timezone.now() + HOURS_48 + SECOND) == 1
    job = OutboxJob.objects.get(key__startswith=f"certificate:{varied.pk}:render:")
    assert outbox.run(job.pk)
    assert (state(issued), state(varied)) == ("superseded", "in_force")


def test_what_is_made_in_the_place_of_a_revoked_one_falls_with_it(
    issued: Certificate, adviser: User, authoriser: User
) -> None:
    with transaction.atomic():
        varied = variations.create_varied(
            actor=authoriser, certificate=Certificate.objects.get(pk=issued.pk), scope="Other words."
        )
    with pytest.raises(IllegalMove, match="act on that one"):
        proposals.propose(actor=adviser, certificate_id=varied.pk, wanted=Wanted("revoke", "x"))
    made = proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=Wanted("revoke", "x"))
    proposals.confirm(actor=authoriser, proposal_id=made.pk)
    documents.render({"certificate": str(varied.pk)})
    assert (state(issued), state(varied)) == ("revoked", "revoked")


def test_two_officers_who_suspend_at_once(issued: Certificate, adviser: User) -> None:
    other = people.make_officer("authoriser")
    urgent(adviser, issued)
    with pytest.raises(IllegalMove):
        urgent(other, issued, at=NOW + SECOND)
    assert issued.proposals.count() == 1
    made = issued.proposals.get()
    confirm(other, made, at=NOW + SECOND)
    with pytest.raises(Conflict):
        confirm(people.make_officer("authoriser"), made, at=NOW + 2 * SECOND)
