"""Somebody who looks before he confirms, as the pages want it."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.test import Client

SEEN = re.compile(r'name="seen" value="(\w+)"')


class LookingClient(Client):
    """Posts a confirmation only after having looked, and sends what that page would send."""

    def post(self, path: str, data: Any = None, **named: Any) -> Any:
        said = data if isinstance(data, dict) and "seen" not in data else {}
        if said.get("sure") == "yes" or said.get("act") == "keep":
            data = self._looked(path, said)
        return super().post(path, data, **named)

    def _looked(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        first = {name: value for name, value in data.items() if name != "sure"}
        if first.get("act") == "keep":
            first["act"] = "try"
        page = super().post(path, first).content.decode(errors="replace")
        for value in data.values():
            if hasattr(value, "seek"):
                value.seek(0)
        seen = SEEN.search(page)
        if seen is None:
            return data
        if "sure" not in data:
            return {**data, "seen": seen[1]}
        button = {"act": data["act"]} if "act" in data else {}
        return {**hidden_fields(page), **button, "sure": "yes"}


def hidden_fields(page: str) -> dict[str, Any]:
    """What the page that asks sends again: the form that holds the digest."""
    start = page.rindex("<form", 0, page.index('name="seen"'))
    fields: dict[str, Any] = {}
    form = page[start : page.index("</form>", start)]
    for name, value in re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', form):
        if name != "csrfmiddlewaretoken":
            fields.setdefault(name, []).append(unescape(value))
    return fields
