"""Reads about people."""

from regie.apps.accounts.models import User


def person_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()
