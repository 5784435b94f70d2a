"""The PDF of a guidance pack: the frozen content and nothing else, with its marking at head and foot of every page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from advisories.models import GuidancePack
from core import pdf

__all__ = ["GUIDANCE_TEMPLATE", "GuidanceDocument", "guidance_pdf"]

# Goes up when the same pack would look different.
GUIDANCE_TEMPLATE = "guidance-1"


@dataclass(frozen=True, slots=True)
class GuidanceDocument:
    """`content` is the snapshot of the pack."""

    service_name: str
    content: Mapping[str, Any]
    number: int
    published_at: str
    published_on: str
    address: str
    demo: bool


def guidance_pdf(pack: GuidancePack) -> pdf.Source:
    """Ready for `core.pdf.render`; only for what was published."""
    assert pack.published_at is not None  # noqa: S101 - the caller renders what was published
    local = timezone.localtime(pack.published_at)
    document = GuidanceDocument(
        service_name=settings.SERVICE_NAME,
        content=pack.snapshot,
        number=pack.number,
        published_at=pack.published_at.isoformat(timespec="seconds"),
        published_on=f"{local.day} {local:%B %Y}",
        address=settings.SITE_URL + reverse("advisories:guidance_pack", args=[pack.pk]),
        demo=bool(settings.DEMO),
    )
    return pdf.Source(
        html=render_to_string("pdf/guidance.html", {"document": document}),
        stylesheet=render_to_string(
            "pdf/guidance.css", {"faces": pdf.faces(), "marking": pack.snapshot["marking"], "title": pack.title}
        ),
        identifier=f"{pack.pk}:{GUIDANCE_TEMPLATE}",
    )
