"""Somebody signs up, founds an organisation of his own, and gets no further than that."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User
from regie.apps.organisations import selectors, services
from regie.apps.organisations.models import Member, Organisation
from tests.cast import PASSWORD, Cast
from tests.postbox import Postbox

NEWCOMER = {"email": "newcomer@studio.example", "password1": "une phrase facile à retenir"}
STUDIO = {
    "name": "Studio Newcomer",
    "kind": "agency",
    "currency": "chf",
    "time_zone": "Europe/Zurich",
}


@pytest.fixture(autouse=True)
def nobody_has_tried_too_often() -> None:
    """The limits of attempts are counted by address, and tests share theirs."""
    cache.clear()


def signed_up(language: str = "fr") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    answer = client.post("/accounts/signup/", NEWCOMER)
    assert (answer.status_code, answer["Location"]) == (302, "/start/")
    return client


def test_an_account_and_an_organisation_take_two_forms(cast: Cast, postbox: Postbox) -> None:
    client = signed_up()

    answer = client.post("/start/", STUDIO)

    assert answer["Location"] == "/imports/"
    text = client.get("/imports/").content.decode()
    assert "Studio Newcomer" in text
    assert "Horizon" not in text
    with operating():
        founded = Organisation.objects.get(name="Studio Newcomer")
        assert (founded.currency, founded.time_zone, founded.parent_id) == (
            "CHF", "Europe/Zurich", None,
        )  # fmt: skip
        assert Member.objects.get(organisation=founded).role == "administrator"


def test_who_founds_one_sees_that_one_alone(cast: Cast) -> None:
    newcomer = User.objects.create_user("newcomer@studio.example", PASSWORD)
    with acting_as(newcomer):
        services.found_organisation(
            actor=newcomer, name="Réseau Horizon", kind="brand", currency="EUR",
            time_zone="Europe/Paris",
        )  # fmt: skip

        assert [one.name for one in selectors.visible_organisations()] == ["Réseau Horizon"]
        assert selectors.visible_organisations()[0].slug != cast.network.slug
    with acting_as(cast.diane):
        assert [one.name for one in selectors.visible_organisations()] == ["Atelier Diane"]


def test_the_wall_lets_nobody_write_an_organisation_beside_the_door(cast: Cast) -> None:
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        acting_as(cast.diane),
    ):
        Organisation.objects.create(name="Beside", slug="beside")


def test_nobody_founds_an_organisation_without_being_somebody(cast: Cast) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT regie_found_organisation('x', 'x', 'brand', 'EUR', 'UTC')")


def test_the_empty_organisation_of_a_new_installation_is_taken_over_once(db: None) -> None:
    with operating():
        first = services.create_organisation(actor=None, name="Mon organisation", slug="default")
    newcomer = User.objects.create_user("newcomer@studio.example", PASSWORD)
    second = User.objects.create_user("second@studio.example", PASSWORD)

    def found(person: User) -> Organisation:
        with acting_as(person):
            return services.found_organisation(
                actor=person, name="Studio", kind="agency", currency="EUR", time_zone="UTC"
            )

    assert found(newcomer).pk == first.pk
    assert found(second).pk != first.pk


@pytest.mark.parametrize(
    ("field", "nonsense"), [("currency", "francs"), ("time_zone", "Paris"), ("name", "   ")]
)
def test_nonsense_founds_nothing(cast: Cast, postbox: Postbox, field: str, nonsense: str) -> None:
    answer = signed_up().post("/start/", {**STUDIO, field: nonsense})

    assert answer.status_code == 400
    with operating():
        assert not Organisation.objects.filter(slug__startswith="studio").exists()


@pytest.mark.parametrize(("language", "subject"), [("fr", "Confirmez"), ("en", "Confirm")])
def test_the_address_is_confirmed_by_a_real_mail(
    cast: Cast, postbox: Postbox, language: str, subject: str
) -> None:
    client = signed_up(language)

    (mail,) = postbox.messages
    assert mail["To"] == NEWCOMER["email"]
    assert subject in mail["Subject"]
    link = re.search(r"http://testserver(/accounts/confirm-email/\S+)", mail.get_content())
    assert link is not None
    assert client.post(link[1]).status_code == 302


def test_a_forgotten_password_is_replaced_through_a_mail(cast: Cast, postbox: Postbox) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": cast.diane.email})

    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)",
                     postbox.messages[0].get_content())  # fmt: skip
    assert link is not None
    form = client.get(link[1], follow=True)
    new = {"password1": "another long sentence", "password2": "another long sentence"}
    client.post(form.redirect_chain[-1][0], new)

    cast.diane.refresh_from_db()
    assert cast.diane.check_password("another long sentence")


def test_mail_is_in_the_language_of_who_reads_it(cast: Cast, postbox: Postbox) -> None:
    signed_in = Client()
    signed_in.force_login(cast.diane, backend="django.contrib.auth.backends.ModelBackend")
    signed_in.post("/language/", {"language": "en"})
    stranger = Client()
    stranger.cookies["django_language"] = "fr"

    stranger.post("/accounts/password/reset/", {"email": cast.diane.email})
    stranger.post("/accounts/password/reset/", {"email": "nobody@studio.example"})

    hers, nobodys = postbox.messages
    assert hers["Subject"] == "Régie – Choose a new password"
    assert nobodys["Subject"].strip() == "Régie – Aucun compte n’a cette adresse"
    for mail in postbox.messages:
        assert "&" not in mail.get_content()
        assert "example.com" not in mail.get_content()


def test_a_language_that_is_none_is_not_kept(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.diane, backend="django.contrib.auth.backends.ModelBackend")

    client.post("/language/", {"language": "tlh"})

    cast.diane.refresh_from_db()
    assert cast.diane.language == ""


def test_a_server_without_mail_lets_people_in_and_says_so(cast: Cast, settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    client = signed_up()

    text = client.get("/start/").content.decode()
    assert "Aucun courriel n’a pu être envoyé" in text
    assert "confirmation envoyé" not in text


def test_the_door_can_be_closed(db: None, settings) -> None:
    settings.REGIE_SIGN_UP = False

    Client().post("/accounts/signup/", NEWCOMER)

    assert not User.objects.filter(email=NEWCOMER["email"]).exists()


def test_secrets_of_a_second_factor_lie_encrypted(cast: Cast) -> None:
    secret = generate_totp_secret()

    TOTP.activate(cast.diane, secret)

    kept = Authenticator.objects.get(user=cast.diane)
    assert secret not in str(kept.data)
    assert kept.wrap().validate_code("000000") in {True, False}


PAGES = ("/accounts/signup/", "/start/", "/accounts/2fa/", "/accounts/2fa/totp/activate/",
         "/accounts/2fa/webauthn/", "/accounts/2fa/webauthn/add/", "/accounts/sessions/",
         "/accounts/email/", "/accounts/password/change/", "/accounts/password/reset/",
         "/accounts/password/reset/done/", "/accounts/password/reset/key/1-abc/",
         "/accounts/password/reset/key/done/", "/accounts/confirm-email/",
         "/accounts/confirm-email/abc/", "/accounts/inactive/", "/accounts/login/",
         "/accounts/logout/", "/accounts/reauthenticate/")  # fmt: skip
OUTSIDE = ("/accounts/signup/", "/accounts/login/", "/accounts/password/reset/done/")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_the_pages_of_one_s_account_run_no_script_of_their_own_text(
    cast: Cast, page: str, language: str
) -> None:
    client = Client()
    client.cookies["django_language"] = language
    if page not in OUTSIDE:
        client.post("/accounts/login/", {"login": cast.diane.email, "password": PASSWORD})
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})

    answer = client.get(page)
    text = answer.content.decode()

    assert answer.status_code == 200, answer.get("Location")
    for script in re.findall(r"<script(?![^>]*application/json)[^>]*>", text):
        assert "src=" in script
    assert not re.search(r'\s(style|on\w+)="', text)
    assert "placeholder" not in re.sub(r"<dialog.*?</dialog>", "", text, flags=re.S)
