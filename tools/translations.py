"""Keeps the French catalogue: ``extract`` merges new sentences in, ``compile`` makes the .mo.

Sentences come from Python (``_("…")`` and its kin) and from Django templates. Nothing of
GNU gettext is needed. A sentence that is no longer in the sources leaves the catalogue.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "src" / "regie"
CATALOGUE = SOURCES / "web" / "locale" / "fr" / "LC_MESSAGES" / "django.po"
COMMENT = "Translators:"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# What `templatize` writes for a sentence of a template.
CALL = re.compile(
    r"""\b(?P<name>n?p?gettext|_)\(\s*(?P<arguments>(?:u?(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""(?:,\s*)?)+)(?:count)?\)"""
)
LITERAL = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


def sentences() -> Catalog:
    """Every sentence of the sources, untranslated."""
    found = Catalog(locale="fr", domain="django", project="regie", charset="utf-8")
    for path in sorted(SOURCES.rglob("*.py")):
        for line, message, comments, context in _in_python(path):
            _add(found, path, line, message, context, comments)
    for path in sorted([*SOURCES.rglob("*.html"), *SOURCES.rglob("*.txt")]):
        if "templates" in path.parts:
            for line, message, context in _in_template(path.read_text(encoding="utf-8")):
                _add(found, path, line, message, context, [])
    return found


def merge() -> Catalog:
    """The catalogue brought up to date with the sources, translations kept, nothing guessed."""
    merged = read_catalogue()
    merged.update(sentences(), no_fuzzy_matching=True)
    merged.obsolete.clear()
    return merged


def read_catalogue() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="fr", domain="django", project="regie", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="fr", domain="django")


def extract_catalogue() -> None:
    merged = merge()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    with CATALOGUE.open("wb") as file:
        # Line numbers and dates would change with every edit, and hide what really changed.
        write_po(file, merged, width=100, omit_header=False, include_lineno=False, sort_output=True)
    _without_dates()
    waiting = [str(message.id) for message in merged if message.id and not is_translated(message)]
    print(f"{len(merged)} sentences, {len(waiting)} to translate")
    for sentence in waiting:
        print(f"  {sentence}")


def compile_catalogue() -> bool:
    """Write the .mo beside the .po, and tell whether it was out of date."""
    compiled = CATALOGUE.with_suffix(".mo")
    if not CATALOGUE.exists():
        return False
    if compiled.exists() and compiled.stat().st_mtime_ns >= CATALOGUE.stat().st_mtime_ns:
        return False
    # Renamed into place: a server that starts meanwhile reads a whole file.
    unfinished = compiled.with_suffix(f".{os.getpid()}.tmp")
    with unfinished.open("wb") as file:
        write_mo(file, read_catalogue())
    unfinished.replace(compiled)
    return True


def is_translated(message: object) -> bool:
    string = getattr(message, "string", "")
    parts = string if isinstance(string, tuple | list) else [string]
    return all(parts) and not getattr(message, "fuzzy", False)


def _in_python(path: Path) -> Iterator[tuple[int, object, list[str], str | None]]:
    with path.open("rb") as file:
        yield from extract("python", file, keywords=KEYWORDS, comment_tags=[COMMENT])


def _in_template(text: str) -> Iterator[tuple[int, object, str | None]]:
    source = templatize(text)
    for call in CALL.finditer(source):
        texts = [ast.literal_eval(part) for part in LITERAL.findall(call["arguments"])]
        context = texts.pop(0) if "p" in call["name"] else None
        line = source.count("\n", 0, call.start()) + 1
        yield line, tuple(texts) if len(texts) > 1 else texts[0], context


def _add(
    found: Catalog,
    path: Path,
    line: int,
    message: object,
    context: str | None,
    comments: Sequence[str],
) -> None:
    where = [(path.relative_to(ROOT).as_posix(), line)]
    if message and (not isinstance(message, tuple) or message[0]):
        found.add(message, None, locations=where, auto_comments=comments, context=context)  # type: ignore[arg-type]


def _without_dates() -> None:
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not re.match(r'"(POT-Creation|PO-Revision)-Date:', line)]
    CATALOGUE.write_text("".join(kept), encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    if list(arguments) == ["extract"]:
        extract_catalogue()
    elif list(arguments) == ["compile"]:
        if compile_catalogue():
            print("French catalogue compiled")
    else:
        raise SystemExit("Use: python tools/translations.py extract|compile")


if __name__ == "__main__":
    main(sys.argv[1:])
