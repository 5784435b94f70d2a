from events.models.subjects import (
    AttendanceBasis,
    Event,
    Project,
    ResponsibleKind,
    SubjectFields,
    Venue,
)
from events.models.tiers import TierDetermination

Subject = Venue | Event | Project

__all__ = [
    "AttendanceBasis",
    "Event",
    "Project",
    "ResponsibleKind",
    "Subject",
    "SubjectFields",
    "TierDetermination",
    "Venue",
]
