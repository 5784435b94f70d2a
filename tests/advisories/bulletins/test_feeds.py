"""Feeds: what a program may have, valid against the schema of OASIS, signed, and never what is read only signed in."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet
from lxml import etree

from accounts.models import Organisation, User
from advisories.domain import cap
from advisories.domain.audience import Audience, Near
from advisories.models import Bulletin, FeedToken
from advisories.services import bulletins, preferences
from core.models import AuditEvent
from core.signing import claims, offline
from tests.factories import accounts as people
from tests.factories import advisories as make
from tests.factories.events import make_venue

pytestmark = pytest.mark.django_db
XSD = Path(__file__).parent / "cap12.xsd"
ATOM = "{http://www.w3.org/2005/Atom}"
CAP = f"{{{cap.NAMESPACE}}}"


def valid(content: bytes) -> Any:
    root = etree.fromstring(content)
    etree.XMLSchema(etree.parse(str(XSD))).assertValid(root)
    return root


def message(bulletin: Bulletin, base: str = "/feeds/cap/") -> Any:
    response = Client().get(f"{base}{bulletin.pk}.xml")
    assert (response.status_code, response["Content-Type"]) == (200, "application/cap+xml; charset=utf-8")
    return valid(response.content)


def text(root: Any, name: str) -> str:
    return str(root.findtext(f".//{CAP}{name}", ""))


def entries(address: str) -> dict[str, Any]:
    response = Client().get(address)
    assert response.status_code == 200
    root = etree.fromstring(response.content)
    return {entry.findtext(f"{ATOM}id").removeprefix("urn:uuid:"): entry for entry in root.iter(f"{ATOM}entry")}


def links(entry: Any) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in entry.iter(f"{ATOM}link")}


@pytest.fixture
def place(organisation: Organisation) -> None:
    make_venue(organisation)


def test_an_alert_is_valid_and_says_everything(place: None, adviser: User) -> None:
    published = make.make_published(
        adviser,
        tlp="clear",
        title="Doors & <gates>",
        expires_at=make.at("2030-07-01 12:00"),
        audience=Audience(near=Near(53.9, -1.69, 20.0)),
    )
    root = message(published)
    assert {
        name: text(root, name)
        for name in ("identifier", "sender", "status", "msgType", "scope", "headline", "areaDesc", "circle", "expires")
    } == {
        "identifier": str(published.pk),
        "sender": "advisories@testserver",
        "status": "Actual",
        "msgType": "Alert",
        "scope": "Public",
        "headline": "Doors & <gates>",
        "areaDesc": "West Yorkshire",
        "circle": "53.9,-1.69 20",
        "expires": "2030-07-01T12:00:00+01:00",
    }
    assert text(root, "description") == make.BODY
    assert text(root, "value") == "TLP:CLEAR"
    assert not text(root, "sent").endswith("Z")


def test_an_exercise_says_so_by_status_note_and_headline(place: None, adviser: User) -> None:
    root = message(make.make_published(adviser, tlp="clear", status="Exercise"))
    assert text(root, "status") == "Exercise"
    assert text(root, "note") == "This is an exercise. Nothing has happened."
    assert text(root, "headline").startswith("EXERCISE EXERCISE: ")


def test_an_update_and_a_cancellation_refer_to_all_that_went_before(place: None, adviser: User) -> None:
    first = make.make_published(adviser, tlp="clear")
    first_root = message(first)
    draft = bulletins.begin_update(actor=adviser, bulletin_id=first.pk)
    bulletins.submit(actor=adviser, bulletin_id=draft.pk)
    second = bulletins.publish(actor=adviser, bulletin_id=draft.pk)
    first_name = f"advisories@testserver,{first.pk},{text(first_root, 'sent')}"

    second_root = message(second)
    assert (text(second_root, "msgType"), text(second_root, "references")) == ("Update", first_name)
    second_name = f"advisories@testserver,{second.pk},{text(second_root, 'sent')}"

    bulletins.retract(actor=adviser, bulletin_id=second.pk, reason="It was a laundry.")
    root = message(second)
    assert (text(root, "msgType"), text(root, "identifier")) == ("Cancel", f"{second.pk}.cancel")
    assert text(root, "references") == f"{first_name} {second_name}"
    assert text(root, "description") == "It was a laundry."
    assert text(root, "headline") == f"Retracted: {second.title}"
    assert make.BODY not in etree.tostring(root, encoding="unicode")
    entry = entries("/feeds/advisories.atom")[str(second.pk)]
    assert entry.findtext(f"{ATOM}title") == f"TLP:CLEAR Retracted: {second.title}"
    assert entry.findtext(f"{ATOM}updated") > entry.findtext(f"{ATOM}published")


def test_a_national_one_names_its_areas(national_admin: User) -> None:
    anywhere = make.make_published(national_admin, area="", tlp="clear")
    some = make.make_published(
        national_admin, area="", tlp="clear", audience=Audience(areas=(people.AREA, people.OTHER_AREA))
    )
    assert text(message(anywhere), "areaDesc") == "United Kingdom"
    assert text(message(some), "areaDesc") == "Kent, West Yorkshire"


def test_the_public_feed_has_what_is_clear_alone(place: None, adviser: User, authoriser: User) -> None:
    made = {
        marking: make.make_published(adviser, approver=authoriser, tlp=marking)
        for marking in ("red", "amber_strict", "amber", "green", "clear")
    }
    draft = make.make_draft(adviser, tlp="clear")
    found = entries("/feeds/advisories.atom")
    assert set(found) == {str(made["clear"].pk)}
    for bulletin in [*made.values(), draft]:
        status = 200 if bulletin == made["clear"] else 404
        for end in ("xml", "json"):
            assert Client().get(f"/feeds/cap/{bulletin.pk}.{end}").status_code == status


def test_one_s_own_feed_has_what_one_may_read_and_a_link_where_one_has_to_sign_in(
    place: None, organiser: User, adviser: User, authoriser: User
) -> None:
    token = preferences.make_feed_token(actor=organiser)
    made = {
        marking: make.make_published(adviser, approver=authoriser, tlp=marking, status="Exercise")
        for marking in ("red", "amber_strict", "amber", "green", "clear")
    }
    elsewhere = make.make_published(
        people.make_officer("adviser", area=people.OTHER_AREA), area=people.OTHER_AREA, tlp="amber"
    )
    base = f"/feeds/own/{token}/"
    found = entries(f"{base}advisories.atom")
    assert set(found) == {str(bulletin.pk) for bulletin in made.values()}
    assert str(elsewhere.pk) not in found
    for marking, bulletin in made.items():
        entry = found[str(bulletin.pk)]
        said = etree.tostring(entry, encoding="unicode")
        strict = marking in {"red", "amber_strict"}
        assert entry.findtext(f"{ATOM}title").startswith(f"{bulletin.tlp_label} EXERCISE EXERCISE: ")
        assert (bulletin.title in said, "SECRET" in said) == (not strict, not strict)
        assert set(links(entry)) == ({"alternate"} if strict else {"alternate", "enclosure", "related"})
        for end in ("xml", "json"):
            assert Client().get(f"{base}cap/{bulletin.pk}.{end}").status_code == (404 if strict else 200)
    amber = message(made["amber"], f"{base}cap/")
    assert (text(amber, "scope"), text(amber, "restriction")) == ("Restricted", "TLP:AMBER")
    assert links(found[str(made["amber"].pk)])["enclosure"] == f"http://testserver{base}cap/{made['amber'].pk}.xml"


def test_a_feed_s_key_is_kept_as_a_hash_and_can_be_ended(place: None, organiser: User, colleague: User) -> None:
    first = preferences.make_feed_token(actor=organiser)
    row = FeedToken.objects.get()
    assert first.removeprefix(f"wf_{row.prefix}_") not in str(vars(row))
    assert len(row.secret_hash) == 64
    assert Client().get(f"/feeds/own/{first}/advisories.atom").status_code == 200
    row.refresh_from_db()
    assert row.last_used_at is not None

    second = preferences.make_feed_token(actor=organiser)
    assert Client().get(f"/feeds/own/{first}/advisories.atom").status_code == 404
    assert Client().get(f"/feeds/own/{second}/advisories.atom").status_code == 200
    for wrong in (second[:-1], second.replace("wf_", "wm_"), f"{second[:14]}{'A' * 43}", "x"):
        assert Client().get(f"/feeds/own/{wrong}/advisories.atom").status_code == 404

    assert preferences.revoke_feed_token(actor=organiser)
    assert not preferences.revoke_feed_token(actor=organiser)
    assert Client().get(f"/feeds/own/{second}/advisories.atom").status_code == 404
    actions = AuditEvent.objects.filter(action__startswith="feed_token").order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["feed_token.created", "feed_token.created", "feed_token.revoked"]


def test_a_closed_account_reads_no_feed(organiser: User) -> None:
    token = preferences.make_feed_token(actor=organiser)
    User.objects.filter(pk=organiser.pk).update(is_active=False)
    assert Client().get(f"/feeds/own/{token}/advisories.atom").status_code == 404


def test_whoever_leaves_an_organisation_reads_no_more_of_it(
    place: None, organisation: Organisation, colleague: User, adviser: User
) -> None:
    token = preferences.make_feed_token(actor=colleague)
    published = make.make_published(adviser)
    address = f"/feeds/own/{token}/advisories.atom"
    assert set(entries(address)) == {str(published.pk)}
    colleague.memberships.all().delete()
    assert entries(address) == {}


def test_the_twin_is_signed_and_says_what_the_message_says(place: None, adviser: User) -> None:
    published = make.make_published(adviser, tlp="clear")
    response = Client().get(f"/feeds/cap/{published.pk}.json")
    assert response["Content-Type"] == "application/jose+json"
    keys = KeySet.import_key_set(Client().get("/feeds/keys.json").json())
    assert "d" not in Client().get("/feeds/keys.json").json()["keys"][0]
    signed = response.json()
    payload = json.loads(jws.deserialize_json(signed, keys, algorithms=["Ed25519"]).payload)
    root = message(published)
    assert payload["sent"] == text(root, "sent")
    assert payload["info"][0]["description"] == text(root, "description")

    changed = {**payload, "status": "Test"}
    forged = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
    with pytest.raises(BadSignatureError):
        jws.deserialize_json({**signed, "payload": forged}, keys, algorithms=["Ed25519"])


def signed_twin(bulletin: Bulletin) -> dict[str, Any]:
    response = Client().get(f"/feeds/cap/{bulletin.pk}.json")
    assert response.status_code == 200
    return dict(response.json())


def opened(signed: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Header and identifier, checked with the key set as it is served now."""
    keys = KeySet.import_key_set(Client().get("/feeds/keys.json").json())
    found = jws.deserialize_json(signed, keys, algorithms=["Ed25519"])
    protected = signed["protected"] + "=" * (-len(signed["protected"]) % 4)
    return json.loads(base64.urlsafe_b64decode(protected)), json.loads(found.payload)["identifier"]


