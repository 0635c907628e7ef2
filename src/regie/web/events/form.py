"""The form of an event: what, when, of which kind, and whose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regie.apps.dashboards.selectors import EventCard
from regie.apps.organisations.models import Organisation
from regie.domain.annotations import KINDS, LONGEST, LONGEST_NOTE, Annotation, Kind, check
from regie.kernel.errors import RegieError
from regie.kernel.periods import Period
from regie.ui.templatetags.ui import say


class _Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EventForm(forms.Form):
    title = forms.CharField(
        label=_("What happened"),
        max_length=LONGEST,
        help_text=_("As you will want to read it in a year: “TV spot on France 3”."),
    )
    kind = forms.ChoiceField(label=_("Kind of event"))
    starts_on = forms.DateField(label=_("First day"), widget=_Day())
    ends_on = forms.DateField(
        label=_("Last day"), widget=_Day(), required=False,
        help_text=_("Leave it empty for one day."),
    )  # fmt: skip
    organisation = forms.ChoiceField(label=_("Whom it concerns"))
    reaches_below = forms.BooleanField(
        label=_("Show it to the organisations below too"), required=False
    )
    note = forms.CharField(
        label=_("Note"), max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, *given: Any, branch: Sequence[Organisation], **named: Any) -> None:
        super().__init__(*given, **named)
        self.branch = {one.slug: one for one in branch}
        self._choose("kind", [(str(kind), gettext(label)) for kind, label in KINDS.items()])
        self._choose("organisation", [(one.slug, one.name) for one in branch])
        if len(branch) == 1:
            self.fields["organisation"].required = False
            self.fields["organisation"].widget = forms.HiddenInput()

    def _choose(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", gettext("It ends before it begins."))
        if not self.errors:
            try:
                check(self.event)
            except RegieError as error:
                self.add_error("ends_on", f"{say(error.sentence)} {say(error.hint)}")
        return said

    @property
    def event(self) -> Annotation:
        said = self.cleaned_data
        return Annotation(
            title=" ".join(said["title"].split()),
            kind=Kind(said["kind"]),
            period=Period(said["starts_on"], said["ends_on"] or said["starts_on"]),
            note=said["note"],
            reaches_below=said["reaches_below"],
        )

    @property
    def whose(self) -> Organisation:
        chosen = self.cleaned_data["organisation"]
        return self.branch[chosen] if chosen else next(iter(self.branch.values()))


def typed(card: EventCard, branch: Sequence[Organisation]) -> dict[str, Any]:
    """An event as its form would have been typed."""
    event = card.event
    is_one_day = event.period.start == event.period.end
    return {
        "title": event.title,
        "kind": event.kind.value,
        "starts_on": event.period.start,
        "ends_on": None if is_one_day else event.period.end,
        "organisation": next((o.slug for o in branch if o.pk == card.organisation_id), ""),
        "reaches_below": event.reaches_below,
        "note": event.note,
    }
