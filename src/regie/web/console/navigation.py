"""The pages of the console, in the order of its sub-navigation: one line for each."""

from __future__ import annotations

from dataclasses import dataclass

from regie.kernel.i18n import _


@dataclass(frozen=True)
class ConsolePage:
    name: str  # of its address
    label: str


PAGES: tuple[ConsolePage, ...] = (ConsolePage("manager", _("Organisation")),)
