"""The tags and filters that templates use: ``{% load ui %}``.

A component is a template of ``ui/templates/ui``; a tag stands here only where Python is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from regie.kernel.i18n import Sentence
from regie.ui import browsers, figures, sparks
from regie.ui.icons import PATHS
from regie.ui.platforms import Card, account_name

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        '<path d="{}"/></svg>',
        mark_safe(PATHS[name]),  # noqa: S308
    )


@register.simple_block_tag(takes_context=True)
def panel(context: template.Context, content: str, **named: Any) -> SafeString:
    """A surface with a heading; ``foot`` and ``note`` are optional."""
    found = context.template.engine.get_template("ui/panel.html")  # type: ignore[union-attr]
    return found.render(context.new({"content": content, **named}))


@register.simple_block_tag(takes_context=True)
def menu(context: template.Context, content: str, **named: Any) -> SafeString:
    """A button that opens a small list, keyboard and all (it is a ``details`` element)."""
    found = context.template.engine.get_template("ui/menu.html")  # type: ignore[union-attr]
    return found.render(context.new({"content": content, **named}))


@register.simple_tag
def sparkline(values: list[Any]) -> SafeString:
    return sparks.sparkline(values)


@register.simple_tag
def bar(share: float) -> SafeString:
    return sparks.bar(share)


@register.simple_tag
def figure_cell(cell: Any, share: float | None = None) -> SafeString:
    """A cell with its figure, what changed and, where ``share`` is given, a bar.

    Hundreds of them stand on a page, so they are no template.
    """
    figure = cell.figure
    kind = (" missing" if figure.missing else "") + ("" if share is None else " with-bar")
    reason = f' title="{escape(figure.reason)}"' if figure.missing else ""
    return mark_safe(  # noqa: S308
        f'<td class="number{kind}"><a class="why" data-explains '
        f'href="explain/{escape(cell.explained)}"{reason}>{escape(figure.exact)}</a>'
        f"{moved(cell.move) if cell.move else ''}"
        f"{'' if share is None else sparks.bar(share)}</td>"
    )


def moved(move: Any) -> SafeString:
    """What changed of a figure, beneath it."""
    arrow = f'<i aria-hidden="true">{move.arrow}</i> ' if move.arrow else ""
    said, text = escape(move.said), escape(move.text)
    return mark_safe(  # noqa: S308
        f'<span class="moved {move.verdict}" title="{said}">{arrow}{text}</span>'
    )


@register.filter
def say(value: str | Sentence | Mapping[str, Any]) -> str:
    """A sentence of the lower floors in the reader's language."""
    if isinstance(value, Mapping):
        value = Sentence.from_json(value)
    return Sentence.of(value).text(gettext, _as_it_is)


def _as_it_is(number: Decimal) -> str:
    """With the digits that it has."""
    return figures.decimal(number, digits=max(0, -int(number.normalize().as_tuple().exponent)))


@register.filter
def day(value: date | None, style: str = "medium") -> str:
    return figures.day(value, style) if value else figures.MISSING


@register.filter
def moment(value: datetime | None, style: str = "short") -> str:
    return figures.moment(value, style) if value else figures.MISSING


@register.filter
def quarter(name: str) -> str:
    return figures.quarter(name)


@register.filter
def count(value: int | None) -> str:
    return figures.exact(value, "count")


@register.filter
def named(card: Card) -> str:
    """The name of an account."""
    return account_name(card)


@register.filter
def browser(value: str) -> str:
    return browsers.browser(value)


@register.filter
def bare(field: BoundField) -> BoundField:
    """Without the grey words inside: the label above says it, and stays while one types."""
    field.field.widget.attrs.pop("placeholder", None)
    return field


@register.filter
def size(value: int | None) -> str:
    """Bytes as people read them."""
    if value is None:
        return figures.MISSING
    for power, name in ((3, gettext("GB")), (2, gettext("MB")), (1, gettext("kB"))):
        if value >= 1000**power:
            return f"{figures.decimal(round(value / 1000**power, 1), digits=1)}\u202f{name}"
    return f"{value}\u202f{gettext('bytes')}"
