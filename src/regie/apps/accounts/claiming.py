"""An account for whoever has shown that a mailbox is his."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext

from regie.apps.accounts.models import User
from regie.apps.accounts.selectors import has_confirmed, person_by_email
from regie.kernel.errors import Refused
from regie.kernel.i18n import _


@transaction.atomic
def claim_account(*, email: str, name: str, password: str, language: str) -> User:
    """The account of ``email`` for the person who just proved to receive its mail.

    An account that somebody opened with this address without ever confirming it is taken over:
    its password, its second factors and with them its sessions are replaced.
    """
    person = person_by_email(email)
    if person is not None and has_confirmed(person):
        raise Refused(_("You have an account already: sign in."))
    person = person or User(email=email)
    person.name, person.language = name.strip()[:120], language
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(" ".join(gettext(said) for said in error.messages)) from error
    person.set_password(password)
    person.save()
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person
