"""Forms about accounts and pages: find them, link them, give roles on them, share them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regie.apps.access.selectors import RoleChoice
from regie.apps.assets.selectors import Filter, Kind, Status
from regie.domain.permissions.definitions import Family
from regie.ui.platforms import platform
from regie.web.console.forms import ANY, Day
from regie.web.console.long_choices import LongChoices, LongSelect, LongTicks
from regie.web.list_field import ListField

STATUSES = tuple((one.value, one.label) for one in (Status.LINKED, Status.FOUND, Status.DETACHED))


class FindAssets(forms.Form):
    text = forms.CharField(
        label=_("Name or ID"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    platform = forms.ChoiceField(label=_("Platform"), required=False)
    status = forms.ChoiceField(label=_("State"), required=False, choices=(ANY, *STATUSES))
    of = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=(ANY, ("own", _("Our own")), ("shared", _("Shared with us"))),
    )

    def __init__(self, *given: Any, platforms: Sequence[str], **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(slug, platform(slug).name) for slug in platforms]
        self.fields["platform"].choices = [ANY, *choices]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Filter:
        return Filter(**self.cleaned_data)


class LinkAsset(forms.Form):
    """``kind`` says on which platforms; each says how its IDs are written."""

    platform = forms.ChoiceField(label=_("Platform"))
    external_id = forms.CharField(
        label=_("ID"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, kind: Kind) -> None:
        # Beside the form that finds, whose fields have the same names.
        super().__init__(data, auto_id="link_%s")
        choices = [(one.platform, platform(one.platform).name) for one in kind.ids]
        self.fields["platform"].choices = choices  # type: ignore[attr-defined]
        if kind.family == "page":
            self.fields["is_keeper"] = forms.BooleanField(
                label=_("I am its super admin"),
                required=False,
                help_text=_("Others can ask for a page only once it has a super admin here."),
            )


class ListOfAssets(forms.Form):
    upload = ListField(label=_("List (CSV or Excel)"))


class GiveRole(forms.Form):
    member = forms.TypedChoiceField(label=_("To whom"), coerce=int, widget=LongSelect())
    role = forms.ChoiceField(label=_("Role"))
    ends_on = forms.DateField(label=_("Last day"), required=False, widget=Day())

    def __init__(
        self, *given: Any, members: Sequence[tuple[int, str]], roles: Sequence[RoleChoice],
        **named: Any,
    ) -> None:  # fmt: skip
        super().__init__(*given, **named)
        self.fields["member"].choices = LongChoices(members)  # type: ignore[attr-defined]
        offered = [(one.value, one.label if one.is_custom else gettext(one.label)) for one in roles]
        self.fields["role"].choices = offered  # type: ignore[attr-defined]


class Rename(forms.Form):
    name = forms.CharField(
        label=_("What you call it"), required=False, max_length=200,
        help_text=_("Leave it empty for the platform’s own name."),
    )  # fmt: skip
    location = forms.CharField(label=_("Location"), required=False, max_length=80)


class AttachAccounts(forms.Form):
    """The ad accounts that speak in the name of a page."""

    account = forms.TypedMultipleChoiceField(
        label=_("Ad accounts"), coerce=int, required=False, widget=LongTicks()
    )

    def __init__(self, *given: Any, accounts: Sequence[tuple[int, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]


class ProposePartnership(forms.Form):
    number = forms.CharField(
        label=_("Manager number of the partner"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Its 12 digits stand under the partner’s name, on its Organisation page."),
    )
    side = forms.ChoiceField(
        label=_("Who shares"),
        choices=(
            ("owner", _("We share our accounts with this partner")),
            ("partner", _("This partner shares accounts with us")),
        ),
    )


class SetCeiling(forms.Form):
    """One box for each permission of the family: a ceiling is a set, and not a rank."""

    permissions = forms.MultipleChoiceField(
        label=_("What the partner’s people may hold at most"),
        widget=LongTicks(),
        error_messages={"required": _("Tick at least one. To leave none, stop sharing.")},
    )

    def __init__(self, *given: Any, family: Family, **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(one.code, gettext(one.label)) for one in family.permissions]
        self.fields["permissions"].choices = choices  # type: ignore[attr-defined]


class ShareAssets(forms.Form):
    """Which of one's accounts, and under which role as their ceiling."""

    asset = forms.TypedMultipleChoiceField(
        label=_("Accounts"), coerce=int, widget=LongTicks(),
        error_messages={"required": _("Tick at least one account.")},
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Ceiling"),
        help_text=_("The most that the partner’s people may do. You can change it at any time."),
    )

    def __init__(
        self, *given: Any, assets: Sequence[tuple[int, str]], family: Family, **named: Any
    ) -> None:
        super().__init__(*given, **named)
        self.fields["asset"].choices = assets  # type: ignore[attr-defined]
        roles = [(one.code, gettext(one.label)) for one in reversed(family.roles)]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
