"""The certificate of a review: what was signed, as PDF for people."""

from __future__ import annotations

import io
import unicodedata
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from regie.apps.organisations.selectors import ReviewCard
from regie.ui import figures
from regie.web.console.words import role_word

MOST_ROLES = 500  # written out in the PDF
# Beside the library: no font of this machine is needed.
_FONTS = {"Vera": "Vera.ttf", "VeraBd": "VeraBd.ttf"}
_INK, _QUIET, _LINE = map(colors.HexColor, ("#1b1d1f", "#53565a", "#d9d6cf"))
_TEXT = ParagraphStyle("text", fontName="Vera", fontSize=9, leading=13, textColor=_INK)
_CELL = ParagraphStyle("cell", parent=_TEXT, fontSize=7, leading=9)
_SMALL = ParagraphStyle("small", parent=_CELL, textColor=_QUIET)
_TITLE = ParagraphStyle("title", parent=_TEXT, fontName="VeraBd", fontSize=17, leading=22)
_HEAD = ParagraphStyle("head", parent=_TEXT, fontName="VeraBd", fontSize=11, leading=16)


def pdf(review: ReviewCard) -> bytes:
    """Pages of A4: who signed, who has access, who lost it, and the digest that shows a change."""
    for name, file in _FONTS.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, file))
    content = review.content
    title = _("Review of accesses, {quarter}").format(quarter=figures.quarter(review.quarter))
    story = [
        _paragraph(title, _TITLE),
        _paragraph(str(content["organisation"]), _HEAD),
        Spacer(1, 4 * mm),
        _paragraph(
            _("{person} confirmed on {moment} that these {count} accesses are needed.").format(
                person=review.actor, moment=_when(review.at),
                count=figures.exact(len(content["people"]), "count"),
            ),
            _TEXT,
        ),
        Spacer(1, 5 * mm),
        _people(content["people"]),
        *_unused_roles(content.get("roles", [])),
        Spacer(1, 6 * mm),
        _paragraph(_("Taken out since the last review"), _HEAD),
        *_taken_out(content["taken_out"]),
        Spacer(1, 6 * mm),
        _paragraph(_("Digest (SHA-256) of what was signed: {digest}").format(digest=review.digest),
                   _SMALL),
    ]  # fmt: skip
    buffer = io.BytesIO()
    document = SimpleDocTemplate(
        buffer, pagesize=A4, leftMargin=18 * mm - 6, rightMargin=18 * mm - 6, topMargin=18 * mm,
        bottomMargin=18 * mm, title=title, author="Régie", lang=figures.locale()[:2],
    )  # fmt: skip
    document.build(story, onFirstPage=_number, onLaterPages=_number)
    return buffer.getvalue()


def _people(rows: list[dict[str, Any]]) -> Table:
    head = [_("Person"), _("Organisation"), _("Role"), _("Last day"), _("Last here"), _("2FA")]
    cells = [[_paragraph(one, _SMALL) for one in head]]
    cells += [
        [
            _paragraph(f"{row['name']}\n{row['email']}" if row["name"] else row["email"], _CELL),
            _paragraph(row["organisation"], _CELL),
            _paragraph(role_word(row["role"]), _CELL),
            _paragraph(_day(row["ends_on"]) or "–", _CELL),
            _paragraph(_day(row["last_active_on"]) or _("Never"), _CELL),
            _paragraph(_("Yes") if row["has_second_factor"] else _("No"), _CELL),
        ]
        for row in rows
    ]
    widths = [one * mm for one in (54, 38, 24, 23, 23, 12)]
    style = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return Table(cells, colWidths=widths, repeatRows=1, style=style)


def _unused_roles(rows: list[dict[str, Any]]) -> list[Any]:
    """How many roles were kept, and which nobody had used for 90 days; all are in the CSV."""
    if not rows:
        return []
    unused = [row for row in rows if row["is_unused"]]
    said = _("Roles on single accounts: {count}, of which {unused} not used for 90 days.").format(
        count=figures.exact(len(rows), "count"), unused=figures.exact(len(unused), "count")
    )
    told = [
        _paragraph(
            f"{row['email']} · {_(row['role'])} · {row['account']} · "
            f"{_day(row['last_used_on']) or _('Never')}",
            _CELL,
        )
        for row in unused[:MOST_ROLES]
    ]
    return [Spacer(1, 6 * mm), _paragraph(_("Roles"), _HEAD), _paragraph(said, _TEXT), *told]


def _taken_out(rows: list[dict[str, str]]) -> list[Paragraph]:
    if not rows:
        return [_paragraph(_("Nobody"), _TEXT)]
    return [
        _paragraph(f"{row['email']} · {_day(row['at'][:10])} · {row['by']}", _CELL) for row in rows
    ]


def _day(written: str | None) -> str:
    """A day of what was signed, in the reader's language."""
    return figures.day(date.fromisoformat(written)) if written else ""


def _when(at: datetime) -> str:
    here = timezone.localtime(at)
    return f"{figures.day(here.date(), 'long')}, {figures.hour(here)}"


def _letters(text: str) -> str:
    """A letter that the font has not stands without its accent, rather than as an empty box."""
    known = pdfmetrics.getFont("Vera").face.charToGlyph
    return "".join(
        one if ord(one) in known or one.isspace() else unicodedata.normalize("NFKD", one)[0]
        for one in text
    )


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    """Text as it is: names of people are never markup, and the font has no narrow space."""
    plain = _letters(text).replace("&", "&amp;").replace("<", "&lt;").replace("\u202f", "\u00a0")
    return Paragraph(plain.replace("\n", "<br/>"), style)


def _number(canvas: Any, document: Any) -> None:
    canvas.setFont("Vera", 7)
    canvas.setFillColor(_QUIET)
    canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, str(document.page))
    canvas.drawString(18 * mm, 10 * mm, "Régie")
