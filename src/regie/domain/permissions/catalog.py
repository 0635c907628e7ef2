"""Every family, found by looking; permissions and roles by their codes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from regie.domain.permissions import families as package
from regie.domain.permissions.definitions import Family, Permissions, Role
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say
from regie.kernel.registry import discover


@cache
def families() -> dict[str, Family]:
    return discover(package, Family, group="regie.permissions")


def family(name: str) -> Family:
    """Raises ``KeyError`` for a family that nobody declared."""
    return families()[name]


def role(family_name: str, code: str) -> Role:
    """Raises ``WrongUse`` for a role that this kind of asset hasn't."""
    found = next((one for one in family(family_name).roles if one.code == code), None)
    if found is None:
        raise WrongUse(
            say(_("There is no role “{role}” here."), role=code),
            hint=_("Choose one of the roles listed for this kind of asset."),
        )
    return found


def known(family_name: str, codes: Iterable[str]) -> Permissions:
    """``codes`` as a set. Raises ``WrongUse`` where one of them means nothing to the family."""
    asked = frozenset(codes)
    strange = sorted(asked - family(family_name).all)
    if strange:
        raise WrongUse(say(_("There is no permission “{code}” here."), code=strange[0]))
    return asked


def label_of(family_name: str, code: str) -> str:
    """What the permission is called in this family, to be translated at the edge."""
    return next((one.label for one in family(family_name).permissions if one.code == code), code)
