from accounts.models.mail import MailChoice
from accounts.models.organisations import Invitation, Membership, Organisation
from accounts.models.police import Appointment, PoliceArea
from accounts.models.tokens import ApiToken
from accounts.models.users import User

__all__ = [
    "ApiToken",
    "Appointment",
    "Invitation",
    "MailChoice",
    "Membership",
    "Organisation",
    "PoliceArea",
    "User",
]
