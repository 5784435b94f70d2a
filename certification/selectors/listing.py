"""Requests to keep a site off the public register: whether one holds, and what those see who answer them."""

from __future__ import annotations

from accounts.selectors import Viewer
from certification.domain import listing
from certification.models import Certificate, ListingRequest
from certification.selectors.certificates import kind_of
from core import keyset
from events.models import Subject

WITH_SUBJECT = ("venue", "event", "project", "organisation", "asked_by", "decided_by")


def is_kept_off(certificate: Certificate) -> bool:
    """Whether a request for its subject was consented to and has not been ended."""
    subject = f"{kind_of(certificate)}_id"
    found = ListingRequest.objects.filter(**{subject: getattr(certificate, subject)}, state=listing.CONSENTED)
    return found.exists()


def subject_of(request: ListingRequest) -> Subject:
    """The one of three that is set."""
    subject = request.venue or request.event or request.project
    assert subject is not None  # noqa: S101 - by certification_listing_one_subject
    return subject


def open_request_of(subject: Subject) -> ListingRequest | None:
    """Asked or consented; at most one, by constraint."""
    found = ListingRequest.objects.filter(**{subject.kind: subject}, state__in=listing.OPEN)
    return found.select_related(*WITH_SUBJECT).first()


def last_answer_for(user: Viewer, subject: Subject) -> ListingRequest | None:
    """The newest that was refused, for the page on which it may be asked again."""
    found = ListingRequest.objects.visible_to(user).filter(**{subject.kind: subject}, state=listing.REFUSED)
    return found.select_related(*WITH_SUBJECT).order_by("-asked_at", "-id").first()


def requests(
    user: Viewer, *, state: str = "", after: str = "", size: int = keyset.DEFAULT_SIZE
) -> keyset.Page[ListingRequest]:
    """Newest first; one query."""
    found = ListingRequest.objects.visible_to(user).select_related(*WITH_SUBJECT)
    found = found.filter(state=state) if state in listing.STATES else found
    return keyset.page(found, order=("-asked_at", "-id"), after=after, size=size)
