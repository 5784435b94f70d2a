"""An approved plan gets exactly one certificate with one document, whatever is killed meanwhile."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from accounts.models import Organisation, User
from certification.models import Certificate, CertificateFile, Decision
from core import audit, storage
from core.models import AuditEvent, OutboxJob, OutgoingMail
from core.signing import reading, registry
from tests.factories.certificates import decided_certificate
from tests.factories.reviews import recommended_plan
from tests.integration import gates
from tests.integration.stack import Stack, kill

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def all_done() -> bool:
    return not OutboxJob.objects.filter(done_at__isnull=True).exists()


def complete_files(certificate: Certificate) -> list[str]:
    """What a worker was writing when it was killed stays under a hidden name, which nothing ever reads."""
    directory = Path(settings.VAULT_DIR) / "certificates" / str(certificate.pk)
    return [path.name for path in directory.iterdir() if not path.name.startswith(".")]


def assert_issued_once(certificate: Certificate, *, told: set[str]) -> None:
    certificate.refresh_from_db()
    assert certificate.state == Certificate.State.IN_FORCE
    assert complete_files(certificate) == [certificate.pdf_name.rpartition("/")[2]]
    content = storage.read_all(certificate.pdf_name)
    assert hashlib.sha256(content).hexdigest() == certificate.pdf_sha256
    assert content.startswith(b"%PDF-")
    assert reading.read(content, registry.document_chains()).state == "intact"
    events = AuditEvent.objects.filter(target_type="certification.certificate", target_id=str(certificate.pk))
    assert Counter(events.values_list("action", flat=True)) == {"certificate.created": 1, "certificate.issued": 1}
    mails = OutgoingMail.objects.filter(key__startswith=f"certificate:{certificate.pk}:issued:")
    assert sorted(mails.values_list("to", flat=True)) == sorted(told)
    assert not mails.filter(sent_at__isnull=True).exists()
    poster = CertificateFile.objects.get(certificate=certificate)
    assert (poster.kind, storage.read_all(poster.name)[:5]) == ("poster", b"%PDF-")


def test_a_worker_killed_at_any_moment_of_making_a_document(
    stack: Stack, organisation: Organisation, colleague: User, adviser: User, authoriser: User
) -> None:
    made = {
        point: decided_certificate(organisation, reviewer=adviser, signer=authoriser) for point in gates.RENDER_POINTS
    }
    for point, certificate in made.items():
        gates.close(stack.gates, point, certificate.pk)
    jobs = OutboxJob.objects.filter(kind="certificate.render")
    worker = stack.start_worker(concurrency=len(made))
    for point, certificate in made.items():
        stack.send_task("core.outbox.run", job_id=jobs.get(key__contains=str(certificate.pk)).pk)
        stack.wait_at(point, certificate.pk)

    kill(worker)

    states = {point: Certificate.objects.get(pk=certificate.pk).state for point, certificate in made.items()}
    assert states == {point: "in_force" if point == "issued" else "being_issued" for point in gates.RENDER_POINTS}
    assert jobs.filter(done_at__isnull=True).count() == len(made)
    gates.open_all(stack.gates)
    stack.start_worker()
    stack.start_beat()
    stack.eventually(all_done)
    for certificate in made.values():
        assert_issued_once(certificate, told={organisation.created_by.email, colleague.email})
    assert Certificate.objects.count() == len(made)
    # Handed to the mail server once each, not merely marked once.
    sent = stack.message_ids()
    assert len(sent) == len(set(sent)) == OutgoingMail.objects.count()
    assert audit.verify_all().problem == ""


def test_a_decision_signed_while_the_broker_is_gone(
    stack: Stack, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    plan = recommended_plan(organisation, reviewer=adviser, level=4)
    stack.start_worker()
    stack.start_beat()
    stack.eventually(all_done)
    actor = stack.start_actor("sign", plan=plan.pk, user=authoriser.pk)
    stack.kill_broker()

    actor.act()
    said = actor.said()

    decision = Decision.objects.get(plan=plan)
    assert said == {"decision": decision.pk}
    certificate = Certificate.objects.get(plan=plan)
    assert certificate.state == Certificate.State.BEING_ISSUED
    assert OutboxJob.objects.get(kind="certificate.render").attempts == 0
    stack.start_broker()
    # Neither worker nor beat is restarted: they find the new broker by themselves.
    stack.eventually(all_done)
    assert_issued_once(certificate, told={organisation.created_by.email})
    assert list(Decision.objects.filter(plan=plan)) == [decision]
