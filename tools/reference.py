"""Writes docs/reference from the registries: metrics, formats, plain files, commands, tests.

What is declared is documented; a test holds the pages to what the registries say today.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from babel.messages.pofile import read_po

from regie.cli.main import _MODULES, COMMANDS
from regie.domain.attribution.model import DataDriven
from regie.domain.attribution.models import models
from regie.domain.metrics.catalog import all_metrics, metrics
from regie.domain.metrics.definitions import Metric, NonAdditive, Ratio, Sum
from regie.domain.metrics.dimensions import DIMENSIONS
from regie.ingestion import mapping
from regie.ingestion.format import Column, Format
from regie.ingestion.formats import formats
from tools.plain_files import EXAMPLES, MEANINGS
from tools.requirements import PARTS, sentence, shown

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
CATALOGUE = ROOT / "src/regie/web/locale/fr/LC_MESSAGES/django.po"
MADE = (
    "<!-- Written by `make docs` from the registries: change the declarations, not this page. -->"
)
OWN = ("orders", "leads", "calls", "visits", "creator_costs", "earned_media", "currency_rates")


def pages() -> dict[str, str]:
    """Every page by its name."""
    french = translations()
    return {
        "metrics.md": metrics_page(french),
        "formats.md": formats_page(),
        "files.md": files_page(),
        "commands.md": commands_page(),
        "attribution.md": attribution_page(french),
        "requirements.md": requirements_page(),
    }


def translations() -> dict[str, str]:
    """English to French, of what has been translated."""
    with CATALOGUE.open("rb") as file:
        return {
            entry.id: entry.string
            for entry in read_po(file)
            if isinstance(entry.id, str) and isinstance(entry.string, str)
            if entry.string and not entry.fuzzy
        }


def metrics_page(french: dict[str, str]) -> str:
    lines = [
        "# Metrics and dimensions",
        MADE,
        "Ask for them with `regie query --metrics spend,ctr --by platform,date`. A ratio is a sum "
        "over a sum, and empty when nothing divides; it is never stored and never averaged.",
        "## Metrics",
    ]
    for one in metrics().values():
        lines += [
            f"### `{one.name}`",
            "\n".join(
                [
                    f"- **{one.label}** · *{french.get(one.label, one.label)}*",
                    f"- {one.description}",
                    *([f"- *{french[one.description]}*"] if one.description in french else []),
                    f"- {_computed(one)}; unit: {one.unit.value}; better: {one.better}.",
                ]
            ),
        ]
    rows = [
        (f"`{one.name}`", one.label, french.get(one.label, one.label), _known_by(one.name))
        for one in DIMENSIONS.values()
    ]
    lines += ["## Dimensions", _table(("name", "English", "French", "known by"), rows)]
    return _page(lines)


def _computed(one: Metric) -> str:
    if isinstance(one, Ratio):
        text = f"`{one.numerator}` / `{one.denominator}`"
        text = f"{one.scale} × {text}" if one.scale != 1 else text
        return f"1 − {text}" if one.complement else text
    if isinstance(one, NonAdditive):
        return "cannot be added up: each value stands for its own row"
    if isinstance(one, Sum):
        other = f", else `{one.otherwise}`" if one.otherwise else ""
        claimed = ", claimed by the platforms" if one.claimed else ""
        return f"sum of `{one.fact}.{one.column}`{other}{claimed}"
    raise TypeError(f"{one.name} is of no known kind")


def _known_by(name: str) -> str:
    return ", ".join(sorted(DIMENSIONS[name].facts))


def formats_page() -> str:
    lines = [
        "# Formats of files",
        MADE,
        "Files are recognised by their content, not by their name. “Certainty” says how sure we "
        "are of the format; `regie import --format NAME` settles what cannot be decided.",
    ]
    found = sorted(formats().values(), key=lambda one: (one.origin, one.platform, one.name))
    rows = [(f"[`{f.name}`](#{f.name})", f.label, f.platform, f.fact, f.certainty) for f in found]
    lines.append(_table(("name", "what", "platform", "facts", "certainty"), rows))
    for one in found:
        lines += [f"## {one.name}", *_format(one)]
    return _page(lines)


def _format(one: Format) -> Iterable[str]:
    facts = [f"{one.label}. Platform `{one.platform}`, facts: {one.fact}."]
    if one.time_zone:
        facts.append(f"Its days are of {one.time_zone}.")
    if one.restated:
        facts.append(f"The platform may still change the last {one.restated} days.")
    if one.source:
        facts.append(f"Known from: {one.source.rstrip('.')}.")
    yield " ".join(facts)
    if one.notes:
        yield "\n".join(f"- {note}" for note in one.notes)
    yield _table(
        ("our word", "labels in the file"),
        [(f"`{column.name}`", _labels(column)) for column in one.columns],
    )


def _labels(column: Column) -> str:
    added = "".join(f"; plus {', '.join(labels)}" for labels in column.add)
    return ", ".join(column.labels) + added


def files_page() -> str:
    lines = [
        "# Our own plain files",
        MADE,
        "For what no platform exports alike: one CSV each, with the header in English or French, "
        "in UTF-8, separated by commas, semicolons or tabs. Columns in bold are needed; the "
        "others may be left out. Moments without an offset are of the organisation's time zone. "
        "An amount may carry the code of its currency (`1 234,56 EUR`), where that is the currency "
        "of its line.",
    ]
    for name in OWN:
        one = formats()[name]
        needed = {word for group in one.required if len(group) == 1 for word in group}
        rows = [
            (
                f"**`{column.labels[0]}`**" if column.name in needed else f"`{column.labels[0]}`",
                ", ".join(column.labels[1:]),
                MEANINGS[column.name],
            )
            for column in one.columns
        ]
        lines += [
            f"## {one.label.removesuffix(' (our own CSV)')}",
            f"```csv\n{EXAMPLES[name].strip()}\n```",
            _table(("column", "also read as", "what it is"), rows),
            "\n".join(f"- {note}" for note in one.notes),
        ]
    return _page([*lines, "## Any other table", _mapping()])


def _mapping() -> str:
    doc = inspect.getdoc(mapping) or ""
    return f"`regie import FILE --mapping FILE.toml`. {doc}"


def attribution_page(french: dict[str, str]) -> str:
    lines = [
        "# Models of attribution",
        MADE,
        "Ask for them with `regie attribute EVENTS.parquet --models linear,markov`. A rule shares "
        "one journey among its touches; a data-driven model learns from all paths, those that did "
        "not convert included. The credits of each add up to the conversions, and to their value.",
    ]
    for one in models().values():
        kind = "data-driven" if isinstance(one, DataDriven) else "rule"
        told = [f"- {one.description}", f"- *{french.get(one.description, one.description)}*"]
        title = f"- **{one.label}** · *{french.get(one.label, one.label)}* ({kind})"
        lines += [f"## `{one.name}`", "\n".join([title, *told])]
    return _page(lines)


def requirements_page() -> str:
    lines = [
        "# What is required, and what shows it",
        MADE,
        'A test says what it shows by `@pytest.mark.requirement("BM-12")`. '
        "`pytest -m requirement` runs all of them.",
    ]
    for title, part in PARTS:
        lines.append(f"## {title}")
        for requirement, meaning in part.items():
            tests = [one for one in shown() if one.requirement == requirement]
            told = [f"- {sentence(one.test)} · [{one.path}](../../{one.path})" for one in tests]
            lines += [f"### {requirement}", f"{meaning}.", "\n".join(told)]
    return _page(lines)


def commands_page() -> str:
    parser = argparse.ArgumentParser(prog="regie")
    commands = parser.add_subparsers()
    lines = [
        "# Commands",
        MADE,
        "Exit status: 0 done, 2 wrong use, 3 some lines or files were refused. With `--json` (or "
        "`--format json`) nothing but JSON goes to standard output.",
    ]
    for name in COMMANDS:
        importlib.import_module(f"regie.cli.{_MODULES.get(name, name)}").add_to(commands)
        about = next(one.help for one in commands._choices_actions if one.dest == name)
        actions = [a for a in commands.choices[name]._actions if a.dest != "help"]
        lines += [f"## `regie {name}`", f"{(about or '').capitalize()}."]
        if actions:
            lines.append(_table(("option", "what it says"), [_option(one) for one in actions]))
    return _page(lines)


def _option(action: argparse.Action) -> tuple[str, str]:
    value = _value(action)
    name = f"{', '.join(action.option_strings)} {value}".strip()
    needed = " (needed)" if action.required and action.option_strings else ""
    return f"`{name}`", f"{action.help or ''}{needed}"


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    if action.choices is not None:
        return "|".join(map(str, action.choices))
    if isinstance(action.metavar, str):
        return action.metavar
    return action.dest.upper()


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    for row in rows:
        cells = (str(cell).replace("|", "\\|") for cell in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


def known_words() -> set[str]:
    """Every name that a page of reference must explain."""
    return {*all_metrics(), *DIMENSIONS}


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
