"""What every command needs: Régie started, the local operator's context, an organisation."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say

if TYPE_CHECKING:
    from regie.apps.organisations.models import Organisation


@contextmanager
def local_operator() -> Iterator[None]:
    """Start Régie as whoever sits at this machine."""
    from regie.config.boot import start

    gc.disable()  # starting makes hundreds of thousands of objects, and all of them stay
    try:
        start()
    finally:
        gc.enable()
    gc.freeze()
    yield


def organisation(slug: str) -> Organisation:
    """The organisation called ``slug``, or the only root there is.

    Raises ``WrongUse`` where the choice is not clear.
    """
    from regie.apps.access.context import operating
    from regie.apps.organisations import selectors

    with operating():
        if slug:
            found = selectors.by_slug(slug)
            if found is None:
                raise WrongUse(say(_("There is no organisation “{slug}”."), slug=slug))
            return found
        visible = selectors.visible_organisations()
    roots = [one for one in visible if one.parent_id is None]
    if len(roots) == 1:
        return roots[0]
    raise WrongUse(
        _("There are several organisations."),
        hint=say(
            _("Say which with --organisation: {slugs}."),
            slugs=", ".join(one.slug for one in roots),
        ),
    )
