"""Pages that do as little as a page of this service can: same middleware, same layout, same number of rows."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import PoliceArea
from accounts.selectors import signed_in
from certification.models import Answer, Certificate

ROWS = 50


class _RowSerializer(serializers.ModelSerializer[Certificate]):
    class Meta:
        model = Certificate
        fields = (
            *("id", "number", "state", "plan_id", "organisation_id", "area_id", "holder_name", "subject_name"),
            *("subject_place", "judged_tier", "decided_on", "valid_from", "valid_until", "issued_at", "scope"),
        )


class _AnswerForm(forms.Form):
    plan = forms.UUIDField()
    code = forms.CharField(max_length=10)
    level = forms.ChoiceField(choices=[(str(level), str(level)) for level in range(5)])
    account = forms.CharField(max_length=8000)


def bare(_: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"area": PoliceArea.objects.first()})


def rows(request: HttpRequest) -> HttpResponse:
    found = Certificate.objects.select_related("area").order_by("subject_name", "pk")[:ROWS]
    labels = {name: name.capitalize() for name in ("number", "subject", "holder", "until", "state")}
    return render(request, "rows.html", {"rows": list(found), "labels": labels})


def insert(request: HttpRequest) -> HttpResponse:
    form = _AnswerForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            Answer.objects.create(
                plan_id=given["plan"],
                criterion_code=given["code"],
                level=given["level"],
                account=given["account"],
                updated_by=signed_in(request.user),
                updated_at=timezone.now(),
            )
    return redirect("certification:home")


class Api(APIView):
    def get(self, _request: Request) -> Response:
        return Response(_RowSerializer(Certificate.objects.order_by("-decided_on", "-id")[:ROWS], many=True).data)


urlpatterns: list[URLPattern | URLResolver] = [
    path("floor/bare/", bare),
    path("floor/page/", page),
    path("floor/rows/", rows),
    path("floor/insert/", insert),
    path("floor/api/", Api.as_view()),
    path("", include("config.urls")),
]
