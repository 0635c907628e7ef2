"""The table of the report: one row for each platform, account, campaign, ad group or ad.

A row opens the level beneath it; totals come from the answer's own sums, never from the rows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from regie.domain.metrics.catalog import all_metrics
from regie.domain.metrics.comparison import GONE, standing
from regie.domain.metrics.planning import OWNER
from regie.domain.metrics.query import CHANGE, Answer, Query
from regie.domain.platforms import UNNAMED
from regie.kernel.i18n import _
from regie.ui import figures
from regie.ui.platforms import platform
from regie.web.channels import channel_name
from regie.web.report import twins, unfolding
from regie.web.report.asked import TABLE, Asked, row_key
from regie.web.report.columns import shown
from regie.web.report.missing import why_missing
from regie.web.report.moves import move, sorting_value, standing_word
from regie.web.report.rows import Breakdown, Cell, Column, Row
from regie.web.report.state import LEVELS, PATH, ReportState

PAGE = 50
COMPARABLE = ("campaign", "ad")
Inside = Callable[[ReportState], Answer | None]
NAMES = {
    "platform": _("Platform"),
    "account": _("Account"),
    "campaign": _("Campaign"),
    "ad_group": _("Ad group"),
    "ad": _("Ad"),
    "organisation": _("Organisation"),
    "beneficiary": _("Beneficiary"),
    "channel": _("Channel"),
    "media": _("Media"),
    "event": _("Event of your own"),
}
PLURALS = {
    "platform": _("Platforms"),
    "account": _("Accounts"),
    "campaign": _("Campaigns"),
    "ad_group": _("Ad groups"),
    "ad": _("Ads"),
    "organisation": _("Organisations"),
    "beneficiary": _("Beneficiaries"),
    "channel": _("Channels"),
    "media": _("Paid, earned, owned"),
    "event": _("Events of your own"),
}
# What is of a campaign and of none of its ads.
UNTIED = {"ad_group": _("Not tied to an ad group"), "ad": _("Not tied to an ad")}
MEDIA = {"paid": _("Paid media"), "earned": _("Earned media"), "owned": _("Owned media")}


def question(state: ReportState, names: Sequence[str] = ()) -> Query:
    """``names`` are the columns; without them, those that the state shows."""
    split = state.shown_split
    # The platform goes with every account and campaign, for its colour and its name.
    above = ("platform",) if split in LEVELS[1:] else ()
    return Query(
        metrics=tuple(names) or shown(state),
        by=(*above, split),
        period=state.period,
        where=state.where,
        currency=state.money,
        spares=True,
    )


def breakdown(
    state: ReportState,
    answer: Answer,
    organisations: Mapping[str, str] | None = None,
    inside: Inside | None = None,
    campaigns: Mapping[tuple[str, str], str] | None = None,
    accounts: Mapping[int, str] | None = None,
) -> Breakdown:
    """``inside`` answers for the level beneath a row, where rows can be opened in place;
    ``campaigns`` names those of ads, by platform and ad, ``accounts`` those that have twins."""
    split, names = state.shown_split, shown(state)
    ordered = in_order(state, answer, organisations)
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(state.page, pages)
    here = ordered[(page - 1) * PAGE : page * PAGE]
    largest = max((Decimal(row.get(names[0]) or 0) for row in ordered), default=Decimal(0))
    table = _Table(
        root=state,
        names=names,
        largest=largest,
        organisations=organisations or {},
        inside=inside,
        owners=_owners(answer),
        answer=answer,
        campaigns=campaigns or {},
        accounts=accounts or {},
    )
    there = answer.compared_with
    return Breakdown(
        split=split,
        split_label=gettext(NAMES[split]),
        columns=_columns(table, answer),
        rows=list(_rows(table, state, here, known=twins.of(state, answer))),
        totals=[_cell(table, Asked(state, name, TABLE), answer.totals) for name in names],
        count=len(ordered),
        all=len(answer.rows),
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1 if ordered else 0,
        last=(page - 1) * PAGE + len(here),
        gone=sum(_is_gone(row, names) for row in ordered) if there else 0,
        gone_first=state.address(sort=f"{names[0]}{CHANGE}", page=1),
        beside=figures.days(there.start, there.end) if there else "",
        empty=_empty_columns(table, answer),
    )


def _is_gone(row: Mapping[str, Any], names: Sequence[str]) -> bool:
    return row.get(names[0]) is None and standing(row, names) == GONE


def _empty_columns(table: _Table, answer: Answer) -> list[tuple[str, str]]:
    """Said in words: the reason of a dash is only seen by those who point at it."""
    state, found = table.root, []
    for name in table.names:
        if answer.totals.get(name) is None and all(row.get(name) is None for row in answer.rows):
            reason = why_missing(Asked(state, name, TABLE), {}, answer)
            found.append((gettext(all_metrics()[name].label), reason))
    return found if answer.rows else []


def in_order(
    state: ReportState,
    answer: Answer,
    organisations: Mapping[str, str] | None = None,
    names: Sequence[str] = (),
) -> list[dict[str, Any]]:
    """The rows that have the name that is sought, as the page sorts them."""
    split, names = state.shown_split, tuple(names) or shown(state)
    key, descending = _sorting(state, names, answer)
    found, wanted = answer.rows, plain(state.find)
    if wanted:
        found = [row for row in found if wanted in plain(row_name(row, split, organisations))]

    def rank(row: dict[str, Any]) -> tuple[Any, ...]:
        name = row_name(row, split).casefold()
        if key == split:
            return (name,)
        value = sorting_value(row, key, names)
        # What is missing goes last whichever way one sorts.
        return ((value is not None) == descending, value or Decimal(0), name)

    return sorted(found, key=rank, reverse=descending)


def plain(text: str) -> str:
    """“Été” is found by “ete”."""
    apart = unicodedata.normalize("NFD", text)
    return "".join(one for one in apart if not unicodedata.combining(one)).casefold().strip()


@dataclass(frozen=True)
class _Table:
    """What all rows of a table share, those inside others too. ``root`` is the page's state."""

    root: ReportState
    names: tuple[str, ...]
    largest: Decimal
    organisations: Mapping[str, str]
    inside: Inside | None
    owners: Mapping[tuple[str, str], str]
    answer: Answer
    campaigns: Mapping[tuple[str, str], str]
    accounts: Mapping[int, str]


