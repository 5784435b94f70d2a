"""An estate's certificates in one file: asked for once, packed once, for members alone, gone after a week."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from certification.domain import bundles as moves
from certification.models import Bundle, Certificate
from certification.policies import certificate_files as policies
from certification.services import bundles
from core import storage
from core.errors import IllegalMove, NotPermitted
from core.models import AuditEvent, OutboxJob
from tests import flush
from tests.factories import certificates as make
from tests.factories.certificate_files import add_file


class Killed(BaseException):
    """Not an Exception: nothing of ours may catch it, as nothing catches a kill."""


@pytest.fixture
def standing(decided: Certificate) -> Certificate:
    """In force, with something small for its document."""
    certificate = make.put_in("in_force", decided)
    storage.write(certificate.pdf_name, [b"%PDF-1.7 the first"])
    return certificate


def asked(owner: User, organisation: Organisation, kind: str = "documents") -> Bundle:
    return bundles.request(actor=owner, organisation_id=organisation.pk, kind=kind)


def made(bundle: Bundle) -> Bundle:
    bundles.make({"bundle": str(bundle.pk)})
    bundle.refresh_from_db()
    return bundle


def opened(bundle: Bundle) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(storage.read_all(bundle.name)))


def rows(archive: zipfile.ZipFile) -> list[list[str]]:
    return list(csv.reader(io.StringIO(archive.read("index.csv").decode("utf-8-sig"))))


def test_it_holds_each_standing_certificate_a_list_and_a_note(
    standing: Certificate, owner: User, organisation: Organisation, run_outbox: Callable[[], int]
) -> None:
    ended = make.put_in("revoked", make.copies(standing, 1)[0])
    bundle = asked(owner, organisation)
    run_outbox()
    bundle.refresh_from_db()
    archive = opened(bundle)
    assert archive.testzip() is None
    assert archive.namelist() == [f"certificates/{standing.number}.pdf", "index.csv", "README.txt"]
    assert archive.read(f"certificates/{standing.number}.pdf") == b"%PDF-1.7 the first"
    assert ended.number not in archive.read("index.csv").decode()
    assert rows(archive)[1] == [
        standing.number,
        standing.subject_name,
        standing.subject_place,
        "venue",
        standing.area.name,
        "in force",
        standing.valid_from.isoformat(),
        standing.valid_until.isoformat(),
        "1",
        f"certificates/{standing.number}.pdf",
        "0" * 64,
    ]
    assert organisation.name in archive.read("README.txt").decode()
    assert (bundle.state, bundle.done, bundle.total, bundle.size) == (
        "ready",
        1,
        1,
        len(storage.read_all(bundle.name)),
    )
    assert bundle.expires_at is not None
    assert bundle.finished_at is not None
    assert bundle.expires_at - bundle.finished_at == timedelta(days=7)


def test_the_newest_document_is_packed_and_posters_on_their_own(
    standing: Certificate, owner: User, organisation: Organisation
) -> None:
    add_file(standing, "document", version="2099.1", content=b"%PDF-1.7 the second")
    add_file(standing, "poster", content=b"%PDF-1.7 poster")
    documents, posters = (opened(made(asked(owner, organisation, kind))) for kind in ("documents", "posters"))
    assert documents.read(f"certificates/{standing.number}.pdf") == b"%PDF-1.7 the second"
    assert posters.namelist()[0] == f"posters/{standing.number}-poster.pdf"
    assert posters.read(posters.namelist()[0]) == b"%PDF-1.7 poster"


@pytest.mark.parametrize("name", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "  =1"])
def test_a_name_is_never_a_formula(standing: Certificate, owner: User, organisation: Organisation, name: str) -> None:
    with flush.lifted("certification_certificate"):
        Certificate.objects.filter(pk=standing.pk).update(subject_name=name)
    assert rows(opened(made(asked(owner, organisation))))[1][1] == f"'{name}"


def test_in_the_vault_it_cannot_be_read(standing: Certificate, owner: User, organisation: Organisation) -> None:
    bundle = made(asked(owner, organisation))
    raw = (Path(settings.VAULT_DIR) / bundle.name).read_bytes()
    assert storage.read_all(bundle.name).startswith(b"PK")
    assert not raw.startswith(b"PK")
    assert standing.number.encode() not in raw


def test_asked_twice_it_is_one(standing: Certificate, owner: User, viewer: User, organisation: Organisation) -> None:
    assert asked(owner, organisation) == asked(viewer, organisation)
    assert OutboxJob.objects.filter(kind="certificates.bundle").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Bundle.objects.create(
            organisation=organisation, kind="documents", requested_by=owner, requested_at=timezone.now()
        )


def test_once_it_is_there_another_may_be_asked_for(
    standing: Certificate, owner: User, organisation: Organisation
) -> None:
    first = made(asked(owner, organisation))
    assert asked(owner, organisation) != first


def test_with_nothing_standing_there_is_nothing_to_ask_for(owner: User, organisation: Organisation) -> None:
    with pytest.raises(IllegalMove):
        asked(owner, organisation)
    assert not Bundle.objects.exists()


def test_what_ended_before_the_worker_came_is_not_packed(
    standing: Certificate, owner: User, organisation: Organisation, adviser: User, authoriser: User
) -> None:
    bundle = asked(owner, organisation)
    make.revoked_certificate(standing, proposer=adviser, confirmer=authoriser)
    made(bundle)
    assert (bundle.state, bundle.name, bundle.done) == ("failed", "", 0)
    with pytest.raises(IllegalMove):
        bundles.open_for(actor=owner, bundle_id=bundle.pk)


@pytest.mark.parametrize(
    ("module", "name", "after"),
    [(storage, "read_all", True), (storage, "write", True), (bundles.audit, "record", True)],
)
def test_killed_at_any_step_and_run_again_there_is_one_whole_file(
    standing: Certificate,
    owner: User,
    organisation: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    after: bool,
) -> None:
    bundle = asked(owner, organisation)
    real = getattr(module, name)

    def dies(*args: object, **kwargs: object) -> object:
        if after:
            real(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(module, name, dies)
        with pytest.raises(Killed):
            bundles.make({"bundle": str(bundle.pk)})
    bundle.refresh_from_db()
    assert bundle.state == "making"
    assert opened(made(bundle)).testzip() is None
    assert bundle.state == "ready"
    assert AuditEvent.objects.filter(action="bundle.made").count() == 1
    before = Bundle.objects.filter(pk=bundle.pk).values().get()
    made(bundle)
    assert Bundle.objects.filter(pk=bundle.pk).values().get() == before


def test_it_says_how_far_it_has_come(
    standing: Certificate, owner: User, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "_REPORT", 2)
    for copy in make.copies(standing, 3):
        assert copy.state == "in_force"
    bundle = asked(owner, organisation)
    seen: list[tuple[int, int]] = []
    real = storage.read_all

    def looks(name: str) -> bytes:
        seen.append(Bundle.objects.values_list("done", "total").get(pk=bundle.pk))
        return real(name)

    with monkeypatch.context() as patch:
        patch.setattr(storage, "read_all", looks)
        made(bundle)
    assert seen == [(0, 4), (0, 4), (2, 4), (2, 4)]
    assert (bundle.done, bundle.total) == (4, 4)


def test_after_a_week_the_file_goes_and_the_row_says_so(
    standing: Certificate, owner: User, organisation: Organisation
) -> None:
    bundle = made(asked(owner, organisation))
    assert bundle.expires_at is not None
    assert bundles.expire(now=bundle.expires_at - timedelta(seconds=1)) == 0
    assert storage.exists(bundle.name)
    assert bundles.expire(now=bundle.expires_at) == 1
    bundle.refresh_from_db()
    assert (bundle.state, storage.exists(bundle.name)) == ("expired", False)
    assert bundles.expire(now=bundle.expires_at) == 0
    with pytest.raises(IllegalMove):
        bundles.open_for(actor=owner, bundle_id=bundle.pk)


def test_killed_between_file_and_row_the_next_night_finds_it(
    standing: Certificate, owner: User, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = made(asked(owner, organisation))
    assert bundle.expires_at is not None
    real = storage.delete

    def dies(name: str) -> None:
        real(name)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(storage, "delete", dies)
        with pytest.raises(Killed):
            bundles.expire(now=bundle.expires_at)
    with pytest.raises(IllegalMove):
        bundles.open_for(actor=owner, bundle_id=bundle.pk)
    assert bundles.expire(now=bundle.expires_at) == 1


@pytest.mark.parametrize("who", ["stranger", "adviser", "authoriser", "auditor", "national_admin"])
def test_nobody_but_a_member_asks_or_opens(
    request: pytest.FixtureRequest, standing: Certificate, owner: User, organisation: Organisation, who: str
) -> None:
    bundle = made(asked(owner, organisation))
    other = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        asked(other, organisation)
    with pytest.raises(NotPermitted):
        bundles.open_for(actor=other, bundle_id=bundle.pk)


@pytest.mark.parametrize("who", ["owner", "colleague", "viewer", "stranger", "adviser", "auditor", "national_admin"])
def test_the_list_and_the_policy_say_the_same(
    request: pytest.FixtureRequest, standing: Certificate, owner: User, organisation: Organisation, who: str
) -> None:
    bundle = asked(owner, organisation)
    user = request.getfixturevalue(who)
    assert Bundle.objects.visible_to(user).filter(pk=bundle.pk).exists() == bool(policies.can_view(user, bundle))


def test_opening_is_on_the_record(standing: Certificate, owner: User, organisation: Organisation) -> None:
    bundle = made(asked(owner, organisation))
    given = bundles.open_for(actor=owner, bundle_id=bundle.pk)
    assert (given.size, given.name.startswith("documents-")) == (len(b"".join(given.chunks)), True)
    event = AuditEvent.objects.get(action="bundle.downloaded")
    assert (event.actor, event.facts) == (owner, {"kind": "documents", "certificates": 1})


@pytest.mark.parametrize("state", moves.STATES)
@pytest.mark.parametrize("action", moves.ACTIONS)
def test_every_pair_lands_or_is_refused(state: str, action: str) -> None:
    bundle = Bundle(state=state, kind="documents")
    expected = moves.after(state, action)
    if expected is None:
        with pytest.raises(IllegalMove):
            bundles._move(bundle, action)
        assert bundle.state == state
    else:
        bundles._move(bundle, action)
        assert bundle.state == expected
