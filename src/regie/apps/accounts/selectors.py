"""Reads about people."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from regie.apps.accounts.models import User


def person_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def has_confirmed(person: User) -> bool:
    """Whether the person has shown to receive the mail of his address."""
    found = EmailAddress.objects.filter(user=person, email__iexact=person.email, verified=True)
    return bool(found.exists())


def has_second_factor(person: User) -> bool:
    """An authenticator app or a passkey; recovery codes alone are none."""
    types = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=person, type__in=types).exists())
