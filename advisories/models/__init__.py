from advisories.models.bulletins import Bulletin
from advisories.models.delivery import BulletinPreferences, BulletinRecipient, FeedToken
from advisories.models.guidance import GuidancePack
from advisories.models.lessons import Lesson, LessonCriterion, LessonSector
from advisories.models.networks import NetworkAdmission, NetworkMember, NetworkModerator, NetworkPost
from advisories.models.receipts import BulletinAnswer, BulletinChase, BulletinFile, BulletinPlace
from advisories.models.sightings import Sighting, SightingFile, SightingStep
from advisories.models.threat import (
    Level,
    ResponseLevel,
    ResponseMeasures,
    Scope,
    ThreatChange,
    ThreatConfirmation,
    ThreatNotice,
    ThreatResponse,
    Zone,
)

__all__ = [
    "Bulletin",
    "BulletinAnswer",
    "BulletinChase",
    "BulletinFile",
    "BulletinPlace",
    "BulletinPreferences",
    "BulletinRecipient",
    "FeedToken",
    "GuidancePack",
    "Lesson",
    "LessonCriterion",
    "LessonSector",
    "Level",
    "NetworkAdmission",
    "NetworkMember",
    "NetworkModerator",
    "NetworkPost",
    "ResponseLevel",
    "ResponseMeasures",
    "Scope",
    "Sighting",
    "SightingFile",
    "SightingStep",
    "ThreatChange",
    "ThreatConfirmation",
    "ThreatNotice",
    "ThreatResponse",
    "Zone",
]
