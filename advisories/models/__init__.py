from advisories.models.bulletins import Bulletin
from advisories.models.delivery import BulletinPreferences, BulletinRecipient, FeedToken
from advisories.models.receipts import BulletinAnswer, BulletinChase, BulletinFile, BulletinPlace
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
    "Level",
    "ResponseLevel",
    "ResponseMeasures",
    "Scope",
    "ThreatChange",
    "ThreatConfirmation",
    "ThreatNotice",
    "ThreatResponse",
    "Zone",
]
