"""Domain errors as a person meets them: in the form they filled in, or on a page that says what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, IllegalMove, Incomplete, InvalidInput, NotPermitted

_TITLES: Final = {
    NotPermitted: _("You cannot do this"),
    IllegalMove: _("This cannot be done now"),
    Incomplete: _("Something is missing"),
    InvalidInput: _("Something needs to be put right"),
    Conflict: _("Somebody else was first"),
}


@contextmanager
def form_errors(form: forms.BaseForm) -> Iterator[None]:
    """What a service refuses becomes an error of the form, so that the page comes back with every word kept.

    NotPermitted goes through: there is nothing in the form to mend.
    """
    try:
        yield
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
    except Incomplete as error:
        form.add_error(None, error.message)
        for part in error.missing:
            form.add_error(None, part)
    except (IllegalMove, Conflict) as error:
        form.add_error(None, error.message)


class NotAllowedMiddleware:
    """A page for an address that only takes a form: somebody reloads it, or comes by a link from a mail or a history.

    Django answers 405 with nothing in it, and browsers show an error of their own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "405.html", status=response.status_code)
        page["Allow"] = response["Allow"]
        return page


class DomainErrorMiddleware:
    """The page for what no form caught, with the error's own status. Nothing of the thing itself is shown."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        context = {
            "title": _TITLES.get(type(exception), _TITLES[InvalidInput]),
            "message": exception.message,
            "missing": getattr(exception, "missing", ()),
        }
        return render(request, "errors/domain.html", context, status=exception.status)
