"""The standard: read by everybody, loaded and published by the national administrator."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from certification.domain.standard import StandardError
from certification.forms.standards import PublishForm, ReadingForm, UploadForm
from certification.models import StandardVersion
from certification.policies import plans as policies
from certification.selectors import reading
from certification.selectors import standards as selectors
from certification.services import standards
from core.http.errors import form_errors


@require_GET
def standard(request: HttpRequest) -> HttpResponse:
    """The version in force, without an account. `kind` and `tier` narrow it; what else is given is ignored."""
    version = selectors.standard_in_force(timezone.localdate())
    if version is None:
        return render(request, "certification/standards/none.html")
    return _read(request, version)


@login_required
@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    policies.can_list_standards(request.user).require()
    context = {
        "versions": selectors.versions(),
        "in_force": selectors.standard_in_force(timezone.localdate()),
        "may_manage": policies.can_manage_standards(request.user),
    }
    return render(request, "certification/standards/versions.html", context)


@login_required
@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a draft, and any version that was ever published."""
    found = get_object_or_404(StandardVersion, pk=pk)
    policies.can_list_standards(request.user).require()
    return _read(request, found, publish_form=PublishForm())


@login_required
@require_http_methods(["GET", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    policies.can_manage_standards(request.user).require()
    form = UploadForm(request.POST or None, request.FILES or None)
    faults: tuple[object, ...] = ()
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["document"]
        try:
            with form_errors(form):
                loaded = standards.load(actor=request.user, document=upload.read(), name=upload.name or "")
                messages.success(request, _("Version %(version)s is loaded.") % {"version": loaded.version})
                return redirect("certification:standard_version", pk=loaded.pk)
        except StandardError as error:
            faults = error.faults
            form.add_error("document", _("The file has faults. Nothing was loaded."))
    context = {"form": form, "faults": faults}
    return render(request, "certification/standards/load.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    policies.can_manage_standards(request.user).require()
    found = get_object_or_404(StandardVersion, pk=pk)
    form = PublishForm(request.POST)
    if form.is_valid():
        with form_errors(form):
            standards.publish(actor=request.user, standard_id=pk)
            messages.success(request, _("Version %(version)s is published.") % {"version": found.version})
            return redirect("certification:standards")
    return _read(request, found, publish_form=form, status=422)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    policies.can_manage_standards(request.user).require()
    found = get_object_or_404(StandardVersion, pk=pk)
    standards.withdraw(actor=request.user, standard_id=found.pk)
    messages.success(
        request, _("Version %(version)s is withdrawn. No new plan begins with it.") % {"version": found.version}
    )
    return redirect("certification:standards")


def _read(
    request: HttpRequest, version: StandardVersion, *, publish_form: PublishForm | None = None, status: int = 200
) -> HttpResponse:
    filters = ReadingForm(request.GET)
    chosen = filters.cleaned_data if filters.is_valid() else {}
    known = {name: value for name, value in chosen.items() if value}
    compiled = selectors.compiled(version)
    sections = reading.sections(compiled, known)
    context = {
        "version": version,
        "standard": compiled,
        "sections": sections,
        "count": sum(len(section.criteria) for section in sections),
        "filters": ReadingForm(initial=known),
        "filters_on": len(known),
        "publish_form": publish_form,
        "form": publish_form,
        "may_manage": policies.can_manage_standards(request.user),
    }
    return render(request, "certification/standards/read.html", context, status=status)
