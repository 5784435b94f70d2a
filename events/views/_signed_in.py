from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


def user_of(request: HttpRequest) -> User:
    """The person behind a page that `login_required` guards."""
    user = request.user
    if not isinstance(user, User):
        msg = "this page is behind login_required"
        raise TypeError(msg)
    return user
