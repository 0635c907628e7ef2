"""For whom an import acts: the person who sent the file, or the local operator."""

from contextlib import AbstractContextManager

from regie.apps.access.context import acting_as, operating
from regie.apps.accounts.models import User


def context_of(actor: User | None) -> AbstractContextManager[None]:
    return acting_as(actor) if actor is not None else operating()
