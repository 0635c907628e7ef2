"""The calculator of a post that is not paid for: all rates of views, step rates beside."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regie.domain.planning import benchmarks, organic
from regie.kernel.errors import RegieError
from regie.kernel.money import minor_digits
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.planner import words
from regie.web.planner.form import Amount

# The example of the course, until one types something else.
EXAMPLE = {"views": Decimal(1000), "share_rate": Decimal("0.10"),
           "organic_click_rate": Decimal("0.03"), "organic_conversion_rate": Decimal("0.005"),
           "goal": Decimal(5), "cpm": Decimal(2)}  # fmt: skip


class PostForm(forms.Form):
    views = Amount("views", label=_("Views"))
    share_rate = Amount("share_rate", label=_("Shares"), help_text=_("Out of 100 views."))
    organic_click_rate = Amount(
        "organic_click_rate", label=_("Clicks"), help_text=_("Out of 100 views.")
    )
    organic_conversion_rate = Amount(
        "organic_conversion_rate", label=_("Purchases"), help_text=_("Out of 100 views.")
    )
    goal = Amount("goal", label=_("Purchases wanted"))
    cpm = Amount("cpm", label=_("Cost per mille (CPM)"), help_text=_("Price of 1,000 impressions."))

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            try:
                organic.check(found)
            except RegieError as error:
                self.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        return found


def example() -> dict[str, str]:
    return {name: words.typed(name, value) for name, value in EXAMPLE.items()}


@dataclass(frozen=True)
class Line:
    label: str
    count: str
    how: str
    of_views: str
    of_step: str
    hope: str


@dataclass(frozen=True)
class PostResult:
    lines: tuple[Line, ...]
    sentence: str
    how: str
    benchmarks: tuple[str, ...]


def reckon(said: dict[str, Any], currency: str) -> PostResult:
    """What ``said`` (the cleaned form) comes to."""
    views = int(said["views"])
    lines = tuple(
        Line(
            words.label(step.name),
            figures.decimal(step.count, digits=0),
            str(_("{views} views × {rate}")).format(
                views=figures.decimal(views, digits=0), rate=words.rate(said[step.name])
            ),
            words.rate(said[step.name]),
            figures.percent(words.exact(step.of_step), digits=2),
            _hope(step.name, said[step.name], currency),
        )
        for step in organic.funnel(views, said)
    )
    needed = organic.views_for(int(said["goal"]), said)
    cost = organic.cost_of(needed, said["cpm"], minor_digits(currency))
    return PostResult(
        lines=lines,
        sentence=_now_sentence(int(said["goal"]), needed, figures.money(cost, currency)),
        how=str(_("Displays: {goal} ÷ {rate}, rounded up. Cost: displays ÷ 1,000 × {cpm}.")).format(
            goal=figures.decimal(said["goal"], digits=0),
            rate=words.rate(said["organic_conversion_rate"]),
            cpm=words.money(said["cpm"], currency),
        ),
        benchmarks=tuple(
            words.benchmark(one)
            for name in organic.STEPS
            for one in benchmarks.beside(name, currency)
        ),
    )


def _hope(name: str, value: Decimal, currency: str) -> str:
    found = benchmarks.optimism(name, value, currency)
    return words.hope(found[0], value, currency) if found else ""


def _now_sentence(goal: int, views: int, cost: str) -> str:
    sentence = _(
        "For {goal} purchases, {views} displays are needed; bought as advertising, they would "
        "cost {cost}."
    )
    return str(sentence).format(
        goal=figures.decimal(goal, digits=0), views=figures.decimal(views, digits=0), cost=cost
    )
