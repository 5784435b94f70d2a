"""Pre-agreed measures: an organisation's own words for each response level, saved against the version that was read."""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from advisories.domain import threat
from advisories.models import ResponseMeasures
from advisories.policies import threat as policies
from advisories.selectors import measures as selectors
from certification.domain import lifecycle
from certification.models import Certificate
from core import audit, crypto
from core.errors import Conflict, IllegalMove, InvalidInput

__all__ = ["TEXT_LIMIT", "save"]

TEXT_LIMIT: Final = 10_000


def save(*, actor: User, certificate_id: UUID, response: str, text: str, expected_version: int) -> ResponseMeasures:
    """For the certificate's subject; a renewal finds them again. `expected_version`: of what the writer saw, 0 for none.

    Raises Conflict (current: what is stored) when somebody saved in between, unless both wrote the same.
    """
    if response not in threat.AGREED:
        raise InvalidInput(_("Nothing is agreed beforehand for that response level."), "response")
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not clean:
        raise InvalidInput(_("Write down what you will do at this level"), "text")
    if len(clean) > TEXT_LIMIT:
        raise InvalidInput(_("Use %(limit)s characters or fewer") % {"limit": f"{TEXT_LIMIT:,}"}, "text")
    with transaction.atomic():
        certificate = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate_id)
        policies.can_write_measures(actor, certificate, fresh=True).require()
        if certificate.state not in lifecycle.CERTIFICATE_LIVE:
            raise IllegalMove(_("This certificate is over. Write them for the one that follows it."))
        stored = _stored(certificate, response)
        if stored is not None and stored.text == clean:
            return stored
        if (stored.version if stored is not None else 0) != expected_version:
            raise Conflict(_("Somebody else has saved these measures since you opened them."), current=stored)
        return _write(actor, certificate, stored or _new(certificate, response), clean)


def _stored(certificate: Certificate, response: str) -> ResponseMeasures | None:
    found = ResponseMeasures.objects.select_for_update(of=("self",)).filter(**selectors.subject_of(certificate))
    return found.filter(response=response).first()


def _new(certificate: Certificate, response: str) -> ResponseMeasures:
    return ResponseMeasures(**selectors.subject_of(certificate), response=response, version=0)


def _write(actor: User, certificate: Certificate, measures: ResponseMeasures, text: str) -> ResponseMeasures:
    measures.sealed_text = crypto.encrypt_text(text, about=measures.seal)
    measures.version += 1
    measures.updated_by, measures.updated_at = actor, timezone.now()
    measures.save()
    facts = {
        "response": measures.response,
        "version": measures.version,
        "text_length": len(text),
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
    }
    audit.record(
        actor=actor, action="threat.measures_saved", target=measures, facts=facts, case=f"plan:{certificate.plan_id}"
    )
    return measures
