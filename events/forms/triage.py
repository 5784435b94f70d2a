"""One question of triage on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from core.govuk.forms import GovukForm
from core.govuk.options import FieldOptions
from events.forms import fields

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as Text

__all__ = ["QuestionForm", "question_field"]


class QuestionForm(GovukForm):
    """`name` is the question, `kind` what is being asked about: the words of some questions depend on it."""

    def __init__(
        self, data: Mapping[str, str] | None = None, *, name: str, kind: str, initial: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.fields[name] = question_field(name, kind)
        options = FieldOptions(heading=True, label_size="l", hints=_HINTS.get(name, {}))
        if isinstance(self.fields[name], fields.WholeNumberField):
            options = replace(options, width="10")
        self.govuk = {name: options}


def question_field(name: str, kind: str) -> forms.Field:
    """KeyError for a name that is no question."""
    maker = _OWN_WORDS.get(kind, {}).get(name)
    return (maker or _OF_PREMISES[name])()


_HINTS: Final[Mapping[str, Mapping[str, Text]]] = {
    "kind": {
        "premises": _("A hall, shop, stadium, school, church, hospital, station: anywhere people go."),
        "event": _("A festival, match, market or concert on certain days."),
        "project": _("A building or public space that is being planned or built."),
    },
}


def _kind() -> forms.Field:
    kinds = [("premises", _("A place")), ("event", _("An event")), ("project", _("An infrastructure project"))]
    return fields.choice(_("What do you want to find out about?"), kinds)


def _use() -> forms.Field:
    return fields.uses(
        _("What is the place mainly used for?"),
        hint=_("Choose the use that takes the most time and space."),
    )


def _project_use() -> forms.Field:
    return fields.uses(
        _("What will the place mainly be used for?"),
        hint=_("When it is open. Choose the use that will take the most time and space."),
    )


def _has_building() -> forms.Field:
    return fields.yes_no(
        _("Is there a building?"),
        hint=_(
            "Part of a building counts, and so does a group of buildings. A tent that is taken down again does not."
        ),
    )


def _open_air_type() -> forms.Field:
    return fields.choice(_("Is it one of these open-air places?"), OPEN_AIR_CHOICES)


OPEN_AIR_CHOICES: Final = [
    ("indoors", _("No, it is mainly indoors")),
    ("park", _("A park")),
    ("garden", _("A garden")),
    ("recreation_ground", _("A recreation ground")),
    ("sports_ground", _("A sports ground")),
    ("other_recreation", _("Another open-air place for recreation or leisure")),
    ("other_open_air", _("It is in the open air, but none of these")),
]


def _designated() -> forms.Field:
    return fields.yes_no(
        _("Is it a designated sports ground?"),
        hint=_(
            "Designated under the Safety of Sports Grounds Act 1975, or by order in Northern Ireland: mostly large football and rugby grounds."
        ),
    )


ENTRY_CHECKS: Final = [
    ("payment", _("That people have paid")),
    ("ticket_or_pass", _("That people hold a ticket or a pass")),
    ("membership_or_guest", _("That people are members or guests")),
    ("none", _("None of these, or only bags are searched")),
]


def _entry_check() -> forms.Field:
    return fields.choice(
        _("What is checked when people come in?"),
        ENTRY_CHECKS,
        hint=_("A free ticket is a ticket. A bag search alone is not a check of this kind."),
    )


PREMISES_SCOPES: Final = [
    ("general", _("Of everybody who comes in")),
    ("particular_events_only", _("Only for particular events, such as match days")),
    ("particular_facilities_only", _("Only for particular facilities, such as a swimming pool")),
]
EVENT_SCOPES: Final = [
    ("general", _("On the way into the whole site")),
    ("part_of_site", _("Only on the way into part of the site")),
]


def _premises_scope() -> forms.Field:
    return fields.choice(_("When is that checked?"), PREMISES_SCOPES)


def _event_scope() -> forms.Field:
    return fields.choice(_("Where is that checked?"), EVENT_SCOPES)


def _wholly_or_mainly() -> forms.Field:
    return fields.yes_no(
        _("Is that the only use, or the main one?"),
        hint=_("Think of how much of the time and of the space goes to it."),
    )


def _public_access() -> forms.Field:
    return fields.yes_no(
        _("Do members of the public come in?"),
        hint=_("People who have to pay, book or join first are still members of the public."),
    )


def _event_public() -> forms.Field:
    return fields.yes_no(
        _("Can members of the public come to the event?"),
        hint=_("If anybody can buy or get a ticket, answer yes. A private party is closed to the public."),
    )


def _attendance() -> forms.Field:
    return fields.attendance(
        _("What is the greatest number of people there at one time?"),
        hint=_("Count staff and volunteers too, at the busiest time that you expect."),
    )


def _project_building() -> forms.Field:
    return fields.yes_no(
        _("Will there be a building?"), hint=_("Part of a building counts, and so does a group of buildings.")
    )


def _project_attendance() -> forms.Field:
    return fields.attendance(
        _("What is the greatest number of people that will be there at one time?"),
        hint=_("When it is open, at the busiest time that you expect. Count staff too."),
    )


def _part_attendance() -> forms.Field:
    return fields.attendance(
        _("How many people at most are in the checked part at one time?"), hint=_("Staff included.")
    )


def _recurring() -> forms.Field:
    return fields.yes_no(
        _("Is that number reached from time to time?"),
        hint=_(
            "Every Christmas or every home match is “from time to time”. Answer no if it happened once and nobody expects it again."
        ),
    )


def _host_use() -> forms.Field:
    return fields.uses(
        _("What is the place mainly used for on other days?"),
        hint=_("The place where the event is held. Choose “None of these” for open land, a street or a square."),
    )


def _host_tier() -> forms.Field:
    return fields.choice(
        _("Do 800 or more people come to that place from time to time, without your event?"),
        HOST_TIERS,
        hint=_("Such a place is in the enhanced tier and carries the duties already. Ask those who run it."),
    )


HOST_TIERS: Final = [
    ("yes", _("Yes, it is in the enhanced tier")),
    ("no", _("No")),
    ("unknown", _("I do not know")),
]


def _exclusions() -> forms.Field:
    return fields.exclusions(
        _("Is the place one of these?"), hint=_("Places like these have security rules of their own. Few places are.")
    )


_Maker = Callable[[], forms.Field]
_OF_PREMISES: Final[Mapping[str, _Maker]] = {
    "kind": _kind,
    "use": _use,
    "has_building": _has_building,
    "open_air_type": _open_air_type,
    "designated_sports_ground": _designated,
    "entry_check": _entry_check,
    "entry_check_scope": _premises_scope,
    "wholly_or_mainly": _wholly_or_mainly,
    "public_access": _public_access,
    "expected_attendance": _attendance,
    "recurring": _recurring,
    "excluded_kind": _exclusions,
}
_OF_EVENTS: Final[Mapping[str, _Maker]] = {
    "host_use": _host_use,
    "host_tier": _host_tier,
    "public_access": _event_public,
    "entry_check_scope": _event_scope,
    "part_attendance": _part_attendance,
}
_OF_PROJECTS: Final[Mapping[str, _Maker]] = {
    "use": _project_use,
    "has_building": _project_building,
    "expected_attendance": _project_attendance,
}
_OWN_WORDS: Final[Mapping[str, Mapping[str, _Maker]]] = {"event": _OF_EVENTS, "project": _OF_PROJECTS}