def test_a_change_of_keys_leaves_old_twins_good(place: None, adviser: User, settings: Any) -> None:
    published = make.make_published(adviser, tlp="clear")
    first, second = bytes(range(32)), bytes(range(32, 64))
    settings.CREDENTIAL_KEYS = {"feed-a": first}
    old = signed_twin(published)
    # Made known before it signs; then it signs; at last the one before leaves the ring.
    settings.CREDENTIAL_KEYS = {"feed-a": first, "feed-b": second}
    served = {key["kid"] for key in Client().get("/feeds/keys.json").json()["keys"]}
    assert served >= {"feed-a", "feed-b"}
    settings.CREDENTIAL_KEYS = {"feed-b": second}
    new = signed_twin(published)
    assert opened(old) == ({"alg": "Ed25519", "kid": "feed-a", "typ": "cap+json"}, str(published.pk))
    assert opened(new) == ({"alg": "Ed25519", "kid": "feed-b", "typ": "cap+json"}, str(published.pk))
    assert Client().get("/feeds/keys.json").json() == Client().get("/.well-known/jwks.json").json()


def test_the_feeds_key_has_nothing_to_do_with_the_files_keys(place: None, adviser: User, settings: Any) -> None:
    published = make.make_published(adviser, tlp="clear")
    before = signed_twin(published)
    settings.FILE_KEYS = {"other": bytes(32)}
    assert signed_twin(published) == before


