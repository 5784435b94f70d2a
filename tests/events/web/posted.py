"""What the registration forms post, filled in as somebody would."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.factories import accounts as people

COMMON = {
    "name": "Mill Hall",
    "address": "1 Mill Lane",
    "town": "Otley",
    "postcode": "ls21 3aa",
    "area_code": people.AREA,
    "expected_attendance": "250",
    "attendance_basis": "fire",
    "responsible_kind": "organisation",
    "responsible_name": "Harbour Lights Trust",
    "responsible_ground": "It runs the building",
    "chosen_tier": "follow",
}
VENUE = {
    **COMMON,
    "use": "hall",
    "has_building": "yes",
    "wholly_or_mainly": "yes",
    "public_access": "yes",
    "recurring": "yes",
    "open_air_type": "indoors",
    "entry_check": "none",
    "excluded_kind": "none",
}
STARTS = timezone.localdate() + timedelta(days=90)
EVENT = {
    **COMMON,
    "name": "Lantern night",
    "starts_at_day": str(STARTS.day),
    "starts_at_month": str(STARTS.month),
    "starts_at_year": str(STARTS.year),
    "starts_at_time": "7pm",
    "ends_at_day": str(STARTS.day),
    "ends_at_month": str(STARTS.month),
    "ends_at_year": str(STARTS.year),
    "ends_at_time": "11pm",
    "host_use": "none",
    "host_tier": "unknown",
    "has_building": "no",
    "open_air": "yes",
    "public_access": "yes",
    "entry_check": "ticket_or_pass",
    "entry_check_scope": "general",
    "excluded_kind": "none",
}
PROJECT = {
    **VENUE,
    "name": "New station",
    "use": "transport_station",
    "project_type": "station",
    "stage": "2",
    "opens_on_day": "1",
    "opens_on_month": "6",
    "opens_on_year": str(STARTS.year + 3),
}
