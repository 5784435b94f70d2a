"""The claims of a certificate that can be checked without a network: the whole one in its file, a short one in print."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from certification.models import Certificate, CredentialStatus
from certification.selectors.certificates import kind_of
from core.signing import claims, status_list

# Letters of the compact form: at this length the code has 69 modules a side, which a phone reads at 3 cm.
LONGEST_SHORT: Final = 331
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Credential:
    """`text` is the signed claim, `claims` what it says; `short` is for the printed code, empty where that is off."""

    text: str
    claims: Mapping[str, Any]
    short: str

    @property
    def file(self) -> bytes:
        """For the document: the same again as its own words, so that a program need not take the signed form apart."""
        about = settings.SITE_URL + reverse("certification:offline_check")
        whole = {"about": about, "credential": self.text, "claims": self.claims}
        return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def credential_of(certificate: Certificate) -> Credential | None:
    """None before the certificate's document was first sealed, or where this process has no credential keys. One query."""
    status = CredentialStatus.objects.filter(certificate=certificate).first()
    if status is None or not settings.CREDENTIAL_KEYS:
        return None
    whole = _claims(certificate, status)
    short = _short(certificate, status) if settings.OFFLINE_CODE else ""
    return Credential(claims.sign(whole), whole, short)


def list_url(number: int) -> str:
    return settings.SITE_URL + reverse("certification:status_list", args=[number])


def _claims(certificate: Certificate, status: CredentialStatus) -> dict[str, Any]:
    """The allow-list: what stands on the first page of the document, and nothing else."""
    number, index = divmod(status.index, status_list.SIZE)
    return {
        "iss": settings.SITE_URL,
        "number": certificate.number,
        "kind": kind_of(certificate),
        "holder": certificate.holder_name,
        "subject": certificate.subject_name,
        "place": certificate.subject_place,
        "scope": certificate.scope,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_until": certificate.valid_until.isoformat(),
        "issued": status.created_at.isoformat(timespec="seconds"),
        "status": {"status_list": {"idx": index, "uri": list_url(number)}},
    }


def _short(certificate: Certificate, status: CredentialStatus) -> str:
    """Names are cut until the code is no larger than it may be: number, dates and state are what counts at a door."""
    room = len(certificate.subject_name) + len(certificate.subject_place)
    while True:
        text = claims.sign(_short_claims(certificate, status, room))
        if len(text) <= LONGEST_SHORT:
            return text
        room -= max(1, (len(text) - LONGEST_SHORT) // 3)


def _short_claims(certificate: Certificate, status: CredentialStatus, room: int) -> dict[str, Any]:
    for_place = min(len(certificate.subject_place), max(room // 3, room - len(certificate.subject_name)))
    return {
        "n": certificate.number,
        "s": _cut(certificate.subject_name, room - for_place),
        "p": _cut(certificate.subject_place, for_place),
        "f": certificate.valid_from.isoformat(),
        "u": certificate.valid_until.isoformat(),
        "i": status.index,
    }


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: max(0, length - 1)].rstrip() + _ELLIPSIS
