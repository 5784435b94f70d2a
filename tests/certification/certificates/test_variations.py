"""A variation from proposal to new document, and what has changed meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from certification.domain.variation import Changes, Term
from certification.models import Certificate, CertificateCondition, Proposal
from certification.services import documents, proposals
from certification.services.proposals import Wanted
from core.errors import InvalidInput
from core.models import OutgoingMail
from tests.factories import certificates as make


def propose(actor: User, certificate: Certificate, **changes: object) -> Proposal:
    wanted = Wanted("vary", "Because.", changes=Changes(**changes).as_dict())  # type: ignore[arg-type]
    return proposals.propose(actor=actor, certificate_id=certificate.pk, wanted=wanted)


def made_of(certificate: Certificate) -> Certificate:
    return Certificate.objects.get(supersedes=certificate)


def test_from_proposal_to_document(
    issued: Certificate, adviser: User, authoriser: User, owner: User, colleague: User
) -> None:
    scope, end = "  The hall without its cellar. ", issued.valid_until - timedelta(days=30)
    proposal = propose(adviser, issued, scope=scope, valid_until=end, holder_name=issued.holder_name)
    assert proposal.changes == {"scope": scope.strip(), "valid_until": end.isoformat()}
    assert Certificate.objects.count() == 1
    proposals.confirm(actor=authoriser, proposal_id=proposal.pk)
    new = made_of(issued)
    documents.render({"certificate": str(new.pk)})
    new.refresh_from_db()
    issued.refresh_from_db()
    assert (issued.state, new.state) == ("superseded", "in_force")
    assert (new.scope, new.valid_until, new.basis) == (scope.strip(), end, "variation")
    issued_mails = OutgoingMail.objects.filter(key__startswith=f"certificate:{new.pk}:issued:")
    assert sorted(issued_mails.values_list("to", flat=True)) == sorted([owner.email, colleague.email])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, ""),
        ({"scope": " "}, "scope"),
        ({"valid_until": "later"}, "valid_until"),
        ({"conditions": ()}, None),
    ],
)
def test_the_rules_are_asked(issued: Certificate, adviser: User, changes: dict[str, object], field: str | None) -> None:
    if "valid_until" in changes:
        changes = {"valid_until": issued.valid_until + timedelta(days=1)}
    if field is None:
        assert propose(adviser, issued, **changes).changes == {"conditions": []}
        return
    with pytest.raises(InvalidInput) as raised:
        propose(adviser, issued, **changes)
    assert raised.value.field == field
    assert not issued.proposals.exists()


@pytest.mark.parametrize("given", [{"surprise": 1}, {"valid_until": "soon"}, {"conditions": [{"code": "x"}]}])
def test_what_a_program_sends_wrongly_is_said(issued: Certificate, adviser: User, given: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as raised:
        proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=Wanted("vary", "x", changes=given))
    assert raised.value.field == "changes"


def test_a_day_that_has_passed_when_it_is_confirmed_is_not_taken(
    issued: Certificate, adviser: User, authoriser: User
) -> None:
    import time_machine

    proposal = propose(adviser, issued, valid_until=timezone.localdate() + timedelta(days=2))
    with (
        time_machine.travel(timezone.now() + timedelta(days=3), tick=False),
        pytest.raises(InvalidInput) as raised,
    ):
        proposals.confirm(actor=authoriser, proposal_id=proposal.pk)
    assert raised.value.field == "valid_until"
    assert Certificate.objects.count() == 1


def test_a_condition_that_was_met_meanwhile_stays_met(issued: Certificate, adviser: User, authoriser: User) -> None:
    old = issued.conditions.get()
    terms = (
        Term(old.criterion_code, "In other words.", old.due_on),
        Term("GOV-01", "New.", timezone.localdate() + timedelta(days=9)),
    )
    proposal = propose(adviser, issued, conditions=terms)
    CertificateCondition.objects.filter(pk=old.pk).update(discharged_at=timezone.now())
    proposals.confirm(actor=authoriser, proposal_id=proposal.pk)
    rows = made_of(issued).conditions.order_by("criterion_code")
    assert [(row.criterion_code, row.text, row.discharged_at is not None) for row in rows] == [
        ("GOV-01", "New.", False),
        ("GOV-02", old.text, True),
    ]


def test_a_second_variation_is_of_the_new_certificate(issued: Certificate, adviser: User, authoriser: User) -> None:
    first = propose(adviser, issued, scope="One.")
    proposals.confirm(actor=authoriser, proposal_id=first.pk)
    new = made_of(issued)
    documents.render({"certificate": str(new.pk)})
    second = propose(adviser, new, scope="Two.")
    proposals.confirm(actor=authoriser, proposal_id=second.pk)
    newest = made_of(new)
    documents.render({"certificate": str(newest.pk)})
    states = Certificate.objects.order_by("created_at").values_list("scope", "state")
    assert list(states)[1:] == [("One.", "superseded"), ("Two.", "in_force")]
    assert issued.plan.certificate == newest


def test_something_else_that_is_proposed_is_answered_first(
    issued: Certificate, adviser: User, authoriser: User
) -> None:
    from core.errors import IllegalMove

    vary = propose(adviser, issued, scope="One.")
    make_revoke = Wanted("revoke", "x")
    proposals.propose(actor=adviser, certificate_id=issued.pk, wanted=make_revoke)
    with pytest.raises(IllegalMove):
        proposals.confirm(actor=authoriser, proposal_id=vary.pk)
    vary.refresh_from_db()
    assert (vary.confirmed_at, Certificate.objects.count()) == (None, 1)


def test_a_varied_document_shows_its_own_words(issued: Certificate, adviser: User, authoriser: User) -> None:
    proposal = propose(adviser, issued, scope="The hall without its cellar.")
    proposals.confirm(actor=authoriser, proposal_id=proposal.pk)
    from certification.documents import certificate_document

    assert certificate_document(made_of(issued)).scope == "The hall without its cellar."
    assert make.PLAN_WORDS[0] not in str(certificate_document(made_of(issued)))
