"""What a person changes about himself."""

from regie.apps.accounts.claiming import claim_account as claim_account
from regie.apps.accounts.models import User


def keep_language(*, actor: User, language: str) -> None:
    """The language that he is written to in, and that his next device begins with."""
    if actor.language != language:
        User.objects.filter(pk=actor.pk).update(language=language)
