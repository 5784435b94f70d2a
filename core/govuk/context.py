"""The context processor behind templates/base.html."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from core.govuk.navigation import Layout, mark_active

__all__ = ["layout"]


def layout(request: HttpRequest) -> dict[str, Any]:
    """``request.nav_items`` (a sequence, or a function of the request) wins over what ``settings.LAYOUT`` builds.

    ``settings.LAYOUT`` is the dotted path of a function of the request that returns a Layout. It is called on every page,
    errors included, so it must not fail on a request that has no user yet.
    """
    builder = getattr(settings, "LAYOUT", "")
    built: Layout = import_string(builder)(request) if builder else Layout()
    own = getattr(request, "nav_items", None)
    items = (own(request) if callable(own) else own) if own is not None else built.items
    return {
        "SERVICE_NAME": settings.SERVICE_NAME,
        "DEMO": bool(getattr(settings, "DEMO", False)),
        "layout": built,
        "nav": mark_active(items, request.path),
        "account_nav": mark_active(built.account, request.path),
    }
