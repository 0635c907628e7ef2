"""The pages of the console, in the order of its sub-navigation: one line for each."""

from __future__ import annotations

from dataclasses import dataclass

from regie.kernel.i18n import _


@dataclass(frozen=True)
class ConsolePage:
    name: str  # of its address
    label: str
    also: tuple[str, ...] = ()  # how the names of its other addresses begin

    def holds(self, name: str) -> bool:
        """Whether the address of ``name`` is this page or one below it."""
        return any(name.startswith(one) for one in (self.name, *self.also))


PAGES: tuple[ConsolePage, ...] = (
    ConsolePage("manager", _("Organisation")),
    ConsolePage("manager-set-up", _("Set-up")),
    ConsolePage("manager-tree", _("Tree"), also=("manager-place",)),
    ConsolePage("manager-accounts", _("Accounts"), also=("manager-asset",)),
    ConsolePage("manager-pages", _("Pages")),
    ConsolePage("manager-roles", _("Roles"), also=("manager-role", "manager-policy")),
    ConsolePage("manager-partners", _("Partners"), also=("manager-partner",)),
    ConsolePage("manager-people", _("People"), also=("manager-person", "manager-invitation")),
    ConsolePage("manager-network", _("Network")),
    ConsolePage("manager-review", _("Review")),
    ConsolePage("manager-recovery", _("Recovery code")),
    ConsolePage("manager-journal", _("Journal")),
    ConsolePage("manager-requests", _("Requests")),
    ConsolePage("manager-audiences", _("Audiences")),
    ConsolePage("manager-tokens", _("Tokens")),
)
