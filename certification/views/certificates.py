"""A certificate for those whom it concerns: its holder, the police of its area, auditors."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from certification import documents
from certification.forms.certificates import CertificateFilterForm, RevocationForm
from certification.models import Certificate
from certification.policies import certificates as policies
from certification.selectors import certificates as selectors
from certification.selectors.terms import gap_before
from certification.services import certificates as services
from certification.services import plans, revocations
from certification.views._certificates import bars, timeline_of
from certification.views._police import officer
from certification.views._web import on_the_web
from core.http.errors import form_errors


def _certificate(request: HttpRequest, certificate_id: UUID) -> Certificate:
    found = Certificate.objects.visible_to(request.user).select_related("area", "standard", "supersedes", "decision")
    return get_object_or_404(found, pk=certificate_id)


@login_required
@require_safe
def certificates(request: HttpRequest) -> HttpResponse:
    user, today = officer(request), timezone.localdate()
    form = CertificateFilterForm(request.GET)
    filters = form.filters()
    page = selectors.listed_for(user, filters, today=today, after=request.GET.get("after", ""))
    context = {
        "form": form,
        "filters": filters,
        "filters_on": bool(filters.state) + bool(filters.number),
        "page": page,
        "rows": [selectors.row_of(certificate, today) for certificate in page.rows],
        "bars": bars(selectors.expiries_by_month(user, today=today)),
    }
    return render(request, "certification/certificates/list.html", context)


@login_required
@require_safe
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = _certificate(request, certificate_id)
    user, today = officer(request), timezone.localdate()
    page = selectors.certificate_page(found, today=today)
    context = {
        "page": page,
        "certificate": found,
        "row": selectors.row_of(found, today),
        "timeline_items": timeline_of(page),
        "today": today,
        "check_url": documents.check_url(found),
        "code": mark_safe(documents.qr_inline(documents.check_url(found))),  # noqa: S308 - drawn by the QR library from a URL of ours
        "can_renew": policies.can_renew(user, found, today=today),
        "police": policies.can_see_revocation(user, found),
        "can_propose": policies.can_propose_revocation(user, found),
        **on_the_web(found),
        "gap": gap_before(found),
    }
    return render(request, "certification/certificates/certificate.html", context)


@login_required
@require_safe
def download(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = _certificate(request, certificate_id)
    document = services.download(actor=officer(request), certificate_id=found.pk)
    response = HttpResponse(document.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{document.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def renew(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = _certificate(request, certificate_id)
    policies.can_renew(request.user, found, today=timezone.localdate()).require()
    plan = plans.begin_renewal(actor=officer(request), certificate_id=found.pk)
    messages.success(request, _("Your last answers have been copied. Go over what has changed, then submit."))
    return redirect("certification:plan", plan.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def revocation(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = _certificate(request, certificate_id)
    policies.can_see_revocation(request.user, found).require()
    user = officer(request)
    form = RevocationForm(request.POST or None)
    if form.is_valid():
        with form_errors(form):
            revocations.propose(actor=user, certificate_id=found.pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("The proposal is made. An authorising officer of the area has to confirm it."))
            return redirect("certification:revocation", found.pk)
    page = selectors.certificate_page(found, today=timezone.localdate())
    proposal = page.proposal
    context = {
        "page": page,
        "certificate": found,
        "row": selectors.row_of(found, timezone.localdate()),
        "form": form,
        "can_propose": policies.can_propose_revocation(user, found),
        "can_confirm": proposal and policies.can_confirm_revocation(user, proposal),
        "can_drop": proposal and policies.can_drop_revocation(user, proposal),
    }
    return render(request, "certification/certificates/revocation.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revocation_confirm(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = _certificate(request, certificate_id)
    policies.can_see_revocation(request.user, found).require()
    revocations.confirm(actor=officer(request), certificate_id=found.pk)
    messages.success(
        request, _("The certificate is revoked. The holder has been told; everybody who checks it sees it now.")
    )
    return redirect("certification:certificate", found.pk)


@login_required
@require_POST
def revocation_drop(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = _certificate(request, certificate_id)
    policies.can_see_revocation(request.user, found).require()
    revocations.drop(actor=officer(request), certificate_id=found.pk)
    messages.success(request, _("The proposal is dropped. The certificate stays in force."))
    return redirect("certification:certificate", found.pk)
