"""The record of facts: append-only, chained by case, anchored together."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.models import User
from core import audit, triggers
from core.models import AuditAnchor, AuditAnchorEntry, AuditChain, AuditEvent
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    user: User = make_user()
    return user


def write(person: User, *, case: str = "", action: str = "thing.done", **facts: object) -> AuditEvent:
    with transaction.atomic():
        return audit.record(actor=person, action=action, target=person, facts=facts, case=case)


def lift(table: str) -> None:
    with connection.cursor() as cursor:
        for statement in triggers.remove(table, vendor=connection.vendor):
            cursor.execute(statement)


def test_a_case_has_its_own_chain_and_each_event_names_the_one_before(person: User) -> None:
    first = write(person, case="plan:1", level=2)
    second = write(person, case="plan:1", level=3)
    other = write(person, case="plan:2")

    assert (first.seq, second.seq, other.seq) == (1, 2, 1)
    assert first.prev_hash == audit.GENESIS
    assert second.prev_hash == first.hash
    assert other.prev_hash == audit.GENESIS


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_refused(person: User) -> None:
    with pytest.raises(RuntimeError):
        audit.record(actor=person, action="thing.done", target=person)


def test_a_rolled_back_change_leaves_no_event(person: User) -> None:
    def change_that_fails() -> None:
        with transaction.atomic():
            audit.record(actor=person, action="thing.done", target=person, case="plan:1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_that_fails()

    assert not AuditEvent.objects.filter(chain__key="plan:1").exists()


@pytest.mark.parametrize("model", [AuditEvent, AuditAnchor, AuditAnchorEntry, AuditChain])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_or_delete(person: User, model: type, act: str) -> None:
    write(person, case="plan:1")
    audit.anchor_heads()
    rows = model._base_manager.all()
    change = {"AuditEvent": {"action": "x"}, "AuditChain": {"head_seq": 0}}.get(model.__name__, {"hash": "x"})
    if model is AuditAnchor:
        change = {"entries_count": 9}

    with pytest.raises(DatabaseError), transaction.atomic():
        rows._raw_delete(rows.db) if act == "delete" else rows.update(**change)

    assert rows.count() >= 1


def test_a_sound_trail_verifies_and_is_counted(person: User) -> None:
    before = audit.verify_all()
    write(person, case="plan:1")
    write(person, case="plan:2")
    audit.anchor_heads()

    found = audit.verify_all()

    assert found.problem == ""
    assert found.events == before.events + 2
    assert found.anchors == before.anchors + 1


def test_a_changed_fact_is_found(person: User) -> None:
    event = write(person, case="plan:1", level=2)
    lift("core_auditevent")
    AuditEvent.objects.filter(pk=event.pk).update(facts={"level": 4})

    assert audit.verify_all().problem == "plan:1: event 1 was changed"


def test_a_changed_actor_or_time_is_found(person: User) -> None:
    event = write(person, case="plan:1")
    lift("core_auditevent")
    AuditEvent.objects.filter(pk=event.pk).update(actor=None)

    assert audit.verify_all().problem == "plan:1: event 1 was changed"


def test_a_removed_event_in_the_middle_is_found(person: User) -> None:
    for _ in range(3):
        write(person, case="plan:1")
    lift("core_auditevent")
    AuditEvent.objects.filter(chain__key="plan:1", seq=2).delete()

    assert audit.verify_all().problem == "plan:1: event 2 is missing (found 3)"


def test_a_cut_off_tail_does_not_match_the_head(person: User) -> None:
    write(person, case="plan:1")
    write(person, case="plan:1")
    lift("core_auditevent")
    AuditEvent.objects.filter(chain__key="plan:1", seq=2).delete()

    assert audit.verify_all().problem == "plan:1: the chain's end does not match its head (event 2)"


def test_a_tail_cut_off_together_with_its_head_is_found_by_the_anchor(person: User) -> None:
    kept = write(person, case="plan:1")
    write(person, case="plan:1")
    audit.anchor_heads()
    lift("core_auditevent")
    lift("core_auditchain")
    AuditEvent.objects.filter(chain__key="plan:1", seq=2).delete()
    AuditChain.objects.filter(key="plan:1").update(head_seq=1, head_hash=kept.hash)

    assert audit.verify_all().problem.startswith("plan:1: anchored event 2 is gone")


def test_a_removed_anchor_is_found(person: User) -> None:
    for case in ("plan:1", "plan:2"):
        write(person, case=case)
        audit.anchor_heads()
    lift("core_auditanchor")
    lift("core_auditanchorentry")
    first = AuditAnchor.objects.order_by("pk")[0]
    AuditAnchorEntry.objects.filter(anchor=first).delete()
    first.delete()

    assert "was changed or does not follow the one before it" in audit.verify_all().problem


def test_an_anchor_is_made_of_what_moved_since_the_last_one(person: User) -> None:
    audit.anchor_heads()
    write(person, case="plan:1")
    write(person, case="plan:2")
    first = audit.anchor_heads()
    write(person, case="plan:2")
    second = audit.anchor_heads()

    assert first is not None
    assert second is not None
    assert first.entries_count == 2
    assert list(second.entries.values_list("chain__key", "seq")) == [("plan:2", 2)]
    assert audit.anchor_heads() is None


def test_the_command_prints_the_count(person: User, capsys: pytest.CaptureFixture[str]) -> None:
    write(person, case="plan:1")
    found = audit.verify_all()

    call_command("verify_audit")

    assert (
        capsys.readouterr().out.splitlines()[0]
        == f"{found.events} events in {found.chains} chains, {found.anchors} anchors"
    )


def test_the_command_exits_1_naming_the_first_break(person: User) -> None:
    event = write(person, case="plan:1")
    lift("core_auditevent")
    AuditEvent.objects.filter(pk=event.pk).update(action="thing.undone")

    with pytest.raises(CommandError, match="plan:1: event 1 was changed") as refused:
        call_command("verify_audit")

    assert refused.value.returncode == 1
