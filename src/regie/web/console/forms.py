"""Forms about people: find them, change them, invite them."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from regie.apps.organisations.models import Role
from regie.apps.organisations.selectors import Filter, InvitationFilter
from regie.web.console.words import INVITATION_CHOICES, ROLE_CHOICES, STATE_CHOICES
from regie.web.list_field import ListField

ANY = ("", _("Any"))


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FindPeople(forms.Form):
    text = forms.CharField(
        label=_("Name or e-mail"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("Role"), required=False, choices=(ANY, *ROLE_CHOICES))
    state = forms.ChoiceField(label=_("State"), required=False, choices=(ANY, *STATE_CHOICES))
    only_here = forms.BooleanField(label=_("This organisation only"), required=False)

    @property
    def wanted(self) -> Filter:
        said = self.cleaned_data
        return Filter(said["text"], said["role"], said["state"], said["only_here"])


class FindInvitations(forms.Form):
    text = forms.CharField(
        label=_("E-mail"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    state = forms.ChoiceField(label=_("State"), required=False, choices=(ANY, *INVITATION_CHOICES))

    @property
    def wanted(self) -> InvitationFilter:
        return InvitationFilter(self.cleaned_data["text"], self.cleaned_data["state"])


class BulkChange(forms.Form):
    action = forms.ChoiceField(
        label=_("With those ticked"),
        choices=(
            ("", _("What to do")),
            (Role.ADMINISTRATOR.value, _("Make administrator")),
            (Role.EMPLOYEE.value, _("Make employee")),
            (Role.CONTRACTOR.value, _("Make contractor until the last day")),
            ("give", _("Give a role to several people")),
            ("remove", _("Take them out")),
        ),
    )
    until = forms.DateField(label=_("Last day"), required=False, widget=Day())


class PeopleList(forms.Form):
    upload = ListField(label=_("List (CSV or Excel)"))


class WithRole(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES, initial=Role.EMPLOYEE.value)
    ends_on = forms.DateField(
        label=_("Last day"), required=False, widget=Day(),
        help_text=_("Needed for a contractor. Access ends by itself after that day."),
    )  # fmt: skip


class ChangeMember(WithRole):
    pass


class Invite(WithRole):
    emails = forms.CharField(
        label=_("E-mail addresses at work"),
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_("One on each line, or with commas between them."),
    )
    language = forms.ChoiceField(
        label=_("Language of the letter"), choices=(("fr", "Français"), ("en", "English"))
    )
    field_order = ("emails", "role", "ends_on", "language")

    def clean_emails(self) -> list[str]:
        found = [one for one in re.split(r"[\s,;]+", str(self.cleaned_data["emails"])) if one]
        if not found:
            raise forms.ValidationError(_("Write at least one address."))
        return found


class Domains(forms.Form):
    entries = forms.CharField(
        label=_("Domains of addresses at work"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_(
            "Such as great-insurance.example, one on each line. Invitations go to these only. For "
            "somebody with another address, such as a freelance, write that address in full."
        ),
    )

    def clean_entries(self) -> list[Any]:
        return re.split(r"[\s,;]+", str(self.cleaned_data["entries"]))


class FirstDomains(Domains):
    """Beside the first invitation, which needs one."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["entries"].required = True
