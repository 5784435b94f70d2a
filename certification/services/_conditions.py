"""What the services of conditions share: the locks, the one mover of discharges and extensions, mail and audit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import editors_of
from certification.domain import conditions as rules
from certification.domain import lifecycle
from certification.models import Certificate, CertificateCondition, ConditionDischarge, ConditionExtension
from certification.notifications.plans import advisers_of
from core import audit, notify
from core.errors import IllegalMove, InvalidInput

LONGEST_TEXT: Final = 4000


def locked(condition_id: int) -> CertificateCondition:
    """The certificate's row before the condition's, as everybody takes them: it cannot end or be decided on meanwhile."""
    certificate_id = CertificateCondition.objects.values_list("certificate_id", flat=True).get(pk=condition_id)
    certificate = Certificate.objects.select_for_update(of=("self",)).select_related("decision").get(pk=certificate_id)
    condition = CertificateCondition.objects.select_for_update(of=("self",)).get(pk=condition_id)
    condition.certificate = certificate
    return condition


def require_here(one: ConditionDischarge | ConditionExtension, condition: CertificateCondition) -> None:
    """`one` was looked up by the condition that is locked now. Raises IllegalMove where it went along meanwhile with the
    certificate that took this one's place: the caller would answer for another one than they hold.
    """
    if one.condition_id != condition.pk:
        number = one.condition.certificate.number
        raise IllegalMove(
            _("Certificate %(number)s has taken the place of this one, and this went along. Go on there.")
            % {"number": number}
        )
    one.condition = condition


def require_open(condition: CertificateCondition) -> None:
    """Raises IllegalMove once the condition is met or the certificate has ended."""
    certificate = condition.certificate
    if condition.discharged_at is not None:
        raise IllegalMove(_("This condition has been met: there is nothing more to do about it."))
    standing = certificate.state in lifecycle.CERTIFICATE_STANDING
    if not standing or certificate.valid_until < timezone.localdate():
        raise IllegalMove(_("Nothing is asked about the conditions of a certificate that does not stand."))


def move_discharge(discharge: ConditionDischarge, action: str) -> None:
    """In memory; the caller, who holds the condition's lock, saves. Raises IllegalMove."""
    after = rules.discharge_after(discharge.state, action)
    if after is None:
        raise IllegalMove(
            _("This cannot be done to what is “%(state)s”. Look at the page again.")
            % {"state": discharge.get_state_display()}
        )
    discharge.state = after


def move_extension(extension: ConditionExtension, action: str) -> None:
    after = rules.extension_after(extension.state, action)
    if after is None:
        raise IllegalMove(_("This has been answered already: %(state)s.") % {"state": extension.get_state_display()})
    extension.state = after


def clean_text(text: str, field: str, empty: str) -> str:
    clean = text.replace("\x00", "").strip()
    if not clean:
        raise InvalidInput(empty, field)
    if len(clean) > LONGEST_TEXT:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": LONGEST_TEXT}, field)
    return clean


def holders(condition: CertificateCondition) -> list[User]:
    """Owners and editors, and the condition's owner if still a member."""
    organisation_id = condition.certificate.organisation_id
    people = list(editors_of(organisation_id))
    owner = condition.owner
    if (
        owner is not None
        and owner not in people
        and owner.is_active
        and owner.memberships.filter(organisation_id=organisation_id).exists()
    ):
        people.append(owner)
    return people


def judges(condition: CertificateCondition) -> list[User]:
    """The area's advisers who may look at it: not of the holder, not the signer."""
    certificate = condition.certificate
    advisers = advisers_of(certificate.area_id).exclude(pk=certificate.decision.decided_by_id)
    return list(advisers.exclude(memberships__organisation_id=certificate.organisation_id))


def tell(people: Iterable[User], message: notify.Message, key: str) -> None:
    notify.send_all([notify.Addressed(to=person, message=message, key=f"{key}:{person.pk}") for person in people])


def record(actor: User | None, action: str, condition: CertificateCondition, facts: Mapping[str, object]) -> None:
    audit.record(
        actor=actor,
        action=action,
        target=condition.certificate,
        facts={"condition": condition.pk, "code": condition.criterion_code, **facts},
        case=f"plan:{condition.certificate.plan_id}",
    )


def fingerprint(text: str) -> dict[str, object]:
    """What the trail keeps of words."""
    return {"text_length": len(text), "text_sha256": hashlib.sha256(text.encode()).hexdigest()}
