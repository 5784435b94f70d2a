"""The rows that the register is searched by follow the certificates, whatever happens to those."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from certification.domain import lifecycle
from certification.models import Certificate, RegisterIndex, RegisterSpelling
from certification.services import expiry, register
from certification.services._moves import move_certificate
from tests import flush
from tests.factories import accounts as people
from tests.factories import certificates as make

LEGAL = [(state, action) for (state, action) in lifecycle.CERTIFICATE_MOVES]


def rows() -> list[tuple[object, ...]]:
    return list(
        RegisterIndex.objects.order_by("pk").values_list("pk", "sort_name", "text", "kind", "state", "valid_until")
    )


def as_they_should_be() -> list[tuple[object, ...]]:
    """Made anew from nothing."""
    RegisterIndex.objects.all().delete()
    register.rebuild()
    return rows()


@pytest.mark.parametrize(("state", "action"), LEGAL)
def test_each_legal_move_leaves_the_row_that_a_rebuild_would(decided: Certificate, state: str, action: str) -> None:
    certificate = make.put_in(state, decided)
    register.refresh([certificate.pk])
    with transaction.atomic(), flush.lifted("certification_certificate"):
        move_certificate(certificate, action, at=timezone.now())
        certificate.pdf_sha256 = certificate.pdf_sha256 or "0" * 64
        certificate.save()
    kept = rows()
    never_issued = state == "being_issued" and action != "issue"
    assert len(kept) == (0 if never_issued else 1)
    assert kept == as_they_should_be()


def test_from_the_decision_to_the_end(decided: Certificate) -> None:
    assert not RegisterIndex.objects.exists()
    issued = make.issued_certificate(decided.organisation)
    assert [row[-2] for row in rows()] == ["in_force"]
    expiry.expire(today=issued.valid_until.replace(year=issued.valid_until.year + 1))
    assert [row[-2] for row in rows()] == ["expired"]
    assert rows() == as_they_should_be()


def test_revoked_is_at_once_in_the_row(issued: Certificate, adviser: object) -> None:
    other, signer = people.make_officer("adviser"), people.make_officer("authoriser")
    make.revoked_certificate(issued, proposer=other, confirmer=signer)
    assert RegisterIndex.objects.get().state == "revoked"


def test_a_rebuild_puts_right_what_is_wrong_and_says_how_much(
    issued: Certificate, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = make.copies(issued, 3)
    RegisterIndex.objects.filter(pk=copies[0].pk).delete()
    RegisterIndex.objects.filter(pk=copies[1].pk).update(text=" wrong ", state="revoked")
    Certificate.objects.filter(pk=copies[2].pk).update(listed=False)
    call_command("rebuild_register")
    assert capsys.readouterr().out == "3 certificates on the register; 2 rows put right, 1 removed\n"
    call_command("rebuild_register")
    assert capsys.readouterr().out == "3 certificates on the register; 0 rows put right, 0 removed\n"


def test_words_are_learned_once_and_numbers_never(issued: Certificate) -> None:
    known = set(RegisterSpelling.objects.values_list("word", flat=True))
    assert {"harbour", "lights", "trust", "otley"} <= known
    assert not [word for word in known if not word.isalpha()]
    before = RegisterSpelling.objects.count()
    make.copies(issued, 2)
    assert RegisterSpelling.objects.count() == before