def _rows(
    table: _Table,
    state: ReportState,
    rows: Sequence[dict[str, Any]],
    above: Sequence[str] = (),
    parent: str = "",
    known: Set[Any] = frozenset(),
) -> Iterator[Row]:
    """Rows of ``state``, each followed by what is inside it where it is open."""
    of_table = state
    for row in rows:
        state = twins.apart(of_table, row, known)
        shown = _row(table, state, row)
        if twins.is_of_either(of_table, row, known):
            yield _of_either(table, state, row, shown, depth=len(above), inside=parent)
            continue
        if state is not of_table and row.get(OWNER) in table.accounts:
            said = [_under(table, of_table, row, _slug(state, row)), table.accounts[row[OWNER]]]
            shown = replace(shown, under=" · ".join(filter(None, said)))
        inner = unfolding.inner(state, row.get(state.shown_split), _slug(state, row))
        if table.inside is None or inner is None:
            yield replace(shown, depth=len(above), inside=parent)
            continue
        key = unfolding.key(above, state.shown_split, row[state.shown_split])
        is_open = key in table.root.opened
        answer = table.inside(inner) if is_open else None
        within = in_order(inner, answer, names=table.names) if answer else []
        yield replace(
            shown,
            fold=table.root.address(opened=unfolding.turned(table.root.opened, key)),
            is_open=is_open,
            depth=len(above),
            inside=parent,
            hidden=max(0, len(within) - PAGE),
        )
        yield from _rows(table, inner, within[:PAGE], [*above, key], shown.name)


def _of_either(
    table: _Table, state: ReportState, row: dict[str, Any], shown: Row, **where: Any
) -> Row:
    """What was sold for one of several campaigns of one id: it opens no one of them."""
    key = f"{twins.OF_EITHER}{row[state.shown_split]}"
    cells = [
        replace(cell, explained=Asked(state, name, TABLE, key).address())
        for name, cell in zip(table.names, shown.values, strict=True)
    ]
    under = gettext("For one of the campaigns of this name")
    return replace(shown, address="", values=cells, under=under, pick="", **where)


def _under(table: _Table, state: ReportState, row: Mapping[str, Any], slug: str) -> str:
    """Whose it is: the platform where that is not above, and the owner of an account."""
    said = [platform(slug).name] if slug and state.shown_split != "platform" else []
    if state.depth:
        said = []
    if state.shown_split == "ad" and (above := table.campaigns.get((slug, str(row.get("ad"))))):
        said.append(above)
    if state.shown_split == "account" and len(table.organisations) > 1:
        owner = table.owners.get((slug, row_name(dict(row), "account")), "")
        said += [table.organisations[owner]] if owner in table.organisations else []
    return " · ".join(said)


