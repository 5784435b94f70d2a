from advisories.models.guidance import GuidancePack
from advisories.models.lessons import Lesson, LessonCriterion, LessonSector
from advisories.models.networks import NetworkMember, NetworkModerator, NetworkPost
from advisories.models.sightings import Sighting, SightingFile, SightingStep

__all__ = [
    "GuidancePack",
    "Lesson",
    "LessonCriterion",
    "LessonSector",
    "NetworkMember",
    "NetworkModerator",
    "NetworkPost",
    "Sighting",
    "SightingFile",
    "SightingStep",
]
