"""What the PDF of a bulletin says. Nothing reaches its template but the fields listed here."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from advisories.domain import bulletins as rules
from advisories.models import Bulletin
from core import pdf
from core.govuk.formats import uk_datetime

__all__ = ["TEMPLATE_VERSION", "BulletinDocument", "Fact", "bulletin_document", "bulletin_pdf", "source_of"]

# Raised with every change to the template or its style sheet: a new version is drawn anew.
TEMPLATE_VERSION: Final = "2026.1"
_TEMPLATE: Final = "pdf/bulletin.html"
_STYLESHEET: Final = "pdf/bulletin.css"


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class BulletinDocument:
    """`marking` is the TLP label in capitals, `tlp` its code. `warning`: that it holds no longer, and `reason` why."""

    service_name: str
    issuer: str
    tlp: str
    marking: str
    exercise: bool
    title: str
    body: str
    instruction: str
    question: str
    warning: str
    reason: str
    facts: Sequence[Fact]
    published_at: datetime
    changed_at: datetime
    url: str
    demo: bool


def bulletin_pdf(bulletin: Bulletin) -> pdf.Source:
    """Of one that was released, as it stands now. Ready for `core.pdf.render`."""
    identifier = f"{bulletin.pk}:{bulletin.state}:{TEMPLATE_VERSION}"
    return source_of(bulletin_document(bulletin), identifier=identifier)


def source_of(document: BulletinDocument, *, identifier: str) -> pdf.Source:
    # Whoever changes what stands at the edge of each sheet sees both: the marking is the style sheet's to repeat.
    return pdf.Source(
        html=render_to_string(_TEMPLATE, {"document": document}),
        stylesheet=_stylesheet(document.tlp, document.marking, exercise=document.exercise),
        identifier=identifier,
    )


def bulletin_document(bulletin: Bulletin) -> BulletinDocument:
    assert bulletin.published_at is not None  # noqa: S101 - released ones have a date, by constraint
    warning, reason = _standing(bulletin)
    return BulletinDocument(
        service_name=settings.SERVICE_NAME,
        issuer=bulletin.area.name if bulletin.area is not None else _("National"),
        tlp=bulletin.tlp,
        marking=bulletin.tlp_label,
        exercise=bulletin.is_exercise,
        title=bulletin.title,
        body=bulletin.body,
        instruction=bulletin.instruction,
        question=bulletin.question,
        warning=warning,
        reason=reason,
        facts=_facts(bulletin),
        published_at=bulletin.published_at,
        changed_at=bulletin.retracted_at or bulletin.published_at,
        url=f"{settings.SITE_URL}{reverse('advisories:bulletin', args=[bulletin.pk])}",
        demo=bool(settings.DEMO),
    )


def _standing(bulletin: Bulletin) -> tuple[str, str]:
    if bulletin.state == rules.RETRACTED:
        return _("RETRACTED. Do not act on this advisory any further."), bulletin.retraction_reason
    if bulletin.state == rules.SUPERSEDED:
        return _("UPDATED SINCE. Do not act on this version any further."), ""
    return "", ""


def _facts(bulletin: Bulletin) -> tuple[Fact, ...]:
    found = [
        Fact(_("Severity"), bulletin.severity),
        Fact(_("Urgency"), bulletin.urgency),
        Fact(_("Certainty"), bulletin.certainty),
        Fact(_("Category"), bulletin.category),
    ]
    for label, moment in ((_("Acknowledge by"), bulletin.due_at), (_("Holds until"), bulletin.expires_at)):
        if moment is not None:
            found.append(Fact(label, uk_datetime(moment)))
    return tuple(found)


@functools.cache
def _stylesheet(code: str, marking: str, *, exercise: bool) -> str:
    """One for each marking, with and without an exercise: ten in all."""
    return render_to_string(_STYLESHEET, {"faces": pdf.faces(), "tlp": code, "marking": marking, "exercise": exercise})
