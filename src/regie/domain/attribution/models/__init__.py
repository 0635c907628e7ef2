"""The models: one file each, found by the registry.

Third parties add theirs through the entry point `regie.attribution`.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from functools import cache

from regie.domain.attribution.model import Model
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import Sentence, _, say
from regie.kernel.registry import discover

ALL = "all"


@cache
def models() -> dict[str, Model]:
    """Every model by name, in the order of tables."""
    found = discover(sys.modules[__name__], Model, group="regie.attribution")
    return dict(sorted(found.items(), key=lambda item: (item[1].rank, item[0])))


def chosen(names: str | Sequence[str]) -> tuple[Model, ...]:
    """The models of ``names``: “all”, one name, or several.

    Raises ``WrongUse`` for a name that is none.
    """
    asked = (
        [one.strip() for one in names.split(",")] if isinstance(names, str) else list(names or ())
    )
    asked = [one for one in dict.fromkeys(asked) if one]
    if not asked:
        raise WrongUse(_("No attribution model was named."), hint=_known())
    if ALL in asked:
        return tuple(models().values())
    unknown = next((one for one in asked if one not in models()), None)
    if unknown is not None:
        near = difflib.get_close_matches(str(unknown), models(), n=1)
        hint = say(_("Did you mean “{name}”?"), name=near[0]) if near else _known()
        raise WrongUse(say(_("“{name}” is no attribution model."), name=str(unknown)), hint=hint)
    return tuple(model for name, model in models().items() if name in asked)


def _known() -> Sentence:
    return say(_("There are: {names}, or “all”."), names=", ".join(models()))
