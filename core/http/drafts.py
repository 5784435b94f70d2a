"""What somebody had written is not lost when their session ended before they sent it.

A page that takes words carries a mark of who opened it. If the form comes back without a session, its words are sealed into
the new, anonymous session; the same person finds them in the form after signing in, and nobody else does: the machine may be
a shared one. Files are not kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Final

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from core import crypto

__all__ = ["FIELD", "kept", "mark", "restored"]

FIELD: Final = "draft_of"
_KEY: Final = "draft"
_SALT: Final = "core.http.drafts"
_OPEN_FOR: Final = timedelta(days=7)
_LONGEST: Final = 64 * 1024
_NOT_WORDS: Final = frozenset({"csrfmiddlewaretoken", FIELD})

View = Callable[..., HttpResponse]


def mark(request: HttpRequest) -> str:
    """For the hidden field: who opened the page, signed."""
    return signing.dumps(str(request.user.pk), salt=_SALT)


def kept(view: View) -> View:
    """Stands outside `login_required`, which sends the person to sign in and back here."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST":
            if request.user.is_authenticated:
                _forget(request)
            else:
                _keep(request)
        return view(request, *args, **kwargs)

    return wrapper


def restored(request: HttpRequest) -> QueryDict | None:
    """What this person had written on this page when their session ended, for a form to be filled with."""
    found = request.session.get(_KEY)
    if request.method != "GET" or not found or found["path"] != request.path:
        return None
    if found["of"] != str(request.user.pk):
        _forget(request)
        return None
    words = QueryDict(mutable=True)
    for name, values in json.loads(crypto.decrypt_text(found["sealed"], about=_about(found["of"], found["path"]))):
        words.setlist(name, values)
    messages.info(request, _("You had been signed out. What you wrote is still here: look over it, then send it."))
    return words


def _keep(request: HttpRequest) -> None:
    try:
        owner = signing.loads(request.POST.get(FIELD, ""), salt=_SALT, max_age=_OPEN_FOR)
    except signing.BadSignature:
        return
    words = json.dumps([(name, values) for name, values in request.POST.lists() if name not in _NOT_WORDS])
    if len(words) <= _LONGEST:
        sealed = crypto.encrypt_text(words, about=_about(owner, request.path))
        request.session[_KEY] = {"of": owner, "path": request.path, "sealed": sealed}


def _forget(request: HttpRequest) -> None:
    if _KEY in request.session:
        del request.session[_KEY]


def _about(owner: str, path: str) -> str:
    return f"draft:{owner}:{path}"
