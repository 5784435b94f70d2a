"""Pre-agreed measures of a certificate's subject: read by the organisation and its police, written by the organisation."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.selectors import signed_in
from advisories.domain import threat
from advisories.forms.threat import MeasuresForm
from advisories.models import ResponseLevel, ResponseMeasures
from advisories.policies import threat as policies
from advisories.selectors import measures as selectors
from advisories.selectors import threat_words
from advisories.services import measures as services
from certification.models import Certificate
from core.errors import Conflict
from core.http.errors import form_errors

__all__ = ["edit", "measures"]


def _certificate(request: HttpRequest, certificate_id: UUID) -> Certificate:
    """404 for a stranger, 403 for whoever sees the certificate and not this."""
    found = get_object_or_404(Certificate.objects.visible_to(request.user), pk=certificate_id)
    policies.can_read_measures(request.user, found).require()
    return found


@login_required
@require_safe
def measures(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = _certificate(request, certificate_id)
    written = selectors.of_certificate(found)
    context = {
        "certificate": found,
        "levels": [
            (level, ResponseLevel(level).label, threat_words.RESPONSE_MEANING[level], written.get(level))
            for level in threat.AGREED
        ],
        "may_write": policies.can_write_measures(request.user, found),
    }
    return render(request, "advisories/threat/measures.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, certificate_id: UUID, response: str) -> HttpResponse:
    found = _certificate(request, certificate_id)
    policies.can_write_measures(request.user, found).require()
    if response not in threat.AGREED:
        raise Http404
    stored = selectors.of_certificate(found).get(response)
    initial = {"text": stored.text, "version": stored.version} if stored else {"version": 0}
    form = MeasuresForm(request.POST or None, initial=initial)
    theirs = _save(request, found, response, form) if form.is_valid() else None
    if theirs is None and form.is_valid():
        return redirect("advisories:measures", found.pk)
    if theirs is not None:
        form = _mine_again(form, theirs)
    context = {
        "certificate": found,
        "words": ResponseLevel(response).label,
        "meaning": threat_words.RESPONSE_MEANING[response],
        "form": form,
        "theirs": theirs,
    }
    status = 409 if theirs is not None else 422 if form.errors else 200
    return render(request, "advisories/threat/measures_edit.html", context, status=status)


def _save(request: HttpRequest, found: Certificate, response: str, form: MeasuresForm) -> ResponseMeasures | None:
    """What is stored if somebody else was first; what is refused is told to the form."""
    with form_errors(form):
        try:
            services.save(
                actor=signed_in(request.user),
                certificate_id=found.pk,
                response=response,
                text=form.cleaned_data["text"],
                expected_version=form.cleaned_data["version"],
            )
            messages.success(request, _("Saved. The police of your area can read it too."))
        except Conflict as error:
            if isinstance(error.current, ResponseMeasures):
                return error.current
            raise
    return None


def _mine_again(form: MeasuresForm, theirs: ResponseMeasures) -> MeasuresForm:
    """My words again, now against the version that is shown beside them: saving it is a choice and no accident."""
    again = MeasuresForm(form.sent_again(theirs.version))
    again.is_valid()
    again.add_error(None, _("Somebody else saved these measures while you were writing. Compare the two and choose."))
    return again
