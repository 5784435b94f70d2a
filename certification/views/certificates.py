"""A certificate for those whom it concerns: its holder, the police of its area, auditors."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certification import documents
from certification.forms.certificates import CertificateFilterForm
from certification.policies import certificates as policies
from certification.policies import changes as change_policies
from certification.policies.certificate_files import can_list_bundles
from certification.selectors import certificates as selectors
from certification.selectors import changes as material_changes
from certification.selectors import conditions
from certification.selectors.certificate_files import papers_of
from certification.selectors.terms import gap_before
from certification.services import certificates as services
from certification.services import plans
from certification.views._certificates import bars, certificate_or_404, moves_of, printed, timeline_of, varied_of
from certification.views._changes import row_of
from certification.views._conditions import timeline_of as condition_items
from certification.views._conditions import work_rows
from certification.views._police import officer
from certification.views._web import on_the_web


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
        "rows": printed(selectors.row_of(certificate, today) for certificate in page.rows),
        "may_bundle": can_list_bundles(user),
        "bars": bars(selectors.expiries_by_month(user, today=today)),
    }
    return render(request, "certification/certificates/list.html", context)


@login_required
@require_safe
def certificate(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = certificate_or_404(request, certificate_id)
    user, today = officer(request), timezone.localdate()
    page = selectors.certificate_page(found, today=today)
    history = conditions.history_of(page.conditions)
    context = {
        "page": page,
        "certificate": found,
        "row": selectors.row_of(found, today),
        "timeline_items": sorted(
            [*timeline_of(page), *condition_items(history)], key=lambda item: item.when, reverse=True
        ),
        "work": work_rows(conditions.work_of(page.conditions, history, today=today)),
        "today": today,
        "papers": papers_of([found])[found.pk],
        "check_url": documents.check_url(found),
        "code": mark_safe(documents.qr_inline(documents.check_url(found))),  # noqa: S308 - drawn by the QR library from a URL of ours
        "can_renew": policies.can_renew(user, found, today=today),
        "changes": [row_of(change) for change in material_changes.of_certificate(found)],
        "can_report": change_policies.can_report(user, found) and material_changes.can_change(found, today=today),
        "moves": moves_of(user, page),
        "varied": varied_of(page),
        **on_the_web(found),
        "gap": gap_before(found),
    }
    return render(request, "certification/certificates/certificate.html", context)


@login_required
@require_safe
def download(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = certificate_or_404(request, certificate_id)
    document = services.download(actor=officer(request), certificate_id=found.pk)
    response = HttpResponse(document.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{document.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def renew(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = certificate_or_404(request, certificate_id)
    policies.can_renew(request.user, found, today=timezone.localdate()).require()
    plan = plans.begin_renewal(actor=officer(request), certificate_id=found.pk)
    messages.success(request, _("Your last answers have been copied. Go over what has changed, then submit."))
    return redirect("certification:plan", plan.pk)
