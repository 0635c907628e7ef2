"""Destinations by country and device as lines of text: ``BE https://…``, ``tablet FR https://…``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext

from regie.domain.traffic.agents import DEVICES, SYSTEMS
from regie.kernel.i18n import _
from regie.web.tracking.words import DEVICES as LABELS

SYSTEM_LABELS = {"ios": _("iPhone and iPad"), "android": "Android", "windows": "Windows",
                 "macos": "macOS", "linux": "Linux"}  # fmt: skip


def read(text: str) -> list[dict[str, str]]:
    """The rules of ``text``; a word that is no device is taken for a country, and checked later."""
    known = {gettext(label).casefold(): name for name, label in LABELS.items()}
    known |= {name: name for name in (*DEVICES, *SYSTEMS)}
    rules = []
    for line in text.splitlines():
        *words, to = line.split() or [""]
        if not to:
            continue
        devices = [known[word.casefold()] for word in words if word.casefold() in known]
        countries = [word for word in words if word.casefold() not in known]
        rules.append({"device": " ".join(devices), "country": " ".join(countries), "to": to})
    return rules


def written(rules: Sequence[Mapping[str, str]]) -> str:
    """The lines of the rules that have no field of their own."""
    return "\n".join(
        " ".join(
            filter(None, (_device(one["device"]), one["country"], one.get("given", one["to"])))
        )
        for one in rules
        if not has_field(one)
    )


def has_field(rule: Mapping[str, str]) -> bool:
    return rule["device"] in ("ios", "android") and not rule["country"]


def who(rule: Mapping[str, str]) -> str:
    """Whom the rule is about, for readers."""
    device = LABELS.get(rule["device"]) or SYSTEM_LABELS.get(rule["device"], rule["device"])
    return " · ".join(filter(None, (gettext(device) if device else "", rule["country"])))


def _device(name: str) -> str:
    return gettext(LABELS[name]).lower() if name in LABELS else name
