"""The form of an objective: typed the way people write, each refusal beside its field."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regie.apps.dashboards.selectors import ObjectiveCard
from regie.domain import objectives
from regie.domain.markets import SHARES, figure
from regie.domain.metrics.catalog import metrics
from regie.domain.metrics.definitions import Unit
from regie.domain.objectives import (
    DIRECTIONS,
    KINDS,
    LEVELS,
    LONGEST_WORDS,
    Against,
    Direction,
    Kind,
    Level,
    Objective,
)
from regie.domain.planning import fields
from regie.kernel.errors import RegieError
from regie.kernel.money import plain
from regie.kernel.periods import Period
from regie.ui import figures
from regie.ui.templatetags.ui import say
from regie.web.planner.words import decimal_mark

# What a target of each unit is typed like.
TYPED_AS = {
    Unit.MONEY: "budget",
    Unit.COUNT: "goal",
    Unit.SHARE: "click_rate",
    Unit.SECONDS: "goal",
}
# Which field a refusal of the domain belongs beside.
BESIDE = {"vanity": "metric", "not_business": "metric", "words": "words", "serves": "serves",
          "said_as": "said_as"}  # fmt: skip
AMOUNT = "amount"
SAID_AS = {
    AMOUNT: _("an amount"),
    Against.YEAR.value: _("growth over a year"),
    Against.PREVIOUS.value: _("growth on the days before"),
}
USUAL = ("revenue", "orders", "cpa", "roas", "leads_received", "visits")


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ObjectiveForm(forms.Form):
    level = forms.ChoiceField(label=_("What it serves"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("Kind of objective"))
    metric = forms.ChoiceField(label=_("Measured by"))
    direction = forms.ChoiceField(label=_("Direction"))
    target = forms.CharField(
        label=_("Target"),
        max_length=60,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text=_(
            "Rates and growth in percent, times in seconds, money in the organisation’s currency."
        ),
    )
    said_as = forms.ChoiceField(label=_("Stated as"))
    starts_on = forms.DateField(label=_("From"), widget=_Day())
    ends_on = forms.DateField(label=_("To"), widget=_Day())
    words = forms.CharField(
        label=_("In plain words"),
        max_length=LONGEST_WORDS,
        required=False,
        help_text=_("So that everybody understands it: “20% more customers this year”."),
    )
    serves = forms.TypedChoiceField(
        label=_("Which business objective it serves"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("For an operational objective: it stands beneath it and never replaces it."),
    )
    owner = forms.CharField(
        label=_("Owner"), max_length=120, help_text=_("Who answers for it, by name.")
    )

    def __init__(
        self, *given: Any, currency: str, business: Sequence[ObjectiveCard] = (), **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self.currency = currency
        self._choose("level", LEVELS)
        self._choose("kind", KINDS)
        self._choose("direction", DIRECTIONS)
        self._choose("said_as", SAID_AS)
        self._choose(
            "serves", {"": _("None yet"), **{str(one.id): title_of(one) for one in business}}
        )
        self.proposals: list[tuple[str, str]] = []
        known = [name for name in metrics() if objectives.can_be_aimed_at(name)]
        ordered = dict.fromkeys([*(one for one in USUAL if one in known), *SHARES, *known])
        self._choose("metric", {name: figure(name).label for name in ordered})

    def _choose(self, name: str, labels: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = [(str(value), gettext(label)) for value, label in labels.items()]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if {"starts_on", "ends_on"} <= said.keys() and said["ends_on"] < said["starts_on"]:
            self.add_error("ends_on", gettext("It ends before it begins."))
        if not self.errors and self._target(said) is not None:
            objective = self.objective
            try:
                objectives.check(objective)
            except RegieError as error:
                self.add_error(BESIDE.get(error.code, "target"), _both(error))
                self.proposals = [
                    (name, gettext(metrics()[name].label))
                    for name in objectives.proposals(objective)
                ]
        return said

    def _target(self, said: dict[str, Any]) -> Decimal | None:
        usual = TYPED_AS.get(objectives.unit_of(said["metric"]), "budget")
        name = usual if said.get("said_as") == AMOUNT else "growth"
        try:
            said["amount"] = fields.read(name, said["target"], decimal_mark=decimal_mark())
        except RegieError as error:
            self.add_error("target", _both(error))
            return None
        return Decimal(said["amount"])

    @property
    def objective(self) -> Objective:
        said = self.cleaned_data
        against = None if said["said_as"] == AMOUNT else Against(said["said_as"])
        is_money = objectives.unit_of(said["metric"]) is Unit.MONEY
        return Objective(
            level=Level(said["level"]),
            kind=Kind(said["kind"]),
            metric=said["metric"],
            period=Period(said["starts_on"], said["ends_on"]),
            target=None if against else said["amount"],
            growth=said["amount"] if against else None,
            against=against,
            direction=Direction(said["direction"]),
            owner=said["owner"],
            currency=self.currency if is_money else "",
            words=said["words"].strip(),
            serves=said["serves"],
        )


def texts_of(objective: Objective) -> dict[str, Any]:
    """An objective as its form would have been typed."""
    is_share = objectives.unit_of(objective.metric) is Unit.SHARE
    value = objective.target if objective.growth is None else objective.growth
    typed = (value or Decimal(0)) * (100 if is_share or objective.is_growth else 1)
    return {
        "level": objective.level.value,
        "kind": objective.kind.value,
        "metric": objective.metric,
        "direction": objective.direction.value,
        "target": plain(typed).replace(".", decimal_mark()),
        "said_as": objective.against.value if objective.against else AMOUNT,
        "starts_on": objective.period.start,
        "ends_on": objective.period.end,
        "owner": objective.owner,
        "words": objective.words,
        "serves": objective.serves or "",
    }


def title_of(card: ObjectiveCard) -> str:
    """An objective in one line, for a list to choose from."""
    one = card.objective
    days = figures.days(one.period.start, one.period.end)
    return f"{one.words or gettext(figure(one.metric).label)} ({days})"


def _both(error: RegieError) -> str:
    return f"{say(error.sentence)} {say(error.hint)}"
