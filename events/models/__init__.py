from events.models.subjects import (
    AttendanceBasis,
    Event,
    Project,
    ResponsibleKind,
    SubjectFields,
    Venue,
)
from events.models.tiers import TierDetermination

__all__ = [
    "AttendanceBasis",
    "Event",
    "Project",
    "ResponsibleKind",
    "SubjectFields",
    "TierDetermination",
    "Venue",
]
