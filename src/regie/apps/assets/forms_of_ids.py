"""How platforms write the ids of accounts and pages: text with a form, never a number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say


def _as_written(text: str) -> str:
    return text


def _alone(text: str) -> tuple[str, ...]:
    return (text,)


@dataclass(frozen=True)
class IdForm:
    """The id of one platform. ``rule`` says it in words, ``example`` shows one.

    ``canonical`` gives the spelling that is kept; ``spellings`` those under which files may have
    named the same account before.
    """

    platform: str
    pattern: str
    rule: str
    example: str
    canonical: Callable[[str], str] = _as_written
    spellings: Callable[[str], tuple[str, ...]] = _alone

    def read(self, text: str) -> str:
        """The id that ``text`` holds, in the spelling that is kept. Spaces around it don't count.

        Raises ``WrongUse`` where it has another form.
        """
        asked = text.strip()
        # [0-9] and not \d: full-width digits look alike and are of no account.
        if not re.fullmatch(self.pattern, asked):
            raise WrongUse(
                say(_("“{id}” is not an ID of this kind."), id=asked[:60]),
                hint=say(_("{rule} Example: {example}."), rule=say(self.rule),
                         example=self.example),
                code="wrong_id",
            )  # fmt: skip
        return self.canonical(asked)


@dataclass(frozen=True)
class Kind:
    """What can be owned and shared. ``family`` names its permissions; ``ids`` one form a platform.

    ``room`` is what its list is called in addresses, ``order`` where it stands among the others;
    ``is_counted`` says whether it counts towards what a manager may hold.
    """

    name: str
    label: str
    plural: str
    family: str
    ids: tuple[IdForm, ...]
    room: str = ""
    order: int = 100
    is_counted: bool = False


def dashed(text: str) -> str:
    """``1234567890`` as Google writes it: ``123-456-7890``."""
    digits = text.replace("-", "")
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def dashed_or_not(text: str) -> tuple[str, ...]:
    return dashed(text), text.replace("-", "")


def prefixed(text: str) -> str:
    return text if text.startswith("act_") else f"act_{text}"


def prefixed_or_not(text: str) -> tuple[str, ...]:
    return prefixed(text), text.removeprefix("act_")
