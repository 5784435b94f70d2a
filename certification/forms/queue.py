from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from certification.domain import lifecycle
from certification.models import Plan
from certification.selectors.queue import Filters
from core.govuk.forms import GovukForm

__all__ = ["QueueFilterForm"]

_STATES = [(value, Plan.State(value).label.capitalize()) for value in lifecycle.PLAN_WITH_POLICE]


class QueueFilterForm(GovukForm):
    """Read from the address. A value that is no choice filters nothing: a filter is no place for an error message."""

    state = forms.ChoiceField(label=_("State"), choices=[("", _("All states")), *_STATES], required=False)
    who = forms.ChoiceField(
        label=_("Reviewer"),
        choices=[("", _("Anybody")), ("mine", _("Claimed by me")), ("unclaimed", _("Not claimed"))],
        required=False,
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            ("", _("All kinds")),
            ("venue", _("Venues")),
            ("event", _("Events")),
            ("project", _("Infrastructure projects")),
        ],
        required=False,
    )
    area = forms.ChoiceField(label=_("Police area"), required=False)

    def __init__(self, data: Mapping[str, Any], *, areas: Mapping[str, str]) -> None:
        super().__init__(data)
        area = self.fields["area"]
        assert isinstance(area, forms.ChoiceField)  # noqa: S101 - as declared above
        area.choices = [("", _("All areas")), *areas.items()]

    @staticmethod
    def filters_in(data: Mapping[str, Any]) -> Filters:
        """Without the area's name: any code may be asked for, and those out of reach find nothing."""
        form = QueueFilterForm(data, areas={str(data.get("area", "")): ""})
        form.is_valid()
        clean = form.cleaned_data
        return Filters(
            state=clean.get("state", ""),
            area=clean.get("area", ""),
            who=clean.get("who", ""),
            kind=clean.get("kind", ""),
        )
