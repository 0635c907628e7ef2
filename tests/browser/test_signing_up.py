"""From nothing to one's own figures in the browser, and the second factors that protect them."""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
import time
from base64 import b32decode

import pytest
from playwright.sync_api import Page, expect

from tests.browser import EACH_PAIR_TO_THE_DESK, accessibility_problems, is_sound

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SENTENCE = "une phrase facile à retenir"


def code(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.new(b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    value = digest.digest()
    place = value[-1] & 15
    return f"{(struct.unpack('>I', value[place : place + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def stranger(page: Page, site) -> None:
    """Passkeys know a site by its name: an address of numbers has none."""
    page.context.add_cookies(
        [
            {
                "name": "django_language",
                "value": "fr",
                "url": site.address.replace("127.0.0.1", "localhost"),
            }
        ]
    )


def sign_up(page: Page, site, email: str) -> str:
    base = site.address.replace("127.0.0.1", "localhost")
    stranger(page, site)
    page.goto(f"{base}/accounts/login/")
    page.get_by_role("link", name="Créer un compte").click()
    page.get_by_label("Courriel").fill(email)
    page.get_by_label("Mot de passe").fill(SENTENCE)
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Créer mon compte").click()
    expect(page.get_by_role("heading", name="Regardez vos courriels")).to_be_visible()
    assert accessibility_problems(page) == []
    page.goto(f"{base}{site.postbox.link(email)}")
    page.get_by_role("button", name="Oui, elle est à moi").click()
    expect(page.get_by_role("heading", name="Votre organisation")).to_be_visible()
    return base


def test_a_few_steps_lead_from_nothing_to_one_s_own_figures(visit, site, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_up(page, site, "newcomer@studio.example")
    assert page.get_by_label("Fuseau horaire").input_value() == "Europe/Paris"
    is_sound(page)
    page.get_by_label("Nom de votre organisation").fill("Studio Newcomer")
    page.get_by_label("Ce qu’elle est").select_option("agency")
    page.get_by_role("button", name="Créer l’organisation").click()

    path = site.google_file("premier.csv", days=5, cost="10.00")
    asks = site.files / "fiches.csv"  # which days its figures are of, it does not say
    asks.write_text("Store code,Business name,Calls,Website clicks\nN1,Nantes,4,9\n")
    page.locator("#id_upload").set_input_files([path, asks])
    page.get_by_text("Ce que les fichiers ne disent pas toujours").click()
    page.get_by_label("Compte").fill("555-666-7777")
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Importer").click()
    badges = page.locator("#imports-list .badge")
    expect(badges).to_have_text(["Attend une réponse", "Publié"])
    page.get_by_role("link", name="Vos chiffres").click()

    expect(page.locator(".headline")).to_contain_text(re.compile(r"177,50\W€"))


@pytest.mark.requirement("BM-9")
def test_an_app_on_the_phone_is_asked_for_after_the_password(visit, site, page: Page) -> None:
    base = sign_up(page, site, "second@studio.example")
    page.goto(f"{base}/accounts/2fa/")
    assert accessibility_problems(page) == []
    page.get_by_role("link", name="Configurer une application").click()
    page.get_by_label("Mot de passe").fill(SENTENCE)
    page.get_by_role("button", name="Continuer").click()
    secret = page.locator("#authenticator_secret").input_value()
    assert accessibility_problems(page) == []
    page.locator("#id_code").fill(code(secret))
    page.get_by_role("button", name="Commencer à l’utiliser").click()
    codes = page.locator("textarea").input_value().split()
    assert len(codes) == 10
    assert accessibility_problems(page) == []

    page.context.clear_cookies()
    stranger(page, site)
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("Courriel").fill("second@studio.example")
    page.get_by_label("Mot de passe").fill(SENTENCE)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.locator("#id_code")).to_be_visible()
    assert accessibility_problems(page) == []
    page.locator("#id_code").fill("000000")
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_text("Ce code n’est pas le bon")).to_be_visible()
    page.locator("#id_code").fill(codes[0])
    page.get_by_role("button", name="Se connecter", exact=True).click()
    page.wait_for_url("**/start/")


@pytest.mark.requirement("BM-9")
def test_a_passkey_signs_in_without_a_password(visit, site, page: Page) -> None:
    keys = page.context.new_cdp_session(page)
    keys.send("WebAuthn.enable")
    keys.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    base = sign_up(page, site, "third@studio.example")
    page.goto(f"{base}/accounts/2fa/")
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_label("Mot de passe").fill(SENTENCE)
    page.get_by_role("button", name="Continuer").click()
    page.get_by_label("Se connecter avec elle seule").check()
    assert accessibility_problems(page) == []
    page.get_by_role("button", name="Ajouter").click()
    page.wait_for_url("**/recovery-codes/**")
    page.goto(f"{base}/accounts/2fa/webauthn/")
    assert accessibility_problems(page) == []

    page.context.clear_cookies()
    stranger(page, site)
    page.goto(f"{base}/accounts/login/")
    page.get_by_role("button", name="Se connecter avec une clé d’accès").click()

    page.wait_for_url("**/start/")
    page.goto(f"{base}/report/")
    expect(page.get_by_text("Vous n’appartenez encore à aucune organisation").first).to_be_visible()


PAGES = ("/start/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/email/",
         "/accounts/password/change/", "/accounts/2fa/webauthn/", "/imports/")  # fmt: skip


@pytest.mark.parametrize(*EACH_PAIR_TO_THE_DESK)
def test_the_pages_of_one_s_account_fit_and_are_accessible(visit, language, theme, size) -> None:
    page = visit("Diane", language=language, theme=theme, size=size)
    for path in PAGES:
        page.goto(path)
        is_sound(page)
