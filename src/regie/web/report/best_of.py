"""Which channel or campaign performs best, in words, with the doubt that remains."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from regie.apps.dashboards.selectors import Allocated
from regie.domain.planning.allocation import Basis, Share
from regie.ui import figures
from regie.web.report.of_spenders import face


@dataclass(frozen=True)
class Best:
    """``slug`` names its row; ``is_sure`` is false where chance alone may have put it first."""

    slug: str
    title: str
    text: str
    is_sure: bool


def best_of(found: Allocated) -> Best | None:
    said = found.allocation.best
    if said is None:
        return None
    first, second = (face(found, one.channel.name).whole for one in (said.first, said.second))
    cost, next_cost = (_cost(one, found) for one in (said.first, said.second))
    is_sure = not said.may_be_chance and cost != next_cost
    title = _("{name} performs best.") if is_sure else _("{name} seems to perform best.")
    text = (
        _("One more result costs {cost} there, the least of all that can be judged. Next comes "
          "{next}, with {next_cost}.")
        if found.allocation.basis is Basis.CURVES
        else _("A result costs {cost} there on average, the least of all that can be judged. Next "
               "comes {next}, with {next_cost}.")
    ).format(cost=cost, next=second, next_cost=next_cost)  # fmt: skip
    if not is_sure:
        text += " " + _("The two may differ by chance alone: more days would tell.")
    return Best(said.first.channel.name, title.format(name=first), text, is_sure)


def _cost(one: Share, found: Allocated) -> str:
    by_curve = found.allocation.basis is Basis.CURVES
    return figures.exact(one.marginal_cost if by_curve else one.cost, "money", found.currency)
