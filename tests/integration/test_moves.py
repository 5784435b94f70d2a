"""The moves of a certificate with two officers in processes of their own, workers that are killed and a broker that goes."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Organisation, User
from certification.models import Certificate, Proposal
from certification.selectors import numbers
from certification.services import proposals
from certification.services.proposals import Wanted
from core import audit
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories.transfers import accepted_offer, receiver
from tests.integration import gates
from tests.integration.stack import Actor, Stack, kill

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

KINDS = ("suspend", "reinstate", "revoke", "vary", "transfer")
AFTER = {
    "suspend": "suspended",
    "reinstate": "in_force",
    "revoke": "revoked",
    "vary": "in_force",
    "transfer": "in_force",
}
MADE = {"vary", "transfer"}


def at_once(*actors: Actor) -> list[dict[str, object]]:
    for actor in actors:
        actor.act()
    return [actor.said() for actor in actors]


def all_done() -> bool:
    return not OutboxJob.objects.filter(done_at__isnull=True).exists()


def in_force(organisation: Organisation, adviser: User, authoriser: User) -> Certificate:
    made = make.decided_certificate(organisation, reviewer=adviser, signer=authoriser)
    OutboxJob.objects.filter(kind="certificate.render").delete()
    return make.put_in("in_force", made)


def proposed(kind: str, certificate: Certificate, by: User) -> Proposal:
    if kind == "transfer":
        accepted_offer(certificate, receiver())
    if kind == "reinstate":
        make.put_in("suspended", certificate)
    changes = {"scope": "Other words."} if kind == "vary" else {}
    wanted = Wanted(kind, "SECRET-REASON", changes=changes)
    return proposals.propose(actor=by, certificate_id=certificate.pk, wanted=wanted)


def recorded(action: str, certificate: Certificate) -> int:
    return AuditEvent.objects.filter(action=action, target_id=str(certificate.pk)).count()


@pytest.mark.parametrize("kind", KINDS)
def test_two_officers_confirm_at_once(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User, kind: str
) -> None:
    other = people.make_officer("authoriser", name="Ann Other")
    certificate = in_force(organisation, adviser, authoriser)
    proposal = proposed(kind, certificate, adviser)

    said = at_once(*(stack.start_actor("confirm", proposal=proposal.pk, user=user.pk) for user in (authoriser, other)))

    proposal.refresh_from_db()
    assert proposal.confirmed_by is not None
    won = [one for one in said if "confirmed" in one]
    lost = [one for one in said if "error" in one]
    assert [one["confirmed"] for one in won] == [proposal.pk]
    assert [one["error"] for one in lost] == ["Conflict"]
    assert proposal.confirmed_by.name in str(lost[0]["message"])
    certificate.refresh_from_db()
    assert certificate.state == AFTER[kind]
    assert Certificate.objects.filter(supersedes=certificate).count() == (1 if kind in MADE else 0)
    assert OutboxJob.objects.filter(kind="certificate.render").count() == (1 if kind in MADE else 0)
    told = OutgoingMail.objects.filter(to=organisation.created_by.email, key__startswith=f"proposal:{proposal.pk}:")
    assert told.count() == (0 if kind == "transfer" else 1)
    assert numbers.verify().problems == ()
    assert audit.verify_all().problem == ""


def test_two_officers_suspend_at_once(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    certificate = in_force(organisation, adviser, authoriser)

    said = at_once(
        *(stack.start_actor("suspend", certificate=certificate.pk, user=user.pk) for user in (adviser, authoriser))
    )

    proposal = Proposal.objects.get()
    assert [one for one in said if "proposal" in one] == [{"proposal": proposal.pk}]
    assert [one["error"] for one in said if "error" in one] == ["IllegalMove"]
    certificate.refresh_from_db()
    assert (certificate.state, recorded("certificate.suspend_proposed", certificate)) == ("suspended", 1)


def test_one_officer_confirms_while_another_drops(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    other = people.make_officer("authoriser", name="Ann Other")
    certificate = in_force(organisation, adviser, authoriser)
    wanted = Wanted("suspend", "x", urgent=True)
    proposal = proposals.propose(actor=adviser, certificate_id=certificate.pk, wanted=wanted)

    said = at_once(
        stack.start_actor("confirm", proposal=proposal.pk, user=authoriser.pk),
        stack.start_actor("drop", proposal=proposal.pk, user=other.pk),
    )

    proposal.refresh_from_db()
    certificate.refresh_from_db()
    assert len([one for one in said if "error" in one]) == 1
    stands = proposal.confirmed_at is not None
    assert (proposal.dropped_at is None) is stands
    assert certificate.state == ("suspended" if stands else "in_force")


def test_the_holder_gives_up_what_an_officer_is_varying(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    """Whoever is first: nothing is in force afterwards that the holder has given up."""
    certificate = in_force(organisation, adviser, authoriser)
    proposal = proposed("vary", certificate, adviser)
    owner = organisation.created_by

    at_once(
        stack.start_actor("confirm", proposal=proposal.pk, user=authoriser.pk),
        stack.start_actor("surrender", certificate=certificate.pk, user=owner.pk),
    )

    stack.start_worker()
    stack.start_beat()
    stack.eventually(all_done)
    assert set(Certificate.objects.values_list("state", flat=True)) == {"surrendered"}


def test_a_worker_killed_between_the_confirmation_and_the_new_document(
    stack: Stack, organisation: Organisation, colleague: User, adviser: User, authoriser: User
) -> None:
    old = [in_force(organisation, adviser, authoriser) for _ in gates.RENDER_POINTS]
    for certificate in old:
        proposals.confirm(actor=authoriser, proposal_id=proposed("vary", certificate, adviser).pk)
    new = dict(zip(gates.RENDER_POINTS, Certificate.objects.filter(supersedes__in=old).order_by("pk"), strict=True))
    for point, certificate in new.items():
        gates.close(stack.gates, point, certificate.pk)
    jobs = OutboxJob.objects.filter(kind="certificate.render")
    worker = stack.start_worker(concurrency=len(new))
    for point, certificate in new.items():
        stack.send_task("core.outbox.run", job_id=jobs.get(key__contains=str(certificate.pk)).pk)
        stack.wait_at(point, certificate.pk)

    kill(worker)

    # One of the two holds at any moment.
    for point, certificate in new.items():
        done = point == "issued"
        states = Certificate.objects.filter(pk__in=[certificate.pk, certificate.supersedes_id])
        expected = {"superseded", "in_force"} if done else {"in_force", "being_issued"}
        assert set(states.values_list("state", flat=True)) == expected
    gates.open_all(stack.gates)
    stack.start_worker()
    stack.start_beat()
    stack.eventually(all_done)
    for certificate in new.values():
        certificate.refresh_from_db()
        assert certificate.state == "in_force"
        assert [recorded(f"certificate.{what}", certificate) for what in ("created", "issued")] == [1, 1]
        assert certificate.supersedes is not None
        assert (certificate.supersedes.state, recorded("certificate.superseded", certificate.supersedes)) == (
            "superseded",
            1,
        )
        mails = OutgoingMail.objects.filter(key__startswith=f"certificate:{certificate.pk}:issued:")
        assert Counter(mails.values_list("to", flat=True)) == {organisation.created_by.email: 1, colleague.email: 1}
    sent = stack.message_ids()
    assert len(sent) == len(set(sent)) == OutgoingMail.objects.count()
    assert numbers.verify().problems == ()
    assert audit.verify_all().problem == ""


def test_confirming_while_the_broker_is_gone(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    made = {kind: in_force(organisation, adviser, authoriser) for kind in ("suspend", "reinstate", "vary")}
    asked = {kind: proposed(kind, certificate, adviser) for kind, certificate in made.items()}
    stack.start_worker()
    stack.start_beat()
    stack.eventually(all_done)
    actors = [stack.start_actor("confirm", proposal=proposal.pk, user=authoriser.pk) for proposal in asked.values()]
    stack.kill_broker()

    said = at_once(*actors)

    assert [one.get("confirmed") for one in said] == [proposal.pk for proposal in asked.values()]
    states = {kind: Certificate.objects.get(pk=certificate.pk).state for kind, certificate in made.items()}
    assert states == {kind: AFTER[kind] for kind in made}
    assert not all_done()
    stack.start_broker()
    # Neither worker nor beat is restarted: they find the new broker by themselves.
    stack.eventually(all_done)
    new = Certificate.objects.get(supersedes=made["vary"])
    assert (new.state, Certificate.objects.get(pk=made["vary"].pk).state) == ("in_force", "superseded")
    sent = stack.message_ids()
    assert len(sent) == len(set(sent)) == OutgoingMail.objects.count()


def test_beat_ends_an_urgent_suspension_that_nobody_confirmed(
    stack: Stack, organisation: Organisation, colleague: User, adviser: User, authoriser: User
) -> None:
    """After a weekend without anything running: each once, however often the sweep comes."""
    made = [in_force(organisation, adviser, authoriser) for _ in range(3)]
    with time_machine.travel(timezone.now() - timedelta(hours=60), tick=False):
        for certificate in made:
            wanted = Wanted("suspend", "x", urgent=True)
            proposals.propose(actor=adviser, certificate_id=certificate.pk, wanted=wanted)
    assert set(Certificate.objects.values_list("state", flat=True)) == {"suspended"}
    stack.start_worker()
    stack.start_beat()

    stack.eventually(lambda: not Certificate.objects.filter(state="suspended").exists())
    stack.eventually(all_done)

    assert [recorded("certificate.suspension_lapsed", certificate) for certificate in made] == [1, 1, 1]
    told = OutgoingMail.objects.filter(kind="certificate.suspension_lapsed").values_list("to", flat=True)
    whom = (organisation.created_by, colleague, adviser, authoriser)
    assert Counter(told) == {person.email: 3 for person in whom}
