"""What the page of a certificate says of it on the web: the register, and the badge with the words to paste."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from certification import documents
from certification.models import Certificate
from certification.selectors.certificates import kind_of


@dataclass(frozen=True, slots=True)
class Badge:
    """`target` proves what the badge says: the page of the register, or the check where the site is kept off that."""

    path: str
    target: str
    alt: str
    html: str


def on_the_web(certificate: Certificate) -> dict[str, object]:
    kind = kind_of(certificate)
    return {"badge": badge_of(certificate), "kind": kind, "subject_id": getattr(certificate, f"{kind}_id")}


def badge_of(certificate: Certificate) -> Badge:
    path = reverse("certification:badge", args=[certificate.token])
    target = documents.check_url(certificate)
    if certificate.listed:
        target = settings.SITE_URL + reverse("certification:register_entry", args=[certificate.number])
    # Not the state: a text that is pasted once cannot follow it.
    alt = _("Protective security certificate %(number)s: see whether it is in force") % {"number": certificate.number}
    html = format_html(
        '<a href="{}"><img src="{}" width="320" height="76" alt="{}"></a>', target, settings.SITE_URL + path, alt
    )
    # Plain text again: the page shows these words, it does not draw them.
    return Badge(path, target, alt, "".join(html))