def test_without_a_key_there_is_no_twin_and_the_rest_is_served(place: None, adviser: User, settings: Any) -> None:
    published = make.make_published(adviser, tlp="clear")
    settings.CREDENTIAL_KEYS = {}
    response = Client().get(f"/feeds/cap/{published.pk}.json")
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert message(published) is not None


def test_a_twin_is_no_claim_of_a_certificate(place: None, adviser: User) -> None:
    signed = signed_twin(make.make_published(adviser, tlp="clear"))
    text_form = ".".join(signed[part] for part in ("protected", "payload", "signature"))
    assert offline.verify(text_form, claims.key_set(), now=make.at("2030-07-01 12:00")).answer == "forged"


def test_feeds_are_kept_from_search_engines_and_own_ones_from_caches(
    place: None, organiser: User, adviser: User
) -> None:
    token = preferences.make_feed_token(actor=organiser)
    public, own = Client().get("/feeds/advisories.atom"), Client().get(f"/feeds/own/{token}/advisories.atom")
    assert (public["Cache-Control"], own["Cache-Control"]) == ("public, max-age=60", "private, no-store")
    assert {public["X-Robots-Tag"], own["X-Robots-Tag"]} == {"noindex"}
    assert own["Referrer-Policy"] == "no-referrer"
    assert token not in own.content.decode().split("<entry>", maxsplit=1)[0].replace(f"own/{token}/", "")
