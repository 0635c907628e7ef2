"""The forms of a page, as a browser would send them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

CLICKED = {"submit", "image", "button"}
TICKED = {"checkbox", "radio"}


@dataclass
class Form:
    """``values`` are what stands in it, ``choices`` what a field offers, ``buttons`` its acts."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def sent(self) -> Iterator[dict[str, str]]:
        """What each of its buttons would send, everything ticked."""
        ticked = {name: found[0] for name, found in self.choices.items() if found}
        for name, value in self.buttons or [("", "")]:
            yield {**ticked, **self.values, **({name: value} if name else {})}


class Forms(HTMLParser):
    """``found`` are those that are posted; files are left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self._open: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_sent = said.get("method", "").lower() == "post"
            self._open = Form(urljoin(self.page, said.get("action", ""))) if is_sent else None
            if self._open:
                self.found.append(self._open)
        if self._open is None:
            return
        name, value = said.get("name", ""), said.get("value", "")
        if tag == "button" and "name" in said:
            self._open.buttons.append((name, value))
        elif tag == "select":
            self._select = name
            self._open.choices.setdefault(name, [])
        elif tag == "option" and self._select:
            if value:
                self._open.choices[self._select].append(value)
        elif tag == "textarea":
            self._open.values[name] = ""
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            self._take(said.get("type", "text"), name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "select":
            self._select = ""

    def _take(self, kind: str, name: str, value: str) -> None:
        assert self._open is not None
        if kind in TICKED:
            self._open.choices.setdefault(name, []).append(value)
        elif kind in CLICKED:
            self._open.buttons.append((name, value))
        elif kind != "file":
            self._open.values[name] = value


def forms_of(page: str, text: str) -> list[Form]:
    found = Forms(page)
    found.feed(text)
    return found.found
