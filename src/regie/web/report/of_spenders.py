"""How a platform or a campaign is shown among budgets, and which of thousands are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from django.utils.translation import gettext

from regie.apps.dashboards.selectors import Allocated, Spender
from regie.ui.platforms import platform
from regie.web.report.asked import TABLE, Asked, row_key
from regie.web.report.breakdown import row_name
from regie.web.report.state import ReportState

MOST = 50  # rows of a table
MOST_KEPT = 10  # of those that cannot be judged: their budgets stay, whatever they are
One = TypeVar("One")


@dataclass(frozen=True)
class Face:
    """``under`` is what stands beneath the name: whose campaign it is."""

    name: str
    colour: str
    under: str = ""

    @property
    def whole(self) -> str:
        """Where nothing stands beneath."""
        if not self.under:
            return self.name
        return gettext("{name} ({platform})").format(name=self.name, platform=self.under)


def face(found: Allocated, key: str) -> Face:
    one = found.spenders[key]
    shown = platform(one.platform)
    if found.by == "platform":
        return Face(shown.name, shown.colour)
    account = found.accounts.get(one.account or 0, "") if _is_twin_there(found, one) else ""
    under = " · ".join(filter(None, [shown.name, account]))
    name = row_name({"campaign": one.campaign, "campaign_label": one.name}, "campaign")
    return Face(name, shown.colour, under)


def _is_twin_there(found: Allocated, one: Spender) -> bool:
    """Whether its platform does not tell it from another of its id."""
    if one.campaign not in found.twins:
        return False
    those = [each for each in found.spenders.values() if each.campaign == one.campaign]
    return sum(each.platform == one.platform for each in those) > 1


def has_twin(found: Allocated, key: str) -> bool:
    return found.spenders[key].campaign in found.twins


def not_told_apart() -> str:
    return gettext("Several accounts have a campaign of this number or name: those that name it do "
                   "not say whose it is.")  # fmt: skip


def why(
    found: Allocated, state: ReportState, key: str, figure: str, *, view: str = "", other: str = ""
) -> str:
    """What asks the report about a figure of ``key``, as its own row does; nothing where our own
    orders and leads cannot know: those that name no campaign are of no platform."""
    one = found.spenders[key]
    table = replace(state, split=found.by, path=(), filters=(), view=view)
    if found.by == "platform":
        return Asked(table, figure, TABLE, one.platform, other=other).address()
    if one.is_rest and view:
        return ""
    if one.campaign in found.twins:
        table = replace(table, path=(("account", row_key("account", one.account)),))
    return Asked(table, figure, TABLE, one.campaign, one.platform, other=other).address()


def chosen(
    ones: Sequence[One],
    key: Callable[[One], str],
    is_judged: Callable[[One], bool],
    wanted: Sequence[str] = (),
) -> list[One]:
    """What a table shows: those that can be judged first, then the dearest of the others, no more
    than can be read; those that are ``wanted`` in any case. ``ones`` come by what was spent."""
    judged = [one for one in ones if is_judged(one)][:MOST]
    kept = [one for one in ones if not is_judged(one)][: min(MOST_KEPT, MOST - len(judged))]
    shown = {key(one) for one in (*judged, *kept)}
    return [*judged, *kept, *(one for one in ones if key(one) in {*wanted} - shown)]
