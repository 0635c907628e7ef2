"""The form of whoever enters by an invitation: a name and a password."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OpenAccount(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters; a sentence is easy to remember."),
    )