def _owners(answer: Answer) -> dict[tuple[str, str], str]:
    """The organisation of each account, by its platform and name."""
    return {(one["platform"], one["account"]): one["organisation"] for one in answer.freshness}


def _slug(state: ReportState, row: Mapping[str, Any]) -> str:
    return str(row.get("platform") or dict(state.path).get("platform", ""))


def _sorting(state: ReportState, names: tuple[str, ...], answer: Answer) -> tuple[str, bool]:
    key = state.sort.removeprefix("-")
    changes = [f"{name}{CHANGE}" for name in names] if answer.compared_with else []
    if key in (*names, *changes, state.shown_split):
        return key, state.sort.startswith("-")
    return names[0], True


def _columns(table: _Table, answer: Answer) -> list[Column]:
    state = table.root
    key, descending = _sorting(state, table.names, answer)
    found = []
    for name in table.names:
        metric, by_change = all_metrics()[name], f"{name}{CHANGE}"
        way = "descending" if descending else "ascending"
        found.append(
            Column(
                name=name,
                label=gettext(metric.label),
                description=gettext(metric.description),
                sort_address=_sorted_by(state, name, key, descending),
                sorted=way if name == key else "",
                change_address=_sorted_by(state, by_change, key, descending)
                if answer.compared_with
                else "",
                change_sorted=way if by_change == key else "",
            )
        )
    return found


def _sorted_by(state: ReportState, name: str, key: str, descending: bool) -> str:
    """The largest first, and the smallest when it is asked again."""
    turned = name if name == key and descending else f"-{name}"
    return state.address(sort=turned, page=1)


def _row(table: _Table, state: ReportState, row: dict[str, Any]) -> Row:
    split, slug = state.shown_split, _slug(state, row)
    value = Decimal(row.get(table.names[0]) or 0)
    share = min(1.0, max(0.0, float(value / table.largest))) if table.largest > 0 else 0.0
    kind = standing(row, table.names) if table.answer.compared_with else ""
    return Row(
        name=row_name(row, split, table.organisations),
        colour=platform(slug).colour if slug else "",
        under=_under(table, state, row, slug),
        address=_deeper(state, row, slug),
        values=[
            _cell(table, Asked(state, name, TABLE, row_key(split, row.get(split)), slug), row, kind)
            for name in table.names
        ],
        share=share,
        standing=standing_word(kind),
        pick=pick_of(split, row, slug),
    )


def _deeper(state: ReportState, row: dict[str, Any], slug: str) -> str:
    split, value = state.shown_split, row.get(state.shown_split)
    if value in (None, ""):
        return ""
    if split in {"channel", "media", "event"}:
        # None is above or below a platform: opening one keeps only what is of it.
        narrowed = replace(state.only(split, str(value)), sort="")
        return replace(narrowed, split="media" if split == "channel" else "channel").address()
    if split not in PATH[:-1]:
        return ""
    if split == "account":
        # By its number: two platforms may call an account by the same name.
        value = row_key(split, value)
    above = {"platform": slug} if slug else {}
    return state.into(split, str(value), **above).address()


def pick_of(split: str, row: Mapping[str, Any], slug: str) -> str:
    """What names an ad or a campaign that may be laid beside another."""
    value = row.get(split)
    if split not in COMPARABLE or value in (None, ""):
        return ""
    return f"ad.{slug}~{value}" if split == "ad" else f"{split}.{value}"


def row_name(
    row: dict[str, Any], split: str, organisations: Mapping[str, str] | None = None
) -> str:
    value = row.get(f"{split}_label") or row.get(split)
    if value in (None, ""):
        return gettext(UNTIED.get(split, _("Not given")))
    if split == "account" and not row.get("account_label"):
        return gettext(UNNAMED)
    if split == "organisation":
        return (organisations or {}).get(str(value), str(value))
    if split == "channel":
        return channel_name(str(value))
    if split == "media":
        return gettext(MEDIA[value]) if value in MEDIA else str(value)
    return platform(str(value)).name if split == "platform" else str(value)


def _cell(table: _Table, asked: Asked, row: Mapping[str, Any], kind: str = "") -> Cell:
    value, currency = row.get(asked.name), asked.state.money
    text = figures.exact(value, all_metrics()[asked.name].unit, currency)
    reason = why_missing(asked, row, table.answer) if value is None else ""
    moved = move(row, asked.name, kind, currency) if table.answer.compared_with else None
    return Cell(figures.Figure(text, text, value is None, reason), asked.address(), moved)
