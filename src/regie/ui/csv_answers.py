"""A list in CSV as an answer: a file of its own, that spreadsheets open with its accents."""

from __future__ import annotations

from django.http import HttpResponse


def csv_answer(name: str, text: str, *, is_marked: bool = True) -> HttpResponse:
    """``name`` is without its ending. The mark tells Excel that accents are UTF-8; a platform
    that takes digests in wants none."""
    said = text.encode("utf-8-sig" if is_marked else "utf-8")
    answer = HttpResponse(said, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer
