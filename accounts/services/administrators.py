"""National administrators made from the machine itself: the first one, and one who can no longer get in."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_urlsafe

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import notifications
from accounts.models import User
from accounts.services import second_factors, users
from core import audit, notify
from core.errors import Conflict


@dataclass(frozen=True, slots=True)
class Opened:
    """`link` sets a password and works once, until PASSWORD_RESET_TIMEOUT; it is kept nowhere unless it was mailed."""

    user: User
    link: str


def open_for(*, email: str, name: str, mail_link: bool = False, reset_second_factor: bool = False) -> Opened:
    """Make the account or take the one that has the address, give it the role, and make a link to set its password.

    For the command line alone, whoever may run which: there is no actor to ask. Harmless to repeat. The other
    administrators are told, because a role that appears from nowhere should not pass unseen. Raises InvalidInput, and
    Conflict for a closed account or one that holds another office.
    """
    address = users.clean_email(email)
    with transaction.atomic():
        user = User.objects.filter(email__iexact=address).first()
        if user is None:
            role = User.NationalRole.ADMINISTRATOR
            # Nobody knows this password: the link is the only way in.
            user = users.create_user(
                actor=None, email=address, name=name, password=token_urlsafe(48), national_role=role
            )
            is_new = True
        elif not user.is_active:
            raise Conflict(_("This account is closed."))
        else:
            is_new = user.national_role != User.NationalRole.ADMINISTRATOR
            user = users.set_national_role(actor=None, user_id=user.pk, role=User.NationalRole.ADMINISTRATOR)
        if reset_second_factor:
            second_factors.reset(actor=None, user_id=user.pk)
        event = audit.record(actor=None, action="user.password_link_made", target=user, case=users.case_of(user))
        link = _password_link(user)
        if mail_link:
            notify.send(to=user, message=notifications.administrator_link(link), key=f"administrator-link:{event.pk}")
        if is_new:
            _tell_the_others(user, event.pk)
        return Opened(user=user, link=link)


def _password_link(user: User) -> str:
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{settings.SITE_URL}{path}"


def _tell_the_others(made: User, event: int) -> None:
    role = User.NationalRole.ADMINISTRATOR
    for other in User.objects.filter(national_role=role, is_active=True).exclude(pk=made.pk).order_by("pk"):
        message = notifications.administrator_made(made)
        notify.send(to=other, message=message, key=f"administrator-made:{event}:{other.pk}")
