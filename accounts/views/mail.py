"""Which mail a person wants: on their account, and by the link at the end of each message that may be stopped."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts import selectors
from accounts.forms.own import MailForm
from accounts.services import mail_choices
from accounts.views._signed_in import person
from core.http.ratelimit import rate_limit


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def mail(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = MailForm(request.POST or None, initial={"overviews": _chosen(selectors.wants_overviews(user))})
    if form.is_valid():
        mail_choices.choose(actor=user, overviews=form.cleaned_data["overviews"] == "yes")
        messages.success(request, _("Your choice is saved."))
        return redirect("accounts:account")
    return render(request, "accounts/mail.html", {"form": form})


def _chosen(wanted: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return "yes" if wanted else "no"


# A mail program posts here by itself (RFC 8058): it has neither cookie nor token, and the address is the secret.
@csrf_exempt
@rate_limit("mail-stop", allowance=30)
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Asked first where a person comes by the link: programs that look at links must not end anything."""
    person_id = selectors.who_stops(token)
    if person_id is None:
        raise Http404
    if request.method == "POST":
        mail_choices.stop_overviews(person_id=person_id)
    response = render(request, "accounts/mail_stop.html", {"done": request.method == "POST"})
    response["Referrer-Policy"] = "no-referrer"
    return response
