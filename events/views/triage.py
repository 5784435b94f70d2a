"""Find out what applies: for anybody, without an account and without a row in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from core.govuk.panels import SummaryRow
from core.http.ratelimit import rate_limit
from events.domain import triage
from events.domain.tiers import Determination, answers_scheme, current_rule_set, determine, parse_facts, tier_of_project
from events.forms.facts import triage_facts
from events.forms.triage import QuestionForm
from events.views import _handover

__all__ = ["questions", "register", "result", "start"]

ALLOWANCE: Final = 120
PER_SECONDS: Final = 60
_REGISTRATION: Final = {"premises": "events:venue_new", "event": "events:event_new", "project": "events:project_new"}


@dataclass(slots=True)
class Walk:
    """How far the answers in an address lead. `form` is the question to ask; None when all are answered."""

    words: dict[str, str] = field(default_factory=dict)
    cleaned: dict[str, object] = field(default_factory=dict)
    labels: dict[str, tuple[str, str]] = field(default_factory=dict)
    asking: str = ""
    form: QuestionForm | None = None


def walk(given: Mapping[str, str], *, asked: str = "", change: str = "") -> Walk:
    """`asked`: the question just answered, whose fault is shown. `change`: the question to ask again.

    An answer that does not fit and was not just given is asked anew: it was left over from before an earlier change.
    """
    found = Walk()
    for name in triage.path(found.words):
        kind = found.words.get("kind", "")
        bound = QuestionForm({name: given.get(name, "")}, name=name, kind=kind)
        if name != change and bound.is_valid():
            value = bound.cleaned_data[name]
            found.words[name] = str(value)
            found.cleaned[name] = value
            found.labels[name] = (str(bound.fields[name].label), _label(bound, name, value))
            continue
        found.asking = name
        found.form = bound if name == asked and name != change else _blank(name, kind, given)
        break
    return found


def _blank(name: str, kind: str, given: Mapping[str, str]) -> QuestionForm:
    return QuestionForm(name=name, kind=kind, initial={name: given[name]} if name in given else None)


def _label(form: QuestionForm, name: str, value: object) -> str:
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, "")) or f"{value:,}"


def _given(source: Mapping[str, str]) -> dict[str, str]:
    return {name: source[name][:40] for name in triage.ALL_QUESTIONS if name in source}


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "events/triage/start.html", {"rules": current_rule_set(timezone.localdate())})


@require_GET
@rate_limit("triage", allowance=ALLOWANCE, seconds=PER_SECONDS)
def questions(request: HttpRequest) -> HttpResponse:
    given = _given(request.GET.dict())
    found = walk(given, asked=request.GET.get("asked", ""), change=request.GET.get("change", ""))
    if found.form is None:
        return redirect(f"{reverse('events:triage_result')}?{urlencode(found.words)}")
    context = {
        "form": found.form,
        "asking": found.asking,
        "carried": {name: word for name, word in given.items() if name != found.asking},
        "back_url": _back(found, given),
    }
    return render(request, "events/triage/question.html", context)


def _back(found: Walk, given: Mapping[str, str]) -> str:
    """To the question before this one, with its answer still there."""
    if not found.words:
        return reverse("events:triage")
    return f"{reverse('events:triage_questions')}?{urlencode({**given, 'change': list(found.words)[-1]})}"


@require_GET
@rate_limit("triage", allowance=ALLOWANCE, seconds=PER_SECONDS)
def result(request: HttpRequest) -> HttpResponse:
    given = _given(request.GET.dict())
    found = walk(given)
    if found.form is not None:
        return redirect(f"{reverse('events:triage_questions')}?{urlencode(given)}")
    answer = determination(found)
    context = {
        "answer": answer,
        "judged_tier": answers_scheme(answer.tier),
        "kind": found.words["kind"],
        "rows": _rows(found),
        "words": found.words,
    }
    return render(request, "events/triage/result.html", context)


def determination(found: Walk) -> Determination:
    facts = parse_facts(triage_facts(found.cleaned))
    judge = tier_of_project if found.words["kind"] == "project" else determine
    return judge(facts, current_rule_set(timezone.localdate()))


def _rows(found: Walk) -> list[SummaryRow]:
    address = reverse("events:triage_questions")
    return [
        SummaryRow(key=label, value=answer, change_url=f"{address}?{urlencode({**found.words, 'change': name})}")
        for name, (label, answer) in found.labels.items()
    ]


@require_POST
@rate_limit("triage", allowance=ALLOWANCE, seconds=PER_SECONDS)
def register(request: HttpRequest) -> HttpResponse:
    """Carry the answers into the form; signing in, or up, comes between."""
    found = walk(_given(request.POST.dict()))
    if found.form is not None:
        return redirect("events:triage")
    _handover.keep(request, found.cleaned)
    return redirect(_REGISTRATION[found.words["kind"]])
