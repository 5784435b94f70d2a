from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import PoliceArea
from certification.forms.certificates import RegisterForm
from certification.selectors import register as selectors
from core.http.ratelimit import rate_limit


@rate_limit("register", allowance=60)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.GET, areas=dict(PoliceArea.objects.values_list("code", "name")))
    search = form.search()
    page = selectors.page(search, today=timezone.localdate(), after=request.GET.get("after", ""))
    filters_on = sum(bool(part) for part in (search.words, search.area, search.kind, search.state))
    context = {"form": form, "page": page, "narrowed": filters_on > 0, "filters_on": filters_on}
    return render(request, "certification/public/register.html", context)
