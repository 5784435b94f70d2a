"""The one writer of an offer's state, and who is told how it went. The caller holds the certificate's lock."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from accounts.selectors import editors_of
from certification.domain import transfer
from certification.models import TransferOffer
from certification.notifications import transfers as messages
from certification.selectors import officers
from core import audit, notify
from core.errors import IllegalMove


def move(offer: TransferOffer, action: str, *, at: datetime) -> None:
    """In memory; the caller saves. Raises IllegalMove."""
    after = transfer.after(offer.state, action)
    if after is None:
        raise IllegalMove(f"An offer that is “{offer.get_state_display()}” cannot {_SPOKEN[action]}.")
    offer.state = after
    if after not in transfer.OPEN:
        offer.ended_at = at


def end(offer: TransferOffer, action: str, *, actor: User | None, at: datetime, reason: str = "") -> None:
    """Both sides are told, the police too if it was with them."""
    was_accepted = offer.accepted_at is not None
    move(offer, action, at=at)
    offer.ended_reason = reason
    offer.save(update_fields=["state", "ended_at", "ended_reason"])
    record(actor, f"transfer.{offer.state}", offer)
    message = messages.ended(offer)
    tell_both(offer, "ended", message)
    if was_accepted and action in {"withdraw", "decline", "expire"}:
        tell_police(offer, "ended", message)


def tell_both(offer: TransferOffer, event: str, message: notify.Message) -> None:
    """The holder's people and the other side's: an organisation once it has accepted, an address before."""
    for person in editors_of(offer.certificate.organisation_id):
        notify.send(to=person, message=message, key=_key(offer, event, str(person.pk)))
    tell_other_side(offer, event, message)


def tell_other_side(offer: TransferOffer, event: str, message: notify.Message) -> None:
    if offer.to_organisation_id is None:
        notify.send_to_address(to=offer.email, message=message, key=_key(offer, event, "address"))
        return
    for person in editors_of(offer.to_organisation_id):
        notify.send(to=person, message=message, key=_key(offer, event, str(person.pk)))


def tell_police(offer: TransferOffer, event: str, message: notify.Message) -> None:
    for officer in officers.concerned(offer.certificate):
        notify.send(to=officer, message=message, key=_key(offer, event, str(officer.pk)))


def record(actor: User | None, action: str, offer: TransferOffer) -> None:
    """Neither the address nor the answers: whose they are is in the row."""
    certificate = offer.certificate
    audit.record(
        actor=actor,
        action=action,
        target=certificate,
        facts={
            "number": certificate.number,
            "offer": str(offer.pk),
            "state": offer.state,
            "to_organisation": str(offer.to_organisation_id or ""),
        },
        case=f"plan:{certificate.plan_id}",
    )


def _key(offer: TransferOffer, event: str, whom: str) -> str:
    return f"transfer:{offer.pk}:{event}:{whom}"


_SPOKEN = {
    "accept": "be accepted",
    "decline": "be declined",
    "withdraw": "be withdrawn",
    "refuse": "be refused",
    "complete": "be completed",
    "expire": "expire",
}
