"""Forms of audiences: what the list is, its people, who may use it and for what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regie.apps.audiences.policies import Recipient
from regie.apps.audiences.selectors import AudienceCard
from regie.apps.audiences.services import Described
from regie.domain.audiences.platforms import RULES
from regie.kernel import clock
from regie.ui.platforms import platform
from regie.web.console.audience_words import BASES, RIGHTS, SOURCES
from regie.web.countries import countries
from regie.web.list_field import ListField


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _translated(words: dict[Any, str]) -> list[tuple[Any, Any]]:
    return [(key, _(word)) for key, word in words.items()]


class DescribeAudience(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    source = forms.ChoiceField(label=_("Where these people come from"))
    basis = forms.ChoiceField(
        label=_("Legal basis"),
        help_text=_("Why their data may be used so: GDPR, article 6."),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=300,
        help_text=_("One sentence that these people would understand."),
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        widget=_day(),
        help_text=_("After it nobody can use the audience: a list of people never lives for ever."),
    )

    def __init__(self, data: Any = None, *, card: AudienceCard | None = None) -> None:
        initial = vars(card) if card else {"expires_on": clock.today() + timedelta(days=180)}
        super().__init__(data, initial=initial)
        self.fields["source"].choices = _translated(SOURCES)  # type: ignore[attr-defined]
        self.fields["basis"].choices = _translated(BASES)  # type: ignore[attr-defined]

    @property
    def said(self) -> Described:
        return Described(**self.cleaned_data)


class LoadMembers(forms.Form):
    file = ListField(
        label=_("List of people (CSV or Excel)"),
        help_text=_("A column “email”, a column “phone”, or both. They are digested, never kept."),
    )
    country = forms.ChoiceField(label=_("Country of national numbers"), choices=countries)
    replace = forms.BooleanField(
        label=_("Whoever is not in this list leaves the audience"), required=False, initial=True
    )


class ShareAudience(forms.Form):
    recipient = forms.TypedChoiceField(label=_("With"), coerce=int)
    rights = forms.ChoiceField(label=_("What they may do"))
    purpose = forms.CharField(label=_("For what"), max_length=300)
    expires_on = forms.DateField(label=_("Until"), widget=_day())

    def __init__(
        self, data: Any = None, *, recipients: list[Recipient], card: AudienceCard
    ) -> None:
        super().__init__(data, initial={"expires_on": card.expires_on, "purpose": card.purpose})
        self.fields["recipient"].choices = [  # type: ignore[attr-defined]
            (one.id, one.name) for one in recipients
        ]
        self.fields["rights"].choices = _translated(RIGHTS)  # type: ignore[attr-defined]


class UseAudience(forms.Form):
    account = forms.TypedChoiceField(label=_("Ad account"), coerce=int)

    def __init__(self, data: Any = None, *, accounts: list[tuple[int, str]]) -> None:
        super().__init__(data)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]


class ExportAudience(forms.Form):
    platform = forms.ChoiceField(label=_("Platform"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["platform"].choices = [  # type: ignore[attr-defined]
            (name, platform(name).name) for name in RULES
        ]


class WithdrawPerson(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    country = forms.ChoiceField(label=_("Country of national numbers"), choices=countries)
