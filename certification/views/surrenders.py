"""The holder gives a certificate up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certification.forms.proposals import SurrenderForm
from certification.policies import certificates as policies
from certification.selectors import certificates as selectors
from certification.services import surrenders
from certification.views._certificates import certificate_or_404
from certification.views._police import officer
from core.http.errors import form_errors


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def surrender(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = certificate_or_404(request, certificate_id)
    policies.can_surrender(request.user, found).require()
    form = SurrenderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            surrenders.surrender(actor=officer(request), certificate_id=found.pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("You have given the certificate up. The police of your area have been told."))
            return redirect("certification:certificate", found.pk)
    context = {"certificate": found, "row": selectors.row_of(found, timezone.localdate()), "form": form}
    return render(request, "certification/certificates/surrender.html", context, status=422 if form.errors else 200)
