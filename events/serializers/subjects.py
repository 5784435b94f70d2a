"""Venues, events and projects: what is sent and what comes back. A client can send back what it was given."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from rest_framework import serializers

from core.api_serializers import Input, PageQuery, ProblemSerializer, Shape
from events.domain.facts import TIERS
from events.domain.subjects import EventData, ProjectData, SubjectData, VenueData
from events.domain.tiers import JUDGED_TIERS
from events.domain.uses import USES
from events.models import AttendanceBasis, Project, ResponsibleKind
from events.serializers.tiers import MOST_PEOPLE, FactsSerializer, TriageResultSerializer

_MOST_VERSIONS = 2_000_000_000


class SubjectInput(Input):
    """Fields of all three kinds. Omitted optional fields are empty: a PUT replaces the whole."""

    data_class: ClassVar[type[SubjectData]]

    name = serializers.CharField(max_length=160)
    address = serializers.CharField(max_length=240)
    town = serializers.CharField(max_length=80)
    postcode = serializers.CharField(max_length=12)
    area_code = serializers.SlugField(max_length=40, help_text="See GET /areas/.")
    latitude = serializers.DecimalField(8, 5, required=False, allow_null=True, default=None)
    longitude = serializers.DecimalField(8, 5, required=False, allow_null=True, default=None)
    expected_attendance = serializers.IntegerField(
        min_value=1, max_value=MOST_PEOPLE, help_text="Greatest number expected at one time, staff included."
    )
    attendance_basis = serializers.ChoiceField(choices=AttendanceBasis.choices)
    facts = FactsSerializer(required=False, default=dict)
    chosen_tier = serializers.ChoiceField(
        choices=JUDGED_TIERS, required=False, allow_blank=True, default="", help_text="A tier opted into, or empty."
    )
    responsible_kind = serializers.ChoiceField(choices=ResponsibleKind.choices)
    responsible_name = serializers.CharField(max_length=160)
    responsible_ground = serializers.CharField(max_length=240, help_text="Why they are responsible.")
    senior_name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    senior_position = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    shared_site = serializers.BooleanField(required=False, default=False)

    @classmethod
    def data_of(cls, values: dict[str, Any]) -> SubjectData:
        """What the service takes, from clean values that may hold more."""
        return cls.data_class(**{name: values[name] for name in cls.data_class.__dataclass_fields__ if name in values})


_COMMON: dict[str, object] = {
    "name": "Mill Lane Hall",
    "address": "1 Mill Lane",
    "town": "Otley",
    "postcode": "LS21 3AA",
    "area_code": "west-yorkshire",
    "expected_attendance": 250,
    "attendance_basis": "fire",
    "facts": {"recurring": True, "has_building": True, "wholly_or_mainly": True, "public_access": True},
    "responsible_kind": "organisation",
    "responsible_name": "The hall's committee",
    "responsible_ground": "It holds the lease and lets the rooms",
}
_ORGANISATION = "0d9f6a3e-2f5b-4b39-8d0a-0e9a5c1b7002"


class VenueInput(SubjectInput):
    data_class = VenueData

    use = serializers.ChoiceField(
        choices=list(USES), required=False, allow_blank=True, default="", help_text="Empty where none of them fits."
    )


class EventInput(SubjectInput):
    """With `venue_id` place and police area are the venue's; what is sent of them is passed over."""

    data_class = EventData

    address = serializers.CharField(max_length=240, required=False, allow_blank=True, default="")
    town = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    postcode = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    area_code = serializers.SlugField(max_length=40, required=False, allow_blank=True, default="")
    venue_id = serializers.UUIDField(required=False, allow_null=True, default=None)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    police_assets_requested = serializers.BooleanField(required=False, default=False)


class ProjectInput(SubjectInput):
    data_class = ProjectData

    use = serializers.ChoiceField(
        choices=list(USES), required=False, allow_blank=True, default="", help_text="Predicted; empty if none fits."
    )
    project_type = serializers.ChoiceField(choices=Project.ProjectType.choices)
    stage = serializers.IntegerField(min_value=0, max_value=7, help_text="Of the RIBA plan of work.")
    opens_on = serializers.DateField()


