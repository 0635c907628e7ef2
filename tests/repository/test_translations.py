"""Everything we say can be read in French, and the catalogue holds what the sources say."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tools import translations

UNFRENCH = re.compile(
    r"«(?![\u202f\u00a0])|(?<![\u202f\u00a0])»"  # no-break space inside the quotes
    r"|\u202f:"  # a colon has a whole one
    r"| [?!;:](?!\w)|\w[?!](?=\s|$)|\w;(?=\s)"  # and before high punctuation
    r"|[^\W\d_]'[^\W\d_]"  # typewriter apostrophe
)
NAMED = re.compile(r"%\((\w+)\)s|(?<!\{)\{(\w+)[^{}]*\}")


def _messages() -> list[Message]:
    if not translations.CATALOGUE.exists():
        pytest.skip("no French catalogue yet: run `python tools/translations.py extract`")
    return [message for message in translations.read_catalogue() if message.id]


def _texts(text: object) -> list[str]:
    return [str(part) for part in text] if isinstance(text, tuple | list) else [str(text)]


def test_every_sentence_is_translated() -> None:
    waiting = [message.id for message in _messages() if not translations.is_translated(message)]

    assert waiting == []


def test_the_catalogue_holds_what_the_sources_say() -> None:
    def identity(message: Message) -> tuple[object, object]:
        return (message.id, message.context)

    said = {identity(message) for message in translations.sentences() if message.id}
    known = {identity(message) for message in _messages()}

    assert said - known == set(), "run: python tools/translations.py extract"
    assert known - said == set(), "run: python tools/translations.py extract"


def test_a_translation_names_the_same_parts() -> None:
    def parts(text: object) -> set[str]:
        joined = " ".join(_texts(text))
        return {one or other for one, other in NAMED.findall(joined)}

    changed = [message.id for message in _messages() if parts(message.id) != parts(message.string)]

    assert changed == []


def test_french_is_set_as_french() -> None:
    wrong = [
        french
        for message in _messages()
        for french in _texts(message.string)
        if UNFRENCH.search(french)
    ]

    assert wrong == [], "no-break space before ? ! ; : and inside « », curly apostrophe"


@pytest.mark.parametrize(
    "text", ["Quoi ?", "Quoi?", "«non»", "« non »", "l'import", "Total : 3", "Total\u202f: 3"]
)
def test_english_or_typewriter_typography_is_seen(text: str) -> None:
    assert UNFRENCH.search(text)


@pytest.mark.parametrize(
    "text",
    ["Quoi\u202f?", "«\u202foui\u202f»", "l’import", "Total\u00a0: 3", "regie --by=a"],
)
def test_french_typography_is_accepted(text: str) -> None:
    assert UNFRENCH.search(text) is None


def test_sentences_of_a_template_are_found() -> None:
    template = """{% load i18n %}<p title="{% translate "Spend" %}">
    {% trans "May" context "month" %}
    {% blocktranslate count n=rows|length trimmed %}
      One line of {{ name }}
    {% plural %}
      {{ n }} lines
    {% endblocktranslate %}{{ value|default:_("nothing") }}"""

    assert [found[1:] for found in translations._in_template(template)] == [
        ("Spend", None),
        ("May", "month"),
        (("One line of %(name)s", "%(n)s lines"), None),
        ("nothing", None),
    ]


def test_sentences_of_python_are_found(tmp_path: Path) -> None:
    source = tmp_path / "words.py"
    source.write_text(
        'say(_("Line {line}."), line=3)\nngettext("one row", "{n} rows", n)\nprint("not this")\n',
        encoding="utf-8",
    )

    found = [message for _, message, _, _ in translations._in_python(source)]

    assert found == ["Line {line}.", ("one row", "{n} rows")]


def test_a_translation_survives_extraction_and_is_what_django_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = tmp_path / "src"
    sources.mkdir()
    (sources / "words.py").write_text('_("Spend")\n_("Clicks")\n', encoding="utf-8")
    catalogue = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Spend"\nmsgstr "Dépense"\n\nmsgid "Gone"\nmsgstr "Parti"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    monkeypatch.setattr(translations, "SOURCES", sources)
    monkeypatch.setattr(translations, "CATALOGUE", catalogue)

    translations.extract_catalogue()
    written = catalogue.read_text(encoding="utf-8")
    translations.extract_catalogue()

    assert catalogue.read_text(encoding="utf-8") == written, "a second time changes nothing"
    kept = {message.id: message.string for message in translations.read_catalogue() if message.id}
    assert kept == {"Spend": "Dépense", "Clicks": ""}
    assert translations.compile_catalogue()
    assert not translations.compile_catalogue(), "up to date"
    with catalogue.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Spend") == "Dépense"
