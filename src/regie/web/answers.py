"""What an import still needs, as a form with just that; the kept file is read again with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regie.apps.assets import selectors as assets
from regie.apps.connections.selectors import ImportCard
from regie.web.forms import WhatFilesDoNotSay

FIELDS = {"account": ("account",), "currency": ("currency",), "period": ("first_day", "last_day")}
STATES = {"asks", "answered", "refused", "published"}


class AnswerImport(WhatFilesDoNotSay):
    """Only the fields that ``needs`` names; the account alone can wait for another answer."""

    first_day = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last_day = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, data: Any = None, *, needs: Sequence[str], accounts: Sequence[str] = ()
    ) -> None:
        super().__init__(data)
        kept = {name for need in needs for name in FIELDS.get(need, ())}
        self.fields = {name: field for name, field in self.fields.items() if name in kept}
        self.accounts = list(accounts) if "account" in kept else []
        for name, field in self.fields.items():
            # Its figures stand somewhere meanwhile: whoever knows the rest may say just that.
            field.required = name != "account" or set(needs) == {"account"}
        if self.accounts:
            self.fields["account"].widget.attrs["list"] = "known-accounts"

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("first_day"), said.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first."))
        return said

    @property
    def said(self) -> dict[str, str]:
        """The answers as options of an import."""
        said = dict(self.cleaned_data)
        if "first_day" in said:
            said["period"] = f"{said.pop('first_day')}..{said.pop('last_day')}"
        return {name: str(value).strip() for name, value in said.items()}


def form_for(found: ImportCard, data: Any = None) -> AnswerImport | None:
    """None where nothing is asked, or where no field could say it."""
    needs = asked(found)
    if not needs:
        return None
    known = assets.accounts_on(found.organisation_id, found.platform) if found.platform else []
    return AnswerImport(data, needs=needs, accounts=known)


def asked(found: ImportCard) -> list[str]:
    """What a field could still say of an import that nobody has answered."""
    if found.answered_by or found.state not in STATES:
        return []
    return [need for need in found.needs if need in FIELDS]
