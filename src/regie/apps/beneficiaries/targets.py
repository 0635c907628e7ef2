"""Whom campaigns of an account can work for: organisations of its owner's branch, and locations."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Organisation
from regie.domain.beneficiaries.rules import plain
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say


@dataclass(frozen=True)
class Target:
    """``key`` is what forms and files carry: the slug of an organisation, ``location:`` and an id.

    ``words`` are what people may write for it.
    """

    key: str
    name: str
    words: tuple[str, ...]
    organisation_id: int | None = None
    location_id: int | None = None

    @property
    def is_location(self) -> bool:
        return self.location_id is not None


def targets(owner_id: int) -> list[Target]:
    """Organisations below the owner in the order of the tree, then the locations of the branch."""
    owner = Organisation.objects.filter(pk=owner_id).first()
    if owner is None:
        return []
    branch = list(Organisation.objects.filter(path__startswith=owner.path).order_by("path"))
    found = [
        Target(one.slug, one.name, (one.slug, one.name, one.manager_number or ""), one.pk)
        for one in branch
    ]
    for pk, number, name in assets.locations_in([one.pk for one in branch]):
        key, called = f"location:{number or pk}", name or number.removeprefix("name:")
        found.append(Target(key, called, (key, number, called), None, pk))
    return found


class Targets:
    """The targets of one owner, found by what people write for them."""

    def __init__(self, owner_id: int) -> None:
        self.all = targets(owner_id)
        self._keys = {one.key: one for one in self.all}
        self._words: dict[str, list[Target]] = defaultdict(list)
        for one in self.all:
            for word in {plain(word) for word in one.words if word}:
                self._words[word].append(one)

    def named(self, text: str) -> Target:
        """An organisation goes before a location of the same name. Raises ``WrongUse``."""
        if exact := self._keys.get(text.strip()):
            return exact
        found = self._words.get(plain(text), [])
        places = [one for one in found if not one.is_location]
        if len(places) == 1 or len(found) == 1:
            return (places or found)[0]
        if found:
            raise WrongUse(
                say(_("“{name}” is the name of several."), name=text[:60]),
                hint=_("Write its short name, its number or its ID."),
            )
        raise WrongUse(
            say(_("There is no organisation and no location called “{name}” here."),
                name=text[:60]),
            hint=_("Campaigns work for somebody of the branch of the account’s owner."),
        )  # fmt: skip
