"""The table of the report: one row for each platform, account, campaign, ad group or ad.

A row opens the level beneath it; totals come from the answer's own sums, never from the rows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from regie.domain.metrics.catalog import all_metrics, metrics
from regie.domain.metrics.query import Answer, Query
from regie.domain.platforms import UNNAMED
from regie.kernel.i18n import _
from regie.ui import figures
from regie.ui.platforms import platform
from regie.web.report import unfolding
from regie.web.report.asked import TABLE, Asked, row_key
from regie.web.report.results import RESULTS
from regie.web.report.state import LEVELS, PATH, ReportState

PAGE = 50
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
}
OF_PLATFORMS = (
    "spend", "impressions", "clicks", "link_clicks", "ctr", "cpc", "conversions",
    "conversion_value", "roas_claimed",
)  # fmt: skip
MEDIA = {"paid": _("Paid media"), "earned": _("Earned media"), "owned": _("Owned media")}
# Offered where visits are known by it, and shown when chosen.
ATTRIBUTED = (
    "attributed_conversions", "attributed_value", "attributed_cpa", "attributed_roas",
    "attributed_leads", "attributed_cpl", "attributed_calls", "attributed_cost_per_call",
)  # fmt: skip
KNOW_VISITS = ("platform", "campaign", "channel", "media", "organisation")
OF_OURS = ("visits", "orders", "revenue")
OF_MEDIA = ("spend", "impressions", "clicks", "visits", "leads_received", "orders", "revenue")
OF_ORGANISATIONS = ("spend", "clicks", "leads_received", "orders", "revenue", "cpa", "roas")


@dataclass(frozen=True)
class Column:
    name: str
    label: str
    description: str
    sort_address: str
    sorted: str  # ascending | descending | ""


@dataclass(frozen=True)
class Cell:
    """A figure of the table, and the address that says where it comes from."""

    figure: figures.Figure
    explained: str


@dataclass(frozen=True)
class Row:
    """``fold`` is the address that shows or hides what is inside the row, beneath it.

    ``depth`` says how deep inside others it stands; ``inside`` names the row that it is in.
    """

    name: str
    colour: str
    under: str
    address: str
    values: Sequence[Cell]
    share: float
    fold: str = ""
    is_open: bool = False
    depth: int = 0
    inside: str = ""
    hidden: int = 0  # rows inside it that are too many to be shown here


@dataclass(frozen=True)
class Breakdown:
    split: str
    split_label: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    totals: Sequence[Cell]
    count: int
    page: int
    pages: int
    first: int
    last: int
    all: int = 0  # how many rows there are, of which ``count`` have the name that is sought


def columns_of(split: str, *, results: bool = False) -> tuple[str, ...]:
    if results:
        return RESULTS
    own = {
        "channel": OF_OURS, "organisation": OF_ORGANISATIONS, "beneficiary": OF_ORGANISATIONS,
        "media": OF_MEDIA,
    }  # fmt: skip
    wanted = own.get(split, OF_PLATFORMS)
    return tuple(name for name in wanted if name in metrics())


def columns_offered(state: ReportState) -> tuple[str, ...]:
    usual = columns_of(state.shown_split, results=state.shows_results)
    if state.shows_results or state.shown_split not in KNOW_VISITS:
        return usual
    return (*usual, *ATTRIBUTED)


def table_kind(state: ReportState) -> str:
    """Tables with the same columns share the choice among them."""
    if state.shows_results:
        return "results"
    return state.shown_split if state.shown_split not in LEVELS else "delivery"


def columns_shown(state: ReportState) -> tuple[str, ...]:
    """Those chosen for this kind of table; without a choice, the usual ones."""
    offered, kind = columns_offered(state), table_kind(state)
    chosen = tuple(name for name in offered if f"{kind}.{name}" in state.columns)
    return chosen or columns_of(state.shown_split, results=state.shows_results)


def question(state: ReportState) -> Query:
    split = state.shown_split
    # The platform goes with every account and campaign, for its colour and its name.
    above = ("platform",) if split in LEVELS[1:] else ()
    return Query(
        metrics=columns_shown(state),
        by=(*above, split),
        period=state.period,
        where=state.where,
        currency=state.money,
    )


def breakdown(
    state: ReportState,
    answer: Answer,
    organisations: Mapping[str, str] | None = None,
    inside: Inside | None = None,
) -> Breakdown:
    """``inside`` answers for the level beneath a row, where rows can be opened in place."""
    split, names = state.shown_split, columns_shown(state)
    key, descending = _sorting(state, names)
    ordered = in_order(state, answer, organisations)
    pages = max(1, -(-len(ordered) // PAGE))
    page = min(state.page, pages)
    shown = ordered[(page - 1) * PAGE : page * PAGE]
    largest = max((Decimal(row.get(names[0]) or 0) for row in ordered), default=Decimal(0))
    table = _Table(state, names, largest, organisations or {}, inside, _owners(answer))
    return Breakdown(
        split=split,
        split_label=gettext(NAMES[split]),
        columns=[_column(state, name, key, descending) for name in names],
        rows=list(_rows(table, state, shown)),
        totals=[_cell(Asked(state, name, TABLE), answer.totals.get(name)) for name in names],
        count=len(ordered),
        all=len(answer.rows),
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1 if ordered else 0,
        last=(page - 1) * PAGE + len(shown),
    )


def in_order(
    state: ReportState, answer: Answer, organisations: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """The rows that have the name that is sought, as the page sorts them."""
    split, names = state.shown_split, columns_shown(state)
    key, descending = _sorting(state, names)
    found, wanted = answer.rows, plain(state.find)
    if wanted:
        found = [row for row in found if wanted in plain(row_name(row, split, organisations))]
    return sorted(found, key=lambda row: _rank(row, key, split, descending), reverse=descending)


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


def _rows(
    table: _Table,
    state: ReportState,
    rows: Sequence[dict[str, Any]],
    above: Sequence[str] = (),
    parent: str = "",
) -> Iterator[Row]:
    """Rows of ``state``, each followed by what is inside it where it is open."""
    for row in rows:
        shown = _row(table, state, row)
        inner = unfolding.inner(state, row.get(state.shown_split), _slug(state, row))
        if table.inside is None or inner is None:
            yield replace(shown, depth=len(above), inside=parent)
            continue
        key = unfolding.key(above, state.shown_split, row[state.shown_split])
        is_open = key in table.root.opened
        answer = table.inside(inner) if is_open else None
        within = in_order(inner, answer) if answer else []
        yield replace(
            shown,
            fold=table.root.address(opened=unfolding.turned(table.root.opened, key)),
            is_open=is_open,
            depth=len(above),
            inside=parent,
            hidden=max(0, len(within) - PAGE),
        )
        yield from _rows(table, inner, within[:PAGE], [*above, key], shown.name)


def _under(table: _Table, state: ReportState, row: Mapping[str, Any], slug: str) -> str:
    """Whose it is: the platform where that is not above, and the owner of an account."""
    said = [platform(slug).name] if slug and state.shown_split != "platform" else []
    if state.depth:
        said = []
    if state.shown_split == "account" and len(table.organisations) > 1:
        owner = table.owners.get((slug, row_name(dict(row), "account")), "")
        said += [table.organisations[owner]] if owner in table.organisations else []
    return " · ".join(said)


def _owners(answer: Answer) -> dict[tuple[str, str], str]:
    """The organisation of each account, by its platform and name."""
    return {(one["platform"], one["account"]): one["organisation"] for one in answer.freshness}


def _slug(state: ReportState, row: Mapping[str, Any]) -> str:
    return str(row.get("platform") or dict(state.path).get("platform", ""))


def _sorting(state: ReportState, names: tuple[str, ...]) -> tuple[str, bool]:
    key = state.sort.removeprefix("-")
    if key in names or key == state.shown_split:
        return key, state.sort.startswith("-")
    return names[0], True


def _rank(row: dict[str, Any], key: str, split: str, descending: bool) -> tuple[Any, ...]:
    name = row_name(row, split).casefold()
    if key == split:
        return (name,)
    value = row.get(key)
    # What is missing goes last whichever way one sorts.
    known = value is not None
    return (known == descending, Decimal(value or 0), name)


def _column(state: ReportState, name: str, key: str, descending: bool) -> Column:
    metric = all_metrics()[name]
    is_key = name == key
    turned = name if is_key and descending else f"-{name}"
    return Column(
        name=name,
        label=gettext(metric.label),
        description=gettext(metric.description),
        sort_address=state.address(sort=turned, page=1),
        sorted=("descending" if descending else "ascending") if is_key else "",
    )


def _row(table: _Table, state: ReportState, row: dict[str, Any]) -> Row:
    split, slug = state.shown_split, _slug(state, row)
    value = Decimal(row.get(table.names[0]) or 0)
    share = min(1.0, float(value / table.largest)) if table.largest else 0.0
    return Row(
        name=row_name(row, split, table.organisations),
        colour=platform(slug).colour if slug else "",
        under=_under(table, state, row, slug),
        address=_deeper(state, row, slug),
        values=[
            _cell(Asked(state, name, TABLE, row_key(split, row.get(split)), slug), row.get(name))
            for name in table.names
        ],
        share=share,
    )


def _deeper(state: ReportState, row: dict[str, Any], slug: str) -> str:
    split, value = state.shown_split, row.get(state.shown_split)
    if value in (None, ""):
        return ""
    if split in {"channel", "media"}:
        # Neither is above or below a platform: opening one keeps only what is of it.
        narrowed = replace(state.only(split, str(value)), sort="")
        return replace(narrowed, split="channel" if split == "media" else "media").address()
    if split not in PATH[:-1]:
        return ""
    if split == "account":
        # By its number: two platforms may call an account by the same name.
        value = row_key(split, value)
    above = {"platform": slug} if slug else {}
    return state.into(split, str(value), **above).address()


def row_name(
    row: dict[str, Any], split: str, organisations: Mapping[str, str] | None = None
) -> str:
    value = row.get(f"{split}_label") or row.get(split)
    if value in (None, ""):
        return gettext("Not given")
    if split == "account" and not row.get("account_label"):
        return gettext(UNNAMED)
    if split == "organisation":
        return (organisations or {}).get(str(value), str(value))
    if split == "media":
        return gettext(MEDIA[value]) if value in MEDIA else str(value)
    return platform(str(value)).name if split == "platform" else str(value)


def _cell(asked: Asked, value: Any) -> Cell:
    text = figures.exact(value, all_metrics()[asked.name].unit, asked.state.money)
    reason = _why_missing(asked) if value is None else ""
    return Cell(figures.Figure(text, text, value is None, reason), asked.address())


def _why_missing(asked: Asked) -> str:
    if asked.state.shows_results and asked.state.shown_split == "ad" and asked.name != "spend":
        return gettext("Orders and visits name their campaign, not their ad.")
    if asked.name in {"cpa", "cpl_received"}:
        return gettext("No sale.") if asked.name == "cpa" else gettext("No lead.")
    return gettext("Not reported, or nothing to divide by.")
