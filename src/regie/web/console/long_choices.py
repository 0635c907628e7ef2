"""Choices among thousands, written in one go: a template for each option takes half a second."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class LongChoices(BaseChoiceIterator):
    """Pairs that are as they should be: those of a list are looked through one by one."""

    def __init__(self, pairs: Sequence[tuple[Any, str]]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        return iter(self.pairs)


def _options(widget: forms.widgets.ChoiceWidget, value: Any) -> Iterator[tuple[str, str, bool]]:
    """Each choice as HTML: its value, its words, and whether it is chosen."""
    chosen: Collection[str] = set(widget.format_value(value))
    for key, words in widget.choices:
        yield escape(str(key)), escape(str(words)), str(key) in chosen


class LongSelect(forms.Select):
    """As ``Select``, for choices without groups."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        options = "".join(
            f'<option value="{key}"{" selected" if is_chosen else ""}>{words}</option>'
            for key, words, is_chosen in _options(self, value)
        )
        own = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        return format_html("<select{}>{}</select>", own, mark_safe(options))  # noqa: S308


class LongTicks(forms.CheckboxSelectMultiple):
    """As ``CheckboxSelectMultiple``, for choices without groups."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        own = self.build_attrs(self.attrs, attrs)
        base = own.pop("id", name)
        said = f'type="checkbox" name="{escape(name)}"{flatatt(own)}'
        boxes = "".join(
            f'<div><label for="{base}_{n}"><input {said} value="{key}" id="{base}_{n}"'
            f"{' checked' if is_chosen else ''}>\n{words}</label>\n\n</div>"
            for n, (key, words, is_chosen) in enumerate(_options(self, value))
        )
        return format_html('<div id="{}">{}</div>', base, mark_safe(boxes))  # noqa: S308
