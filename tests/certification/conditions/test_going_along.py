"""What is open about a condition goes along to the certificate that takes the old one's place, or its holder learns why not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Organisation, User
from certification.models import Certificate, CertificateCondition, ConditionDischarge, ConditionReminder, Evidence
from certification.policies import conditions as policies
from certification.selectors import conditions as selectors
from certification.services import (
    condition_reminders,
    conditions,
    discharges,
    documents,
    proposals,
    reviews,
)
from certification.services.proposals import Wanted
from core import audit
from core.errors import IllegalMove
from core.models import AuditEvent, OutgoingMail
from tests.certification.changes.test_changes import submitted as plan_submitted
from tests.certification.changes.test_changes import told
from tests.factories import conditions as make
from tests.factories.certificates import put_in
from tests.factories.reviews import judge_all, recommend_as_scored, recommended_plan, sign_as_recommended
from tests.factories.transfers import accepted_offer, receiver

pytestmark = pytest.mark.django_db


def render(certificate: Certificate) -> Certificate:
    documents.render({"certificate": str(certificate.pk)})
    certificate.refresh_from_db()
    return certificate


def confirmed(certificate: Certificate, kind: str, adviser: User, authoriser: User, **changes: object) -> Certificate:
    wanted = Wanted(kind, "Because.", changes=changes)
    proposal = proposals.propose(actor=adviser, certificate_id=certificate.pk, wanted=wanted)
    proposals.confirm(actor=authoriser, proposal_id=proposal.pk)
    return Certificate.objects.get(supersedes=certificate)


def varied(certificate: Certificate, adviser: User, authoriser: User, **changes: object) -> Certificate:
    return confirmed(certificate, "vary", adviser, authoriser, **(changes or {"scope": "Other words."}))


def transferred(certificate: Certificate, to: Organisation, adviser: User, authoriser: User) -> Certificate:
    accepted_offer(certificate, to)
    return confirmed(certificate, "transfer", adviser, authoriser)


def changed(certificate: Certificate, owner: User, reviewer: User, signer: User) -> Certificate:
    plan = plan_submitted(told(certificate, owner), owner)
    reviews.claim(actor=reviewer, plan_id=plan.pk)
    judge_all(plan, reviewer=reviewer)
    recommend_as_scored(plan, reviewer=reviewer)
    sign_as_recommended(plan, by=signer)
    return Certificate.objects.get(plan=plan)


def listed(user: User) -> list[tuple[int, int]]:
    rows = selectors.to_look_at(user, today=timezone.localdate()).rows
    return [(row.condition.pk, row.rank) for row in rows]


def over() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind="condition.over").order_by("to"))


@pytest.fixture
def new_holder(db: None) -> Organisation:
    return receiver()


# The same holder ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["varied", "changed"])
def test_what_was_sent_in_is_decided_on_the_new_certificate(
    certificate: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
    how: str,
) -> None:
    file = make.clean_file(condition, organiser)
    sent = make.submitted(condition, organiser)
    wish = make.asked(condition, organiser)
    if how == "varied":
        made = varied(certificate, adviser, authoriser)
    else:
        made = changed(certificate, owner, second_adviser, authoriser)
    row = made.conditions.get()
    # Until the document exists the old one stands, and so does what is asked of it.
    assert listed(adviser) == [(condition.pk, selectors.SUBMITTED)]
    render(made)
    sent.refresh_from_db()
    wish.refresh_from_db()
    assert (sent.condition, sent.state, wish.condition, wish.state) == (row, "submitted", row, "asked")
    assert listed(adviser) == [(row.pk, selectors.SUBMITTED)]
    went = AuditEvent.objects.filter(action__endswith="went_along").order_by("pk")
    assert [(event.action, event.facts["before"], event.facts["condition"]) for event in went] == [
        ("condition.discharge_went_along", certificate.number, row.pk),
        ("condition.extension_went_along", certificate.number, row.pk),
    ]
    assert {event.chain.key for event in went.select_related("chain")} == {f"plan:{made.plan_id}"}
    file.refresh_from_db()
    for reader in (organiser, adviser):
        assert policies.can_open_file(reader, Evidence.objects.get(pk=file.pk))
    discharges.accept(actor=second_adviser, discharge_id=sent.pk)
    row.refresh_from_db()
    condition.refresh_from_db()
    assert (row.discharged_at is not None, condition.discharged_at) == (True, None)
    assert (over(), listed(adviser)) == ([], [])
    assert audit.verify_all().problem == ""


def test_what_is_being_written_goes_on_with_its_files(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, authoriser: User
) -> None:
    file = make.clean_file(condition, organiser)
    discharges.write(actor=organiser, condition_id=condition.pk, note="Half of it.")
    made = render(varied(certificate, adviser, authoriser))
    row = made.conditions.get()
    sent = make.submitted(row, organiser, note="All of it.")
    assert (sent.condition, list(sent.evidence.all()), ConditionDischarge.objects.count()) == (row, [file], 1)


def test_made_twice_it_goes_along_once(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, authoriser: User
) -> None:
    make.submitted(condition, organiser)
    made = varied(certificate, adviser, authoriser)
    render(made)
    render(made)
    assert AuditEvent.objects.filter(action="condition.discharge_went_along").count() == 1


def test_what_happens_until_the_document_is_made_counts(
    certificate: Certificate,
    condition: CertificateCondition,
    organiser: User,
    owner: User,
    adviser: User,
    authoriser: User,
) -> None:
    other = make.add(certificate, "GOV-01", condition.due_on + timedelta(days=1))
    made = varied(certificate, adviser, authoriser)
    sent = make.submitted(condition, organiser)
    discharges.accept(actor=adviser, discharge_id=sent.pk)
    until = other.due_on + timedelta(days=9)
    conditions.extend(actor=adviser, condition_id=other.pk, until=until, reason="The builder is late.")
    conditions.assign(actor=owner, condition_id=other.pk, owner_id=organiser.pk)
    render(made)
    condition.refresh_from_db()
    met, later = made.conditions.order_by("-criterion_code")
    assert (met.discharged_at, met.stands_from) == (condition.discharged_at, condition)
    assert (later.due_on, later.owner, later.due_set_at is not None) == (until, organiser, True)


def test_nothing_is_answered_on_the_old_certificate_any_more(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, authoriser: User
) -> None:
    sent, wish = make.submitted(condition, organiser), make.asked(condition, organiser)
    old = condition.pk
    made = render(varied(certificate, adviser, authoriser))
    for deed in (
        lambda: make.submitted(condition, organiser),
        lambda: make.asked(condition, organiser),
        lambda: conditions.extend(actor=adviser, condition_id=old, until=wish.until, reason="Why."),
    ):
        with pytest.raises(IllegalMove, match="does not stand"):
            deed()
    assert listed(adviser) == [(made.conditions.get().pk, selectors.SUBMITTED)]
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_narrower_words_take_what_was_sent_in_along(
    certificate: Certificate, condition: CertificateCondition, organiser: User, adviser: User, authoriser: User
) -> None:
    """An officer reads it beside the new words, and sends it back where it does not meet them."""
    sent = make.submitted(condition, organiser)
    term = {"code": "GOV-02", "text": "Narrower.", "due_on": condition.due_on.isoformat()}
    made = render(varied(certificate, adviser, authoriser, conditions=[term]))
    sent.refresh_from_db()
    assert (sent.condition.text, sent.condition.certificate, sent.state) == ("Narrower.", made, "submitted")


def test_past_a_variation_that_never_came_into_force(
    certificate: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    """It waited for the end of a suspension; a later decision does not, and takes the place of both. The words are the
    variation's, which had been decided on; what is open comes from the certificate that stood.
    """
    term = {"code": "GOV-02", "text": "Narrower.", "due_on": condition.due_on.isoformat()}
    change = told(certificate, owner)
    waiting = varied(certificate, adviser, authoriser, conditions=[term])
    put_in("suspended", certificate)
    sent = make.submitted(condition, organiser)
    plan = plan_submitted(change, owner)
    reviews.claim(actor=second_adviser, plan_id=plan.pk)
    judge_all(plan, reviewer=second_adviser)
    recommend_as_scored(plan, reviewer=second_adviser)
    sign_as_recommended(plan, by=authoriser)
    made = render(Certificate.objects.get(plan=plan))
    waiting.refresh_from_db()
    certificate.refresh_from_db()
    assert [one.state for one in (certificate, waiting, made)] == ["superseded", "superseded", "in_force"]
    row = made.conditions.get()
    sent.refresh_from_db()
    assert (row.text, row.stands_from, row.origin) == ("Narrower.", waiting.conditions.get(), condition)
    assert (sent.condition, sent.state) == (row, "submitted")


# It does not go along -----------------------------------------------------------------------------------------------------


def test_a_condition_that_a_variation_ends_ends_what_is_open_about_it(
    certificate: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    authoriser: User,
) -> None:
    sent, wish = make.submitted(condition, organiser), make.asked(condition, organiser)
    made = render(varied(certificate, adviser, authoriser, conditions=[]))
    sent.refresh_from_db()
    wish.refresh_from_db()
    assert (sent.state, sent.condition, wish.state) == ("lapsed", condition, "lapsed")
    told = over()
    assert {mail.to for mail in told} == {owner.email, organiser.email}
    assert f"Certificate {made.number} has taken its place and no longer asks for this" in told[0].body
    assert "about 1 condition of it is over without a decision" in told[0].body
    assert not [mail for mail in told if "SECRET" in mail.subject + mail.body]
    events = AuditEvent.objects.filter(action__endswith="_lapsed").order_by("pk")
    assert [(event.action, event.facts["by"]) for event in events] == [
        ("condition.discharge_lapsed", made.number),
        ("condition.extension_lapsed", made.number),
    ]


def test_what_was_reviewed_again_ends_what_is_open_about_it(
    certificate: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
) -> None:
    stays = make.submitted(condition, organiser)
    ends = make.submitted(make.add(certificate, "PHY-01", condition.due_on), organiser)
    made = render(changed(certificate, owner, second_adviser, authoriser))
    stays.refresh_from_db()
    ends.refresh_from_db()
    assert (stays.state, stays.condition.certificate, ends.state) == ("submitted", made, "lapsed")
    assert f"After a new decision certificate {made.number} has taken its place" in over()[0].body


def test_a_renewal_ends_what_is_open_and_says_so(
    certificate: Certificate, condition: CertificateCondition, organiser: User, second_adviser: User, authoriser: User
) -> None:
    sent = make.submitted(condition, organiser)
    renewal = recommended_plan(
        certificate.organisation, reviewer=second_adviser, subject=certificate.venue, level=4, levels={"GOV-02": 2}
    )
    sign_as_recommended(renewal, by=authoriser)
    made = render(Certificate.objects.get(plan=renewal))
    sent.refresh_from_db()
    assert (sent.state, sent.condition) == ("lapsed", condition)
    assert [f"After a new decision certificate {made.number} has taken its place" in m.body for m in over()] == [True]


# Another holder -----------------------------------------------------------------------------------------------------------


def test_another_holder_is_shown_nothing_of_it_and_the_old_one_is_told(
    certificate: Certificate,
    condition: CertificateCondition,
    owner: User,
    organiser: User,
    adviser: User,
    second_adviser: User,
    authoriser: User,
    new_holder: Organisation,
) -> None:
    early = make.submitted(condition, organiser, note="SECRET-EARLY")
    discharges.send_back(actor=second_adviser, discharge_id=early.pk, reason="SECRET-MORE")
    conditions.assign(actor=owner, condition_id=condition.pk, owner_id=organiser.pk)
    file = make.clean_file(condition, organiser)
    sent, wish = make.submitted(condition, organiser), make.asked(condition, organiser)
    made = render(transferred(certificate, new_holder, adviser, authoriser))
    sent.refresh_from_db()
    wish.refresh_from_db()
    assert (sent.state, sent.condition, wish.state, wish.condition) == ("lapsed", condition, "lapsed", condition)
    row = made.conditions.get()
    assert (row.owner, row.text, row.due_on, row.stands_from) == (None, condition.text, condition.due_on, condition)

    taker = new_holder.created_by
    page = selectors.page_of(selectors.visible(taker).get(pk=row.pk), taker, today=timezone.localdate())
    assert (page.rounds, page.extensions, page.draft) == ((), (), None)
    assert not selectors.visible(taker).filter(pk=condition.pk).exists()
    evidence = Evidence.objects.select_related("discharge__condition__certificate").get(pk=file.pk)
    assert [bool(policies.can_open_file(who, evidence)) for who in (taker, organiser, adviser)] == [False, True, True]

    told = over()
    assert {mail.to for mail in told} == {owner.email, organiser.email}
    assert "It has passed to another holder before the police had decided" in told[0].body
    assert "They are not shown what you wrote or your files" in told[0].body
    assert listed(adviser) == []


def test_another_holder_is_reminded_although_the_one_before_was(
    certificate: Certificate, condition: CertificateCondition, adviser: User, authoriser: User, new_holder: Organisation
) -> None:
    today = timezone.localdate()
    make.due(condition, today + timedelta(days=10))
    CertificateCondition.objects.filter(pk=condition.pk).update(due_set_at=timezone.now() - timedelta(days=30))
    assert condition_reminders.sweep(today=today) == 1
    made = render(transferred(certificate, new_holder, adviser, authoriser))
    assert condition_reminders.sweep(today=today) == 1
    last = OutgoingMail.objects.filter(kind="condition.reminder").latest("pk")
    assert (last.to, made.number in last.subject) == (new_holder.created_by.email, True)


def test_varied_nobody_is_reminded_twice(
    certificate: Certificate, condition: CertificateCondition, adviser: User, authoriser: User
) -> None:
    today = timezone.localdate()
    make.due(condition, today + timedelta(days=10))
    CertificateCondition.objects.filter(pk=condition.pk).update(due_set_at=timezone.now() - timedelta(days=30))
    made = varied(certificate, adviser, authoriser)
    # Also where the reminder went out while the document was being made.
    assert condition_reminders.sweep(today=today) == 1
    render(made)
    assert condition_reminders.sweep(today=today) == 0
    assert ConditionReminder.objects.filter(condition__certificate=made).count() == 1
