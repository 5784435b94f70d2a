"""What there is of certificates beside their pages: text and poster, an estate in one file, a new design."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from certification import documents
from certification.forms.certificate_files import BundleForm, ReissueForm
from certification.models import Bundle, Certificate
from certification.policies import certificate_files as policies
from certification.selectors import bundles as selectors
from certification.selectors import designs as design_selectors
from certification.selectors.certificates import row_of
from certification.selectors.credentials import credential_of
from certification.services import bundles, certificates, designs
from certification.views._police import officer
from core.http.errors import form_errors


@login_required
@require_safe
def text(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """The document in HTML, for those who cannot use a PDF: the same words from the same facts."""
    related = ("area", "standard", "supersedes", "decision__recommendation__submission")
    found = get_object_or_404(Certificate.objects.visible_to(request.user).select_related(*related), pk=certificate_id)
    document = documents.certificate_document(found, credential_of(found))
    context = {
        "certificate": found,
        "document": document,
        "row": row_of(found, timezone.localdate()),
        "code": mark_safe(documents.qr_inline(document.check_url)),  # noqa: S308 - drawn by the QR library from a URL of ours
    }
    return render(request, "certification/certificates/text.html", context)


@login_required
@require_safe
def poster(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    found = get_object_or_404(Certificate.objects.visible_to(request.user), pk=certificate_id)
    made = certificates.download(actor=officer(request), certificate_id=found.pk, poster=True)
    response = HttpResponse(made.content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def estate(request: HttpRequest) -> HttpResponse:
    """The organisations of whoever asks, and what can be had of each."""
    policies.can_list_bundles(request.user).require()
    user = officer(request)
    if request.method == "POST":
        form = BundleForm(request.POST)
        if not form.is_valid():
            raise Http404
        organisation = get_object_or_404(Organisation.objects.visible_to(user), pk=form.cleaned_data["organisation"])
        bundle = bundles.request(actor=user, organisation_id=organisation.pk, kind=form.cleaned_data["kind"])
        return redirect("certification:bundle", bundle.pk)
    context = {"estates": selectors.estates(user, today=timezone.localdate())}
    return render(request, "certification/bundles/estate.html", context)


@login_required
@require_safe
def bundle(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = get_object_or_404(Bundle.objects.visible_to(request.user).select_related("organisation"), pk=pk)
    return render(request, "certification/bundles/bundle.html", {"bundle": found})


@login_required
@require_safe
def bundle_file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    found = get_object_or_404(Bundle.objects.visible_to(request.user), pk=pk)
    opened = bundles.open_for(actor=officer(request), bundle_id=found.pk)
    response = StreamingHttpResponse(opened.chunks, content_type="application/zip")
    response["Content-Length"] = str(opened.size)
    response["Content-Disposition"] = f'attachment; filename="{opened.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def design(request: HttpRequest) -> HttpResponse:
    """How far the present design has come, and having the rest drawn in it; a second press confirms."""
    policies.can_reissue(request.user).require()
    form = ReissueForm(request.POST or None)
    asked = None
    if form.is_valid():
        scope = designs.Scope(number=form.cleaned_data["number"], area=form.cleaned_data["area"])
        if "confirm" in request.POST:
            with form_errors(form):
                designs.reissue(actor=officer(request), scope=scope)
                messages.success(request, _("The workers have been asked. Look again to see how far they are."))
                return redirect("certification:design")
        else:
            asked = design_selectors.progress(documents.TEMPLATE_VERSION, area=scope.area)
    context = {
        "form": form,
        "asked": asked,
        "area_name": form.area_name,
        "version": documents.TEMPLATE_VERSION,
        "progress": design_selectors.progress(documents.TEMPLATE_VERSION),
    }
    return render(request, "certification/certificates/design.html", context, status=422 if form.errors else 200)
