from advisories.models.bulletins import Bulletin
from advisories.models.delivery import BulletinPreferences, BulletinRecipient, FeedToken
from advisories.models.receipts import BulletinAnswer, BulletinChase, BulletinFile, BulletinPlace

__all__ = [
    "Bulletin",
    "BulletinAnswer",
    "BulletinChase",
    "BulletinFile",
    "BulletinPlace",
    "BulletinPreferences",
    "BulletinRecipient",
    "FeedToken",
]
