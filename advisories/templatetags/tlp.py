"""``{% load tlp %}``: markings of the Traffic Light Protocol in its own colours, always in capitals (TLP 2.0, section 4)."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from advisories.domain.tlp import LABELS

register = template.Library()

_CODES: Final = {label: code for code, label in LABELS.items()}


@register.filter
def tlp_code(label: str) -> str:
    """The code of a label as it is shown; a KeyError for what is none."""
    return _CODES[label]


@register.simple_tag
def tlp_tag(label: str) -> SafeString:
    return format_html('<strong class="wm-tlp-tag wm-tlp-tag--{}">{}</strong>', tlp_code(label), label)
