"""Two at once, each on a connection of their own: one wins, the other is told, nothing is doubled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Organisation, User
from advisories.models import Bulletin, BulletinAnswer, BulletinChase, BulletinRecipient
from advisories.services import bulletins, chasing, delivery, receipts
from core import audit
from core.errors import DomainError
from core.models import AuditEvent, OutboxJob, OutgoingMail
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions: Callable[[], object]) -> list[str]:
    """Each action in a thread of its own; what it gave, or the name of its error."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> str:
        try:
            barrier.wait(timeout=20)
            return str(action())
        except DomainError as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(run, actions))


def test_two_who_publish_at_once_publish_once(adviser: User, second_adviser: User) -> None:
    ready = make.make_approved(adviser)
    outcomes = at_once(
        lambda: bulletins.publish(actor=adviser, bulletin_id=ready.pk).state,
        lambda: bulletins.publish(actor=second_adviser, bulletin_id=ready.pk).state,
    )
    assert outcomes == ["IllegalMove", "published"]
    assert OutboxJob.objects.filter(kind="bulletin.deliver").count() == 1
    assert AuditEvent.objects.filter(action="bulletin.published").count() == 1


def test_an_approval_and_a_change_at_once_never_let_an_unread_text_out(adviser: User, authoriser: User) -> None:
    waiting = make.make_awaiting(adviser)

    def change() -> str:
        bulletins.reopen(actor=adviser, bulletin_id=waiting.pk)
        bulletins.change(actor=adviser, bulletin_id=waiting.pk, data=make.words(severity="Severe", body="Other."))
        return bulletins.submit(actor=adviser, bulletin_id=waiting.pk).state

    at_once(
        change,
        lambda: bulletins.approve(actor=authoriser, bulletin_id=waiting.pk, expected_hash=waiting.content_hash).state,
    )
    found = Bulletin.objects.get()
    assert (found.state, found.body, found.approved_by) == ("awaiting_approval", "Other.", None)


def test_two_sweeps_at_once_chase_once(organisation: Organisation, colleague: User, adviser: User) -> None:
    make_venue(organisation)
    published = make.make_published(adviser, urgency="Immediate", due_at=timezone.now() + timedelta(minutes=1))
    later = timezone.now() + timedelta(days=2)
    counts = at_once(lambda: chasing.sweep(now=later), lambda: chasing.sweep(now=later))
    assert sum(map(int, counts)) == BulletinChase.objects.filter(bulletin=published).count() == 3
    sent = Counter(OutgoingMail.objects.filter(kind="bulletin.chased").values_list("to", flat=True))
    assert sent == Counter([organisation.created_by.email, colleague.email])


def test_two_workers_at_one_chunk_address_once(organisation: Organisation, adviser: User) -> None:
    make.many(30)
    published = make.make_published(adviser, deliver=False)
    payload = {"bulletin": str(published.pk)}
    at_once(lambda: delivery.deliver(payload), lambda: delivery.deliver(payload))
    make.run_delivery()
    sent = Counter(OutgoingMail.objects.filter(kind="bulletin.published").values_list("to", flat=True))
    assert (len(sent), set(sent.values())) == (31, {1})
    assert AuditEvent.objects.filter(action="bulletin.addressed").count() == 1


def test_two_sweeps_at_once_release_once(organisation: Organisation, colleague: User, adviser: User) -> None:
    make_venue(organisation)
    published = make.make_published(adviser)
    OutgoingMail.objects.filter(kind="bulletin.published").delete()
    now = timezone.now()
    BulletinRecipient.objects.filter(bulletin=published).update(mail="digest", mail_due_at=now)
    counts = at_once(lambda: delivery.release_waiting(now=now), lambda: delivery.release_waiting(now=now))
    assert sum(map(int, counts)) == 2
    sent = Counter(OutgoingMail.objects.filter(kind="bulletin.digest").values_list("to", flat=True))
    assert sent == Counter([organisation.created_by.email, colleague.email])


def test_two_colleagues_who_answer_at_once_are_told(organisation: Organisation, colleague: User, adviser: User) -> None:
    make_venue(organisation)
    place = make.make_published(adviser, question="Is there a gate?").places.get()

    def answer(who: User) -> Callable[[], object]:
        return lambda: (
            receipts.answer_question(
                actor=who, place_id=place.pk, level=2, account=f"By {who.pk}", expected_version=0
            ).version
        )

    assert at_once(answer(organisation.created_by), answer(colleague)) == ["1", "Conflict"]
    assert BulletinAnswer.objects.count() == 1
    outcomes = at_once(
        lambda: receipts.complete(actor=colleague, place_id=place.pk, note="Done.").state,
        lambda: receipts.dismiss(actor=organisation.created_by, place_id=place.pk, reason="No bay.").state,
    )
    place.refresh_from_db()
    assert place.state == "done"
    assert outcomes in (["IllegalMove", "done"], ["done", "not_applicable"])
    assert audit.verify_all().problem == ""
