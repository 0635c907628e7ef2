"""Every kind of asset and every form of id, found by looking."""

from __future__ import annotations

from functools import cache

from regie.apps.assets import kinds as package
from regie.apps.assets.forms_of_ids import IdForm, Kind
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say
from regie.kernel.registry import discover

OTHERS = "source"  # the kind of what no declaration names, such as one's own files


@cache
def kinds() -> dict[str, Kind]:
    return discover(package, Kind, group="regie.assets")


@cache
def _by_platform() -> dict[str, tuple[Kind, IdForm]]:
    return {form.platform: (kind, form) for kind in kinds().values() for form in kind.ids}


def kind_of(platform: str) -> Kind:
    found = _by_platform().get(platform)
    return found[0] if found else kinds()[OTHERS]


def id_form(platform: str) -> IdForm:
    """Raises ``WrongUse`` for a platform on which nothing can be linked."""
    found = _by_platform().get(platform)
    if found is None:
        raise WrongUse(say(_("Nothing can be linked on “{platform}”."), platform=platform))
    return found[1]


def spellings(platform: str, external_id: str) -> tuple[str, ...]:
    """Every way in which files may have written this id, the one that is kept first."""
    found = _by_platform().get(platform)
    return found[1].spellings(external_id) if found else (external_id,)
