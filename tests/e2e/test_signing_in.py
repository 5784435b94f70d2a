"""The second steps: a passkey of a device that does not exist, and the codes for the day when everything is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e import steps
from tests.e2e.browsing import WAYS, Inspector, Visitor, Way, visiting
from tests.e2e.cast import CARRIERS
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.e2e


@contextmanager
def a_device_with_a_fingerprint(person: Visitor) -> Iterator[None]:
    """Chromium's own authenticator for tests, over its debugging protocol: it agrees to everything it is asked."""
    debugger = person.context.new_cdp_session(person.page)
    debugger.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    debugger.send("WebAuthn.disable")


def test_a_passkey_is_added_and_signs_in(inspector: Inspector) -> None:
    with visiting(inspector, WAYS[0]) as person, a_device_with_a_fingerprint(person):
        person.sign_in(CARRIERS[0])
        person.go("/accounts/2fa/")
        person.click("Add a passkey")
        person.fill("Name of the passkey", "My telephone")
        person.tick("Sign in with this passkey alone")
        person.click("Continue")
        person.go("/accounts/2fa/webauthn/")
        assert "My telephone" in person.text()

        person.click("Sign out")
        person.go("/accounts/login/")
        person.click("Sign in with a passkey")
        assert person.email() == CARRIERS[0]

        person.click("Sign out")
        person.sign_in(CARRIERS[0])
        assert person.heading() == "Two-step verification"
        person.click("Use a passkey")
        assert person.email() == CARRIERS[0]


def test_a_passkey_that_fails_is_said(inspector: Inspector) -> None:
    """As at an address without a name, where browsers refuse: the page must not stay silent."""
    with visiting(inspector, WAYS[0]) as person:
        person.go(inspector.address.replace("localhost", "127.0.0.1") + "/accounts/login/")
        person.page.get_by_role("button", name="Sign in with a passkey").click()
        person.page.get_by_role("alert").get_by_text("The passkey could not be used").wait_for()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_recovery_code_signs_in_once(way: Way, inspector: Inspector) -> None:
    email = CARRIERS[1 + WAYS.index(way)]
    with visiting(inspector, way) as person:
        person.sign_in(email, code=steps.code)
        person.go("/accounts/2fa/")
        person.click("Make new recovery codes")
        person.click("Make new codes")
        code = person.page.locator("main code").first.inner_text()
        person.click("Sign out")
        person.sign_in(email, code=lambda: code)
        assert person.email() == email

        person.click("Sign out")
        person.sign_in(email, code=lambda: code)
        assert person.heading() == "Two-step verification"
        assert "Error" in person.page.title()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_wrong_password_is_said(way: Way, inspector: Inspector) -> None:
    with visiting(inspector, way) as person:
        person.go("/accounts/login/")
        person.fill("Email address", CARRIERS[0])
        person.fill("Password", f"not {PASSWORD}")
        person.page.get_by_role("button", name="Sign in", exact=True).click()
        person.page.wait_for_load_state()
        person.look(" refused")
        assert "Error" in person.page.title()
