"""A picture of a certificate's state, for a holder's own web site. It is asked for by other people's pages."""

from __future__ import annotations

from typing import Final

from csp.constants import NONE
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.selectors import verification
from core.govuk.formats import uk_date
from core.http.public import same_for_everybody
from core.http.ratelimit import rate_limit

# A revocation is never hidden for longer by anybody's cache.
SECONDS: Final = 60
# For text, in the units of the drawing.
_ROOM: Final = 236
_GOOD, _BAD, _UNKNOWN = "#0b6868", "#b3262b", "#8a5300"
# Nothing but the drawing itself, whoever opens it as a page.
_CLOSED: Final = {"default-src": [NONE], "base-uri": [NONE], "form-action": [NONE], "sandbox": True}


@same_for_everybody
@rate_limit("badge", allowance=240)
@csp(_CLOSED)  # type: ignore[arg-type]  # its type knows no view with an argument
@require_safe
def badge(request: HttpRequest, token: str) -> HttpResponse:  # noqa: ARG001 - the answer depends on nobody
    """By token alone: whoever has the certificate has it, and nobody guesses it. 200 whatever the answer."""
    result = verification.by_token(token, today=timezone.localdate(), now=timezone.now())
    unknown = result.facts is None
    title, words, note = (
        _("Protective security certificate"),
        _words(result),
        _("Voluntary police scheme. Select to check it."),
    )
    context = {
        "title": title,
        "title_width": _width(title, 14),
        "words": words,
        "words_width": _width(words, 17),
        "note": note,
        "note_width": _width(note, 11),
        "good": result.holds,
        "unknown": unknown,
        "colour": _GOOD if result.holds else _UNKNOWN if unknown else _BAD,
    }
    # Not `render`: what is the same for everybody must not look at who asks.
    response = HttpResponse(render_to_string("certification/badge/badge.svg", context), content_type="image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _width(text: str, size: int) -> int:
    """About as wide as the text is anyway, and never wider than the badge: it is drawn in whatever typeface the reader
    has.
    """
    return min(_ROOM, round(len(text) * size * 0.5))


def _words(result: verification.VerificationResult) -> str:
    """The state and nothing more: no name, no place, no condition."""
    if result.facts is None:
        return _("Not a certificate of this service")
    if result.holds:
        return _("In force until %(date)s") % {"date": uk_date(result.facts.valid_until)}
    return {
        "suspended": _("Suspended: not valid now"),
        "not_yet_in_force": _("Not in force yet"),
        "expired": _("Not valid: expired"),
        "revoked": _("Not valid: revoked"),
        "superseded": _("Not valid: replaced by a newer one"),
        "surrendered": _("Not valid: given up"),
    }[result.status]
