"""Names a browser and its system from what it says of itself: “Firefox, Linux”."""

from __future__ import annotations

# The first that is found counts: later ones are claimed by the earlier for compatibility.
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
            ("CriOS", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"),
           ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
LONGEST = 60


def browser(said: str) -> str:
    found = [
        next((name for sign, name in known if sign in said), "") for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or said[:LONGEST]
