"""Every kind of proposal, in every state of a certificate, by everybody: it lands, or it is refused and nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership, User
from certification.domain import lifecycle
from certification.domain import proposals as rules
from certification.models import Certificate, Proposal
from certification.services import proposals, surrenders
from certification.services.proposals import Wanted
from core.errors import Conflict, IllegalMove, InvalidInput, NotPermitted
from core.models import AuditEvent, OutgoingMail
from tests.factories import accounts as people
from tests.factories import certificates as make
from tests.factories.transfers import accepted_offer

KINDS = ("suspend", "reinstate", "revoke", "vary", "transfer")
ENDS = {
    "suspend": "suspended",
    "reinstate": "in_force",
    "revoke": "revoked",
    "vary": "in_force",
    "transfer": "in_force",
}
LEGAL = {
    ("in_force", "suspend"),
    ("suspended", "reinstate"),
    ("being_issued", "revoke"),
    ("in_force", "revoke"),
    ("suspended", "revoke"),
    ("in_force", "vary"),
    ("in_force", "transfer"),
}
GRID = [(state, kind) for state in lifecycle.CERTIFICATE_STATES for kind in KINDS]


def wanted(kind: str, **more: object) -> Wanted:
    changes = {"scope": "Other words."} if kind == "vary" else {}
    return Wanted(kind, "SECRET-REASON", changes=changes, **more)  # type: ignore[arg-type]


def snapshot(certificate: Certificate) -> dict[str, object]:
    return Certificate.objects.filter(pk=certificate.pk).values().get()


def propose(actor: User, certificate: Certificate, kind: str = "revoke", **more: object) -> Proposal:
    return proposals.propose(actor=actor, certificate_id=certificate.pk, wanted=wanted(kind, **more))


def confirm(actor: User, proposal: Proposal) -> Certificate:
    return proposals.confirm(actor=actor, proposal_id=proposal.pk)


def test_the_table_agrees_with_the_lifecycle() -> None:
    for kind in rules.KINDS.values():
        moves = {state for state in lifecycle.CERTIFICATE_STATES if lifecycle.certificate_after(state, kind.action)}
        assert not kind.action or moves == set(kind.states), kind.code
    assert set(rules.KINDS) == {*KINDS, "surrender"} == set(Proposal.Kind.values)


@pytest.mark.parametrize(("state", "kind"), GRID)
def test_each_kind_lands_or_changes_nothing(
    decided: Certificate, adviser: User, authoriser: User, state: str, kind: str
) -> None:
    if kind == "transfer":
        make.put_in("in_force", decided)
        accepted_offer(decided)
    make.put_in(state, decided)
    before = snapshot(decided)
    if (state, kind) in LEGAL:
        confirm(authoriser, propose(adviser, decided, kind))
        decided.refresh_from_db()
        assert decided.state == ENDS[kind]
        assert decided.proposals.get().effective_at is not None
        assert Certificate.objects.count() == (2 if kind in {"vary", "transfer"} else 1)
        return
    with pytest.raises(IllegalMove):
        propose(adviser, decided, kind)
    assert not decided.proposals.exists()
    # One that was made while it could be, before the certificate moved on.
    offer = decided.transfer_offers.first()
    left = Proposal.objects.create(
        certificate=decided,
        kind=kind,
        reason="Because.",
        changes={"offer": str(offer.pk)} if offer else dict(wanted(kind).changes),
        proposed_by=adviser,
        proposed_as="adviser",
        proposed_at=timezone.now(),
    )
    with pytest.raises(IllegalMove):
        confirm(authoriser, left)
    assert snapshot(decided) == before
    left.refresh_from_db()
    assert (left.confirmed_at, left.effective_at) == (None, None)
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize("state", lifecycle.CERTIFICATE_STATES)
def test_surrender_lands_or_changes_nothing(decided: Certificate, owner: User, state: str) -> None:
    make.put_in(state, decided)
    before = snapshot(decided)
    if state in lifecycle.CERTIFICATE_LIVE:
        surrenders.surrender(actor=owner, certificate_id=decided.pk, reason="We have moved.")
        decided.refresh_from_db()
        assert (decided.state, decided.ended_at is not None) == ("surrendered", True)
        return
    with pytest.raises(IllegalMove):
        surrenders.surrender(actor=owner, certificate_id=decided.pk, reason="We have moved.")
    assert snapshot(decided) == before
    assert not decided.proposals.exists()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_past_its_last_day_is_not_moved(decided: Certificate, adviser: User, kind: str) -> None:
    state = "suspended" if kind == "reinstate" else "in_force"
    make.put_in(state, make.running_until(decided, timezone.localdate() - timedelta(days=1)))
    with pytest.raises(IllegalMove):
        propose(adviser, decided, kind)
    assert not decided.proposals.exists()


# Who ------------------------------------------------------------------------------------------------------------------


class _Undo(Exception):
    pass


def allowed(act: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            act()
            raise _Undo
    except NotPermitted:
        return False
    except _Undo:
        return True


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("role", "may_propose", "may_confirm", "may_drop"),
    [
        ("adviser", True, False, True),
        ("second_adviser", True, False, False),
        ("authoriser", True, True, True),
        ("other_area_authoriser", False, False, False),
        ("auditor", False, False, False),
        ("national_admin", False, False, False),
        ("owner", False, False, False),
        ("stranger", False, False, False),
        ("authoriser_of_the_holder", False, False, False),
    ],
)
def test_who_may(
    decided: Certificate,
    request: pytest.FixtureRequest,
    kind: str,
    role: str,
    may_propose: bool,
    may_confirm: bool,
    may_drop: bool,
) -> None:
    make.put_in("in_force", decided)
    if kind == "transfer":
        accepted_offer(decided)
    make.put_in("suspended" if kind == "reinstate" else "in_force", decided)
    adviser = request.getfixturevalue("adviser")
    if role == "other_area_authoriser":
        actor = people.make_officer("authoriser", area=people.OTHER_AREA)
    elif role == "authoriser_of_the_holder":
        actor = people.make_officer("authoriser")
        Membership.objects.create(
            organisation=decided.organisation, user=actor, role="viewer", joined_at=timezone.now()
        )
    else:
        actor = request.getfixturevalue(role)
    assert allowed(lambda: propose(actor, decided, kind)) is may_propose
    open_one = propose(adviser, decided, kind)
    assert allowed(lambda: confirm(actor, open_one)) is may_confirm
    assert allowed(lambda: proposals.drop(actor=actor, proposal_id=open_one.pk)) is may_drop


@pytest.mark.parametrize("role", ["colleague", "viewer", "stranger", "adviser", "authoriser", "auditor"])
def test_an_owner_alone_gives_it_up(issued: Certificate, request: pytest.FixtureRequest, role: str) -> None:
    before = snapshot(issued)
    with pytest.raises(NotPermitted):
        surrenders.surrender(actor=request.getfixturevalue(role), certificate_id=issued.pk, reason="Because.")
    assert snapshot(issued) == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_proposer_never_confirms(decided: Certificate, authoriser: User, kind: str) -> None:
    make.put_in("in_force", decided)
    if kind == "transfer":
        accepted_offer(decided)
    make.put_in("suspended" if kind == "reinstate" else "in_force", decided)
    made = propose(authoriser, decided, kind)
    before = snapshot(decided)
    with pytest.raises(NotPermitted):
        confirm(authoriser, made)
    assert snapshot(decided) == before


def test_whoever_left_the_office_meanwhile_confirms_nothing(
    issued: Certificate, adviser: User, authoriser: User
) -> None:
    made = propose(adviser, issued)
    authoriser.appointments.update(ended_at=timezone.now())
    with pytest.raises(NotPermitted):
        confirm(authoriser, made)


@pytest.mark.parametrize(
    ("office", "first", "urgent", "may"),
    [
        ("authoriser", "adviser", False, True),
        ("authoriser", "authoriser", False, True),
        ("adviser", "adviser", False, False),
        ("adviser", "authoriser", False, False),
        ("authoriser", "adviser", True, True),
        ("authoriser", "authoriser", True, True),
        ("adviser", "adviser", True, False),
        ("adviser", "authoriser", True, True),
        ("owner", "authoriser", True, False),
        ("", "authoriser", True, False),
    ],
)
def test_who_may_be_the_second(office: str, first: str, urgent: bool, may: bool) -> None:
    assert rules.may_be_second(office, first=first, urgent=urgent) is may


# What the database refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"same_person": True},
        {"confirmed_as": "adviser"},
        {"confirmed_as": "owner"},
        {"confirmed_by": None},
        {"confirmed_at": None},
        {"dropped_at": timezone.now()},
        {"urgent": True},
        {"urgent": True, "kind": "suspend", "lapses_at": timezone.now(), "effective_at": None},
        {"lapses_at": timezone.now()},
        {"urgent": True, "kind": "suspend", "proposed_as": "adviser", "confirmed_as": "adviser"},
        {"kind": "surrender"},
    ],
)
def test_the_database_itself_asks_for_two(
    issued: Certificate, adviser: User, authoriser: User, values: dict[str, object]
) -> None:
    now = timezone.now()
    row: dict[str, object] = {
        "certificate": issued,
        "kind": "revoke",
        "reason": "x",
        "proposed_by": adviser,
        "proposed_as": "adviser",
        "proposed_at": now,
        "confirmed_by": authoriser,
        "confirmed_as": "authoriser",
        "confirmed_at": now,
        "effective_at": now,
    }
    given = dict(values)
    if given.pop("same_person", False):
        given["confirmed_by"] = adviser
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(**{**row, **given})
    Proposal.objects.create(**row)


def test_nothing_takes_effect_on_one_signature(issued: Certificate, adviser: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            certificate=issued,
            kind="revoke",
            reason="x",
            proposed_by=adviser,
            proposed_at=timezone.now(),
            effective_at=timezone.now(),
        )


@pytest.mark.parametrize(
    ("field", "value"), [("reason", "Another."), ("kind", "suspend"), ("changes", {"scope": "x"}), ("proposed_as", "")]
)
def test_what_was_proposed_does_not_change(issued: Certificate, adviser: User, field: str, value: object) -> None:
    made = propose(adviser, issued)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(**{field: value})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Proposal.objects.filter(pk=made.pk)._raw_delete("default")


def test_an_answer_does_not_change(issued: Certificate, adviser: User, authoriser: User) -> None:
    made = propose(adviser, issued)
    confirm(authoriser, made)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Proposal.objects.filter(pk=made.pk).update(confirmed_at=timezone.now())


# How it goes --------------------------------------------------------------------------------------------------------


def told(kind: str) -> list[str]:
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("to", flat=True))


@pytest.mark.parametrize(
    ("kind", "mail", "action"),
    [
        ("suspend", "certificate.suspended", "certificate.suspended"),
        ("reinstate", "certificate.reinstated", "certificate.reinstated"),
        ("revoke", "certificate.revoked", "certificate.revoked"),
        ("vary", "certificate.varied", "certificate.varied"),
    ],
)
def test_who_is_told_and_when(
    decided: Certificate,
    adviser: User,
    authoriser: User,
    owner: User,
    colleague: User,
    viewer: User,
    kind: str,
    mail: str,
    action: str,
) -> None:
    make.put_in("suspended" if kind == "reinstate" else "in_force", decided)
    other = people.make_officer("authoriser")
    of_holder = people.make_officer("authoriser")
    Membership.objects.create(
        organisation=decided.organisation, user=of_holder, role="viewer", joined_at=timezone.now()
    )
    OutgoingMail.objects.all().delete()
    made = propose(adviser, decided, kind)
    assert told("proposal.waiting") == sorted([authoriser.email, other.email])
    assert told(mail) == []
    confirm(authoriser, made)
    assert told(mail) == sorted([owner.email, colleague.email])
    assert told("proposal.confirmed") == [adviser.email]
    assert not [m for m in OutgoingMail.objects.all() if "SECRET-REASON" in m.subject + m.body]
    events = AuditEvent.objects.filter(target_id=str(decided.pk), action__in=[f"certificate.{kind}_proposed", action])
    assert sorted(events.values_list("action", "actor")) == sorted(
        [(f"certificate.{kind}_proposed", adviser.pk), (action, authoriser.pk)]
    )
    assert not [e for e in AuditEvent.objects.all() if "SECRET-REASON" in str(e.facts)]
    assert viewer.email not in set(OutgoingMail.objects.values_list("to", flat=True))


def test_a_surrender_is_told_to_the_holder_s_people_and_to_the_police(
    issued: Certificate, owner: User, colleague: User, authoriser: User, adviser: User
) -> None:
    surrenders.surrender(actor=owner, certificate_id=issued.pk, reason="SECRET-REASON")
    assert told("certificate.surrendered") == sorted([owner.email, colleague.email])
    assert told("certificate.surrendered_to_police") == [authoriser.email]
    row = issued.proposals.get()
    assert (row.kind, row.proposed_as, row.confirmed_at, row.effective_at is not None) == (
        "surrender",
        "owner",
        None,
        True,
    )
    event = AuditEvent.objects.get(action="certificate.surrendered")
    assert (event.actor, event.facts["state"]) == (owner, "surrendered")


def test_the_second_to_confirm_is_told_who_was_first(issued: Certificate, adviser: User, authoriser: User) -> None:
    other = people.make_officer("authoriser")
    made = propose(adviser, issued)
    confirm(authoriser, made)
    with pytest.raises(Conflict, match=authoriser.name):
        confirm(other, made)


def test_one_of_a_kind_at_a_time(issued: Certificate, adviser: User, second_adviser: User, authoriser: User) -> None:
    first = propose(adviser, issued)
    with pytest.raises(Conflict) as raised:
        propose(second_adviser, issued)
    assert raised.value.current == first
    propose(second_adviser, issued, "suspend")
    proposals.drop(actor=authoriser, proposal_id=first.pk)
    with pytest.raises(IllegalMove):
        confirm(authoriser, first)
    propose(second_adviser, issued)
    assert issued.proposals.count() == 3


def test_what_else_was_proposed_falls_with_the_end_and_its_proposer_is_told(
    issued: Certificate, adviser: User, second_adviser: User, authoriser: User
) -> None:
    other = propose(second_adviser, issued, "suspend")
    confirm(authoriser, propose(adviser, issued))
    other.refresh_from_db()
    assert other.dropped_at is not None
    assert told("proposal.dropped") == [second_adviser.email]
    assert AuditEvent.objects.get(action="certificate.suspend_dropped").actor is None


def test_expiry_closes_what_was_proposed(issued: Certificate, adviser: User) -> None:
    from certification.services import expiry

    made = propose(adviser, issued)
    make.running_until(issued, timezone.localdate() - timedelta(days=1))
    assert expiry.expire(today=timezone.localdate()) == 1
    made.refresh_from_db()
    assert made.dropped_at is not None
    assert told("proposal.dropped") == [adviser.email]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"kind": "revoke", "reason": "  "}, "reason"),
        ({"kind": "revoke", "reason": "x" * 4001}, "reason"),
        ({"kind": "surrender", "reason": "x"}, "kind"),
        ({"kind": "nonsense", "reason": "x"}, "kind"),
        ({"kind": "revoke", "reason": "x", "urgent": True}, "urgent"),
        ({"kind": "revoke", "reason": "x", "changes": {"scope": "x"}}, "changes"),
    ],
)
def test_what_cannot_be_taken(issued: Certificate, adviser: User, given: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=Wanted(**given))  # type: ignore[arg-type]
    assert raised.value.field == field
    assert not issued.proposals.exists()
