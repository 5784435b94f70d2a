"""Our own forms about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.domain.scopes import SCOPES
from accounts.models import Appointment, Membership, Organisation, PoliceArea, User
from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

_ROLE_HINTS = {
    Membership.Role.OWNER.value: _("Everything an editor can do, and changes the team"),
    Membership.Role.EDITOR.value: _("Registers places, answers the standard, submits plans"),
    Membership.Role.VIEWER.value: _("Reads, changes nothing"),
}
_SCOPE_LABELS = {
    "subjects:read": _("Read venues, events and projects"),
    "subjects:write": _("Register and change venues, events and projects"),
    "plans:read": _("Read plans"),
    "plans:write": _("Answer and submit plans"),
    "reviews:read": _("Read reviews"),
    "reviews:write": _("Review plans"),
    "decisions:write": _("Sign decisions"),
    "certificates:read": _("Read certificates"),
    "certificates:write": _("Renew and revoke certificates"),
    "threat:read": _("Read what a change of the threat level asked"),
    "threat:write": _("Confirm what a change of the threat level asked"),
    "advisories:read": _("Read advisories"),
    "advisories:write": _("Answer, write and publish advisories"),
    "networks:read": _("Read sector networks"),
    "networks:write": _("Join sector networks and write in them"),
    "sightings:read": _("Read reports of something suspicious"),
    "sightings:write": _("Report something suspicious, and answer reports"),
    "lessons:read": _("Read lessons"),
    "lessons:write": _("Add and review lessons"),
}


def options(choices: type[models.TextChoices]) -> list[tuple[str, Text]]:
    """A model's choices as the lines of a list: they are written small, to stand inside a sentence."""
    return [(value, capfirst(label)) for value, label in choices.choices]


class MailForm(GovukForm):
    overviews = forms.ChoiceField(
        label=_("Do you want a monthly overview of your certificates?"),
        help_text=_("On the first of the month: how many are in force, which run out in the next 120 days."),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    govuk = {"overviews": FieldOptions(label_size="m", inline=True)}


class NameForm(GovukForm):
    name = forms.CharField(
        label=_("Full name"),
        help_text=_("It appears on what you submit or decide from now on"),
        max_length=User._meta.get_field("name").max_length,
    )
    govuk = {"name": FieldOptions(width="two-thirds", autocomplete="name", spellcheck=False)}


class OrganisationForm(GovukForm):
    name = forms.CharField(
        label=_("Name of the organisation"),
        help_text=_("As it should stand on certificates"),
        max_length=Organisation._meta.get_field("name").max_length,
    )
    kind = forms.ChoiceField(
        label=_("What kind of organisation is it?"), choices=options(Organisation.Kind), widget=forms.RadioSelect
    )
    govuk = {
        "name": FieldOptions(width="two-thirds", autocomplete="organization"),
        "kind": FieldOptions(label_size="m"),
    }


class OrganisationNameForm(GovukForm):
    name = OrganisationForm.base_fields["name"]
    govuk = {"name": FieldOptions(width="two-thirds", autocomplete="organization")}


class RoleForm(GovukForm):
    role = forms.ChoiceField(label=_("Role"), choices=options(Membership.Role), widget=forms.RadioSelect)
    govuk = {"role": FieldOptions(label_size="m", hints=_ROLE_HINTS)}


class InvitationForm(RoleForm):
    email = forms.EmailField(label=_("Email address"), help_text=_("The link works for this address alone"))
    govuk = {**RoleForm.govuk, "email": FieldOptions(width="two-thirds")}
    field_order = ["email", "role"]


class TokenForm(GovukForm):
    label = forms.CharField(label=_("What is it for?"), help_text=_("For example, “booking system”"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("What may it be used for?"),
        help_text=_("It can never do more than you can"),
        choices=[(scope, _SCOPE_LABELS[scope]) for scope in SCOPES],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("For how many days?"), help_text=_("1 to 365"), min_value=1, max_value=365, initial=90
    )
    govuk = {
        "label": FieldOptions(width="20"),
        "scopes": FieldOptions(label_size="m"),
        "days": FieldOptions(width="3", suffix=_("days")),
    }


class PeopleSearchForm(GovukForm):
    search = forms.CharField(label=_("Email address or name, or part of it"), max_length=254, required=False)
    govuk = {"search": FieldOptions(width="two-thirds", spellcheck=False)}


class AppointmentForm(GovukForm):
    area = forms.ModelChoiceField(
        label=_("Police area"), queryset=PoliceArea.objects.all(), empty_label=_("Choose an area")
    )
    role = forms.ChoiceField(label=_("Role"), choices=options(Appointment.Role), widget=forms.RadioSelect)
    govuk = {
        "role": FieldOptions(
            hints={
                Appointment.Role.ADVISER: _("Reviews plans of the area and recommends"),
                Appointment.Role.AUTHORISER: _("Signs or sends back what an adviser recommends"),
            }
        )
    }


class NationalRoleForm(GovukForm):
    national_role = forms.ChoiceField(
        label=_("National role"), choices=options(User.NationalRole), widget=forms.RadioSelect, required=False
    )
    govuk = {
        "national_role": FieldOptions(
            hints={
                User.NationalRole.ADMINISTRATOR: _("Owns standards, areas, appointments and people; sees no case"),
                User.NationalRole.AUDITOR: _("Reads everything, changes nothing"),
            }
        )
    }


class DoForm(GovukForm):
    """A page that asks whether to go ahead: it holds no field, only what the service may refuse."""