class _New(Input):
    organisation_id = serializers.UUIDField(help_text="One of yours; see GET /organisations/.")


class _Change(Input):
    version = serializers.IntegerField(
        min_value=1, max_value=_MOST_VERSIONS, help_text="That of the subject as you read it; a stale one is a 409."
    )
    confirm_tier_change = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=60,
        help_text="`move.confirm` of the 409 that told of the move. It confirms that very move and no other.",
    )


class NewVenueSerializer(VenueInput, _New):
    example = {**_COMMON, "organisation_id": _ORGANISATION, "use": "hall"}


class NewEventSerializer(EventInput, _New):
    example = {
        **_COMMON,
        "organisation_id": _ORGANISATION,
        "name": "Moor Road Concert",
        "expected_attendance": 1200,
        "facts": {"public_access": True, "entry_check": "ticket_or_pass"},
        "senior_name": "Sasha Senior",
        "senior_position": "Director",
        "starts_at": "2027-06-12T16:00:00+01:00",
        "ends_at": "2027-06-12T22:00:00+01:00",
    }


class NewProjectSerializer(ProjectInput, _New):
    example = {
        **_COMMON,
        "organisation_id": _ORGANISATION,
        "name": "Canal Street station",
        "use": "transport_station",
        "project_type": "station",
        "stage": 2,
        "opens_on": date(2029, 5, 1).isoformat(),
    }


class VenueChangeSerializer(VenueInput, _Change):
    example = {**_COMMON, "use": "hall", "version": 1}


class EventChangeSerializer(EventInput, _Change):
    pass


class ProjectChangeSerializer(ProjectInput, _Change):
    pass


class SubjectQuery(PageQuery):
    archived = serializers.BooleanField(
        required=False, default=False, help_text="The archive instead of what is in use."
    )


class SubjectRowSerializer(Shape):
    """One line of a list."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    organisation_id = serializers.UUIDField()
    organisation = serializers.CharField(source="organisation.name")
    area_code = serializers.CharField(source="area_id")
    town = serializers.CharField()
    postcode = serializers.CharField()
    expected_attendance = serializers.IntegerField()
    tier = serializers.ChoiceField(choices=TIERS)
    judged_tier = serializers.ChoiceField(choices=JUDGED_TIERS)
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)


class SubjectSerializer(SubjectRowSerializer):
    address = serializers.CharField()
    latitude = serializers.DecimalField(8, 5, allow_null=True)
    longitude = serializers.DecimalField(8, 5, allow_null=True)
    attendance_basis = serializers.ChoiceField(choices=AttendanceBasis.choices)
    facts = serializers.DictField()
    chosen_tier = serializers.ChoiceField(choices=JUDGED_TIERS, allow_blank=True)
    responsible_kind = serializers.ChoiceField(choices=ResponsibleKind.choices)
    responsible_name = serializers.CharField()
    responsible_ground = serializers.CharField()
    senior_name = serializers.CharField(allow_blank=True)
    senior_position = serializers.CharField(allow_blank=True)
    shared_site = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class VenueSerializer(SubjectSerializer):
    use = serializers.ChoiceField(choices=list(USES), allow_blank=True)


class EventSerializer(SubjectSerializer):
    venue_id = serializers.UUIDField(allow_null=True)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    police_assets_requested = serializers.BooleanField()


class ProjectSerializer(SubjectSerializer):
    use = serializers.ChoiceField(choices=list(USES), allow_blank=True)
    project_type = serializers.ChoiceField(choices=Project.ProjectType.choices)
    stage = serializers.IntegerField()
    opens_on = serializers.DateField()


class MoveSerializer(Shape):
    """A move of the tier that nobody has confirmed."""

    tier = serializers.ChoiceField(choices=TIERS, help_text="Now.")
    judged_tier = serializers.ChoiceField(choices=JUDGED_TIERS, help_text="Now.")
    determination = TriageResultSerializer(help_text="After the change.")
    confirm = serializers.CharField(help_text="Send it as `confirm_tier_change` to save the change all the same.")


class SubjectConflictSerializer(ProblemSerializer):
    """With `tier-would-change` it has `move`; with `conflict` the present `version`: read the subject again."""

    move = MoveSerializer(required=False)
    version = serializers.IntegerField(required=False)
