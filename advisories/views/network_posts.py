"""Writing in a network, reading a thread, and what moderators do with it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from advisories.domain.sectors import SECTORS
from advisories.forms.networks import HideForm, PostForm, ReplyForm
from advisories.models import NetworkPost
from advisories.policies import networks as policies
from advisories.selectors import networks as selectors
from advisories.services import network_posts as services
from advisories.services.network_posts import PostInput
from advisories.views._common import member, sector_or_404
from core.http import drafts
from core.http.errors import form_errors

__all__ = ["answer", "hide", "new", "pin", "thread"]


@drafts.kept
@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, sector: str) -> HttpResponse:
    found = sector_or_404(sector)
    user = member(request)
    standing = selectors.standing_in(sector, user)
    policies.can_post(standing).require()
    assert standing.member is not None  # noqa: S101 - can_post said so
    form = PostForm(request.POST or drafts.restored(request), kind=standing.member.kind)
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            made = services.post(actor=user, sector=sector, given=PostInput(**form.cleaned_data))
            return redirect("advisories:network_post", sector=sector, pk=made.pk)
    context = {"form": form, "sector": found, "draft_of": drafts.mark(request)}
    return render(request, "advisories/networks/post_new.html", context, status=422 if form.errors else 200)


@drafts.kept
@login_required
@require_http_methods(["GET", "POST"])
def thread(request: HttpRequest, sector: str, pk: UUID) -> HttpResponse:
    """Posting to it is replying."""
    sector_or_404(sector)
    user = member(request)
    post = selectors.get_thread(sector, pk, user)
    form = ReplyForm(request.POST or drafts.restored(request))
    if request.method == "POST":
        policies.can_post(selectors.standing_in(sector, user)).require()
        if form.is_valid():
            with form_errors(form):
                made = services.reply(actor=user, thread_id=post.pk, text=form.cleaned_data["text"])
                messages.success(request, _("Your reply is there."))
                return redirect(f"{request.path}#reply-{made.pk}")
    page = selectors.thread_of(post, user, after=request.GET.get("after", ""))
    context = {
        "page": page,
        "post": post,
        "form": form,
        "may_reply": bool(policies.can_post(page.standing)) and post.hidden_at is None,
        "may_mark": post.kind == NetworkPost.Kind.QUESTION
        and bool(policies.can_mark_answer(user, page.standing, post)),
        "hideable": _hideable(page, user),
        "draft_of": drafts.mark(request),
    }
    return render(request, "advisories/networks/thread.html", context, status=422 if form.errors else 200)


def _hideable(page: selectors.Thread, user: object) -> set[UUID]:
    rows = (page.head, *page.replies)
    return {row.id for row in rows if not row.hidden and policies.can_hide(user, page.standing, row.post)}  # type: ignore[arg-type]


@login_required
@require_http_methods(["GET", "POST"])
def hide(request: HttpRequest, sector: str, pk: UUID) -> HttpResponse:
    sector_or_404(sector)
    user = member(request)
    post = get_object_or_404(
        NetworkPost.objects.visible_to(user).select_related("author", "organisation"), sector=sector, pk=pk
    )
    policies.can_hide(user, selectors.standing_in(sector, user), post).require()
    form = HideForm(request.POST or None)
    head = post.thread_id or post.pk
    if request.method == "POST" and form.is_valid():
        with form_errors(form):
            services.hide(actor=user, post_id=post.pk, reason=form.cleaned_data["reason"])
            messages.success(request, _("It is hidden."))
            return redirect("advisories:network_post", sector=sector, pk=head)
    context = {"form": form, "post": post, "head": head, "sector": SECTORS[sector], "own": post.author_id == user.pk}
    return render(request, "advisories/networks/hide.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def pin(request: HttpRequest, sector: str, pk: UUID) -> HttpResponse:
    user = member(request)
    post = selectors.get_thread(sector, pk, user)
    services.pin(actor=user, post_id=post.pk, pinned=request.POST.get("pinned") == "yes")
    return redirect("advisories:network_post", sector=sector, pk=pk)


@login_required
@require_POST
def answer(request: HttpRequest, sector: str, pk: UUID) -> HttpResponse:
    user = member(request)
    post = selectors.get_thread(sector, pk, user)
    services.mark_answer(actor=user, thread_id=post.pk, reply_id=_uuid(request.POST.get("reply", "")))
    return redirect("advisories:network_post", sector=sector, pk=pk)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
