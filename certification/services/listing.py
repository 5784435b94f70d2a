"""Keeping a site off the public register: asked by an owner, answered by a national administrator, ended by a holder."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import editors_of
from certification.domain import listing
from certification.models import Certificate, ListingRequest
from certification.notifications import listing as messages
from certification.policies import listing as policies
from certification.selectors.listing import subject_of
from certification.services import register
from core import audit, notify
from core.errors import Conflict, IllegalMove, InvalidInput
from events.models import Subject
from events.services import locks

TEXT_LIMIT = 2000


def ask(*, actor: User, subject: Subject, reason: str) -> ListingRequest:
    """The site stays listed until somebody consents. Raises Conflict (current: the open request), InvalidInput."""
    reason = _text(reason, "reason", missing=_("Say why the site should be kept off the register."))
    with transaction.atomic():
        locked = locks.locked(subject)
        policies.can_ask(actor, locked, fresh=True).require()
        current = ListingRequest.objects.filter(**{locked.kind: locked}, state__in=listing.OPEN).first()
        if current is not None:
            raise Conflict(_("This has been asked already."), current)
        request = ListingRequest.objects.create(
            **{locked.kind: locked},
            organisation_id=locked.organisation_id,
            reason=reason,
            asked_by=actor,
            asked_at=timezone.now(),
        )
        _record(actor, "listing.asked", request, locked)
        for person in User.objects.filter(is_active=True, national_role=User.NationalRole.ADMINISTRATOR):
            notify.send(to=person, message=messages.asked(request), key=f"listing:{request.pk}:asked:{person.pk}")
        return request


def consent(*, actor: User, request_id: UUID, answer: str = "") -> ListingRequest:
    """At once no certificate of the site, past ones included, is on the register or in the open data."""
    return _decide(actor, request_id, "consent", answer.strip())


def refuse(*, actor: User, request_id: UUID, answer: str) -> ListingRequest:
    """Raises InvalidInput("answer"): whoever is refused is told why."""
    return _decide(actor, request_id, "refuse", _text(answer, "answer", missing=_("Say why not.")))


def withdraw(*, actor: User, request_id: UUID) -> ListingRequest:
    """Before it is answered."""
    return _close(actor, request_id, "withdraw")


def end(*, actor: User, request_id: UUID) -> ListingRequest:
    """The site's certificates are on the register again at once."""
    return _close(actor, request_id, "end")


def _decide(actor: User, request_id: UUID, action: str, answer: str) -> ListingRequest:
    if len(answer) > TEXT_LIMIT:
        raise InvalidInput(_("The answer must be %(most)d characters or fewer.") % {"most": TEXT_LIMIT}, "answer")
    now = timezone.now()
    with transaction.atomic():
        request = ListingRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
        policies.can_decide(actor, request, fresh=True).require()
        _move(request, action)
        request.answer, request.decided_by, request.decided_at = answer, actor, now
        request.save(update_fields=["state", "answer", "decided_by", "decided_at"])
        subject = subject_of(request)
        changed = _relist(subject, listed=False, at=now) if action == "consent" else 0
        _record(actor, f"listing.{request.state}", request, subject, certificates=changed)
        for person in editors_of(request.organisation_id):
            message = messages.answered(subject)
            notify.send(to=person, message=message, key=f"listing:{request.pk}:answered:{person.pk}")
        return request


def _close(actor: User, request_id: UUID, action: str) -> ListingRequest:
    now = timezone.now()
    with transaction.atomic():
        request = ListingRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
        subject = subject_of(request)
        policies.can_close(actor, request, subject, fresh=True).require()
        _move(request, action)
        request.closed_by, request.closed_at = actor, now
        request.save(update_fields=["state", "closed_by", "closed_at"])
        changed = _relist(subject, listed=True, at=now) if action == "end" else 0
        _record(actor, f"listing.{request.state}", request, subject, certificates=changed)
        return request


def _move(request: ListingRequest, action: str) -> None:
    """The one writer of a request's state. Raises IllegalMove."""
    after = listing.after(request.state, action)
    if after is None:
        raise IllegalMove(
            _("This request is “%(state)s”: that can no longer be done.") % {"state": request.get_state_display()}
        )
    request.state = after


def _relist(subject: Subject, *, listed: bool, at: datetime) -> int:
    """One that is being issued right now waits for this lock, or asks `is_kept_off` after it."""
    found = Certificate.objects.filter(**{subject.kind: subject}).exclude(listed=listed)
    certificates = list(found.select_for_update(of=("self",)).order_by("-created_at", "-pk"))
    for certificate in certificates:
        certificate.listed = listed
        certificate.save(update_fields=["listed"])
        register.enter(certificate, at=at)
    return len(certificates)


def _text(text: str, field: str, *, missing: str) -> str:
    text = text.strip()
    if not text:
        raise InvalidInput(missing, field)
    if len(text) > TEXT_LIMIT:
        raise InvalidInput(_("Write %(most)d characters or fewer.") % {"most": TEXT_LIMIT}, field)
    return text


def _record(actor: User, action: str, request: ListingRequest, subject: Subject, *, certificates: int = 0) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=request,
        facts={
            "state": request.state,
            "reason_length": len(request.reason),
            "reason_sha256": hashlib.sha256(request.reason.encode()).hexdigest(),
            "certificates": certificates,
        },
        case=f"{subject.kind}:{subject.pk}",
    )
