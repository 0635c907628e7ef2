"""The description of a table as a form: a choice for each column, and how the file writes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regie.ingestion.guessing import Guess, Look
from regie.ingestion.mapping import FACTS, REQUIRED, WORDS
from regie.kernel.money import is_currency
from regie.ui.platforms import PLATFORMS
from regie.web.forms import WhatFilesDoNotSay
from regie.web.mapping.words import choices, table, word

OWN = "own"


class DescribeTable(WhatFilesDoNotSay):
    """``description`` is what ``ingestion.mapping`` reads; wrong or missing columns are said."""

    name = forms.CharField(
        label=_("Name of this table"),
        max_length=80,
        help_text=_("Files with the same columns are recognised by it from now on."),
    )
    fact = forms.ChoiceField(label=_("What a line is"))
    platform = forms.CharField(
        label=_("Where the figures come from"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"list": "known-platforms"}),
        help_text=_("The platform or medium: it becomes a line of the report. Radio, for example."),
    )
    date_order = forms.ChoiceField(
        label=_("Order of the dates"),
        required=False,
        choices=(("", _("As the file shows it")), ("dmy", _("Day first: 30/09/2026")),
                 ("mdy", _("Month first: 09/30/2026"))),
    )  # fmt: skip
    decimal = forms.ChoiceField(
        label=_("Decimal sign"),
        required=False,
        choices=(
            ("", _("As the file shows it")),
            (",", _("Comma: 12,50")),
            (".", _("Point: 12.50")),
        ),
    )
    money_in = forms.ChoiceField(
        label=_("Unit of the amounts"),
        required=False,
        choices=(("", _("Whole units: 12.50 is twelve and a half")),
                 ("minor", _("Cents: 1250 is twelve and a half")),
                 ("micros", _("Millionths: 12500000 is twelve and a half"))),
    )  # fmt: skip
    field_order = ("name", "fact", "platform", "currency", "account", "date_order", "decimal",
                   "money_in", "time_zone")  # fmt: skip

    def __init__(self, data: Any, *, table_seen: Look, guess: Guess, name: str, currency: str):
        self.table_seen = table_seen
        super().__init__(
            data,
            initial={
                "name": name, "fact": guess.fact, "currency": currency,
                "date_order": guess.date_order,
            },
        )  # fmt: skip
        del self.fields["period"]
        self.fields["fact"].choices = [(one, table(one)) for one in FACTS]  # type: ignore[attr-defined]
        offered = [("", gettext("Not used")), *choices()]
        labels = table_seen.labels
        for place, label in enumerate(labels):
            if label and labels.index(label) == place:
                self.fields[f"column-{place}"] = forms.ChoiceField(
                    label=label, required=False, choices=offered,
                    initial=guess.words.get(place, ""),
                )  # fmt: skip

    @property
    def columns(self) -> list[forms.BoundField | None]:
        """The choice of each column of the table; None for one that has no label of its own."""
        places = range(len(self.table_seen.labels))
        return [
            self[f"column-{place}"] if f"column-{place}" in self.fields else None
            for place in places
        ]

    @property
    def what_it_is(self) -> list[forms.BoundField]:
        return [self[name] for name in ("name", "fact", "platform")]

    @property
    def how_it_writes(self) -> list[forms.BoundField]:
        return [self[name] for name in ("currency", "account", "date_order", "decimal",
                                        "money_in", "time_zone")]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        self.chosen: dict[str, str] = {}
        fact = said.get("fact", FACTS[0])
        for place, label in enumerate(self.table_seen.labels):
            name = said.get(f"column-{place}", "")
            if not name:
                continue
            if name in self.chosen:
                self.add_error(None, gettext(
                    "“%(one)s” and “%(other)s” are both said to be “%(word)s”: choose one of them."
                ) % {"one": self.chosen[name], "other": label, "word": word(name)})  # fmt: skip
            elif name not in WORDS[fact]:
                self.add_error(None, gettext(
                    "“%(word)s” is not kept with “%(table)s”: leave that column out, or say that "
                    "a line is something else."
                ) % {"word": word(name), "table": table(fact)})  # fmt: skip
            self.chosen.setdefault(name, label)
        self._check_required(fact)
        return said

    def _check_required(self, fact: str) -> None:
        for group in REQUIRED[fact]:
            if not set(group) & set(self.chosen):
                listed = ", ".join(word(one) for one in group[:4])
                sentence = (
                    gettext("Say which column is: %(words)s.") if len(group) == 1
                    else gettext("Say which column holds a figure, such as: %(words)s.")
                )  # fmt: skip
                self.add_error(None, sentence % {"words": listed})

    def description(self) -> dict[str, Any]:
        """The table in the words of ``ingestion.mapping``."""
        said = self.cleaned_data
        return {
            "name": said["name"].strip(),
            "fact": said["fact"],
            "platform": platform_of(said["platform"], said["fact"]),
            "date_order": said["date_order"],
            "decimal": said["decimal"],
            "money_in": said["money_in"],
            "currency": said["currency"],
            "account": said["account"].strip(),
            "time_zone": said["time_zone"],
            "columns": self.chosen,
        }


def platform_of(given: str, fact: str) -> str:
    """The slug of a platform known by this name, or a new one; “own” for one's own events."""
    text = given.strip()
    for slug, known in PLATFORMS.items():
        if text.casefold() in {slug, known.name.casefold()}:
            return slug
    return slugify(text).replace("-", "_")[:40] or (OWN if fact != FACTS[0] else "other")


def usual_currency(code: str) -> str:
    return code if is_currency(code) else ""
