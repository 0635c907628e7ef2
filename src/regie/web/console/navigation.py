"""The pages of the console, in the order of its sub-navigation: one line for each.

They stand in areas, so that neither row grows wider than a screen.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from regie.apps.assets import selectors as assets
from regie.apps.assets.selectors import Kind
from regie.kernel.i18n import _


@dataclass(frozen=True)
class ConsolePage:
    name: str  # of its address
    label: str
    also: tuple[str, ...] = ()  # how the names of its other addresses begin

    def holds(self, name: str) -> bool:
        """Whether the address of ``name`` is this page or one below it."""
        return any(name.startswith(one) for one in (self.name, *self.also))


@dataclass(frozen=True)
class Area:
    """The first page is the one that its name leads to."""

    label: str
    pages: tuple[ConsolePage, ...]


AREAS: tuple[Area, ...] = (
    Area(
        _("Organisation"),
        (
            ConsolePage("manager", _("Overview")),
            ConsolePage("manager-set-up", _("Set-up")),
            ConsolePage("manager-tree", _("Tree"), also=("manager-place",)),
            ConsolePage("manager-network", _("Network")),
            ConsolePage("manager-recovery", _("Recovery code")),
            ConsolePage("manager-tokens", _("Tokens")),
            ConsolePage("manager-journal", _("Journal")),
        ),
    ),
    Area(
        _("People"),
        (
            ConsolePage("manager-people", _("Members"), also=("manager-person",)),
            ConsolePage("manager-invitations", _("Invitations"), also=("manager-invitation",)),
            ConsolePage("manager-roles", _("Roles"), also=("manager-role", "manager-policy")),
            ConsolePage("manager-review", _("Review")),
        ),
    ),
    Area(
        _("Accounts and pages"),
        (
            ConsolePage(
                "manager-accounts", _("Ad accounts"), also=("manager-asset", "manager-give")
            ),
            ConsolePage("manager-pages", _("Pages")),
            ConsolePage("manager-locations", _("Locations")),
            ConsolePage("manager-sources", _("Sources of figures")),
            ConsolePage("manager-beneficiaries", _("Beneficiaries")),
        ),
    ),
    Area(
        _("Sharing"),
        (
            ConsolePage("manager-partners", _("Partners"), also=("manager-partner",)),
            ConsolePage("manager-requests", _("Requests")),
            ConsolePage("manager-audiences", _("Audiences")),
        ),
    ),
)
PAGES = tuple(page for area in AREAS for page in area.pages)


def page_of(name: str) -> str:
    """The name of the page that the address of ``name`` belongs to; empty for none."""
    # The first page's name begins all the others: it is looked at last.
    return next((one.name for one in reversed(PAGES) if one.holds(name)), "")


def area_of(page: str) -> Area:
    if page.removeprefix("manager-") in rooms():
        page = "manager-accounts"
    return next((one for one in AREAS if any(page == p.name for p in one.pages)), AREAS[0])


def rooms() -> dict[str, Kind]:
    """Every kind by what its list is called in addresses, in their order."""
    found = sorted(assets.kinds().values(), key=lambda one: (one.order, one.name))
    return {one.room or one.name: one for one in found}


def tabs_of(area: Area) -> list[tuple[str, str, str]]:
    """Name, address and label of each page; a kind that has no page of its own follows them."""
    tabs = [(one.name, reverse(one.name), one.label) for one in area.pages]
    if area is area_of("manager-accounts"):
        said = {one.name for one in area.pages}
        tabs += [
            (f"manager-{room}", reverse("manager-assets", args=[room]), kind.plural)
            for room, kind in rooms().items()
            if f"manager-{room}" not in said
        ]
    return tabs
