"""One criterion of a plan: answered by form, saved while it is being written, confirmed with a click."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from certification.forms.answers import AnswerForm, initial_of
from certification.models import Answer, Plan
from certification.policies import plans as policies
from certification.selectors import criterion_extras, criterion_page
from certification.selectors import plans as selectors
from certification.selectors.criterion_page import CriterionPage
from certification.services import answers, evidence
from certification.services.answers import AnswerInput
from core.errors import Conflict, DomainError, InvalidInput
from core.http.errors import form_errors


@login_required
@require_http_methods(["GET", "POST"])
def criterion(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """A file goes with the answer in one form, so that nothing typed is lost by choosing one."""
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    plan, page = _page(request, pk, code)
    if request.method == "GET":
        return _show(request, page, _form(page))
    policies.can_edit(request.user, plan).require()
    form = _form(page, data=request.POST, files=request.FILES)
    theirs = _save(request.user, plan, code, form) if form.is_valid() else None
    if theirs is not None:
        return _show(request, page, _mine_again(page, form, theirs), theirs=theirs, status=409)
    if form.errors:
        return _show(request, page, form, status=422)
    return _onward(request, page)


@login_required
@require_POST
def autosave(request: HttpRequest, pk: UUID, code: str) -> JsonResponse:
    """200 with the new version, 409 when somebody else was first, 422 with what cannot be taken. Files are left out."""
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    plan, page = _page(request, pk, code)
    policies.can_edit(request.user, plan).require()
    form = _form(page, data=request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": {name: list(words) for name, words in form.errors.items()}}, status=422)
    try:
        saved = _save_answer(request.user, plan, code, form)
    except Conflict as error:
        return JsonResponse({"message": error.message}, status=409)
    except InvalidInput as error:
        return JsonResponse({"errors": {error.field: [error.message]}}, status=422)
    except DomainError as error:
        return JsonResponse({"message": error.message}, status=error.status)
    return JsonResponse({"version": saved.version, "saved_at": timezone.localtime(saved.updated_at).isoformat()})


@login_required
@require_POST
def confirm(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 - by login_required
    plan, page = _page(request, pk, code)
    policies.can_edit(request.user, plan).require()
    answers.confirm(actor=request.user, plan_id=pk, code=code)
    return _onward(request, page)


def _page(request: HttpRequest, pk: UUID, code: str) -> tuple[Plan, CriterionPage]:
    plan = get_object_or_404(selectors.with_venue(Plan.objects.visible_to(request.user)), pk=pk)
    policies.can_read_answers(request.user, plan).require()
    page = criterion_page.build(plan, code, may_edit=bool(policies.can_edit(request.user, plan)))
    if page is None:
        raise Http404
    return plan, page


def _form(page: CriterionPage, **bound: Any) -> AnswerForm:
    return AnswerForm(
        standard=page.case.standard,
        criterion=page.criterion,
        mark=page.mark,
        initial=initial_of(page.answer),
        **bound,
    )


def _save(actor: User, plan: Plan, code: str, form: AnswerForm) -> Answer | None:
    """The stored answer if somebody else was first; what is refused is told to the form.

    The answer goes first: if the file is refused, the page comes back with the answer already safe.
    """
    upload = form.cleaned_data.get("file")
    with form_errors(form):
        try:
            if upload is None or form.has_changed_answer:
                form.carry_version(_save_answer(actor, plan, code, form).version)
        except Conflict as error:
            if isinstance(error.current, Answer):
                return error.current
            raise
        if upload is not None:
            note = form.cleaned_data.get("note", "")
            evidence.attach(
                actor=actor, plan_id=plan.pk, code=code, upload=upload.file, name=upload.name or "", note=note
            )
    return None


def _save_answer(actor: User, plan: Plan, code: str, form: AnswerForm) -> Answer:
    given = AnswerInput(
        level=form.chosen_level,
        not_applicable=form.says_not_applicable,
        reason=form.cleaned_data.get("reason", ""),
        account=form.cleaned_data["account"],
    )
    return answers.save(
        actor=actor, plan_id=plan.pk, code=code, answer=given, expected_version=form.cleaned_data["version"]
    )


def _mine_again(page: CriterionPage, form: AnswerForm, theirs: Answer) -> AnswerForm:
    """My words again, now against the version that is shown beside them: saving it is a choice and no accident."""
    again = _form(page, data=form.sent_again(theirs.version))
    again.is_valid()
    again.add_error(None, _("Somebody else saved this answer while you were writing. Compare the two and choose."))
    return again


def _onward(request: HttpRequest, page: CriterionPage) -> HttpResponse:
    action = request.POST.get("action", "")
    plan = page.case.plan
    if action == "stay":
        return redirect("certification:criterion", pk=plan.pk, code=page.criterion.code)
    if action == "back" or not page.onward:
        return redirect("certification:plan", pk=plan.pk)
    return redirect("certification:criterion", pk=plan.pk, code=page.onward)


def _show(
    request: HttpRequest, page: CriterionPage, form: AnswerForm, *, theirs: Answer | None = None, status: int = 200
) -> HttpResponse:
    lessons = criterion_extras.of_criterion(request.user, page.criterion.code)
    context = {"page": page, "plan": page.case.plan, "form": form, "theirs": theirs, "lessons": lessons}
    return render(request, "certification/plans/criterion.html", context, status=status)
