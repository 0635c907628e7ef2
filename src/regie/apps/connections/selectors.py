"""Reads about imports, in the current context: row security hides those of others."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Min

from regie.apps.connections.models import UNHEARD, CurrencyRate, Import, Mapping, State
from regie.apps.connections.taking_back import Brought as Brought
from regie.apps.connections.taking_back import brought_by_partners as brought_by_partners
from regie.apps.connections.unnamed import told
from regie.apps.organisations.models import Organisation
from regie.ingestion.files.sheet import COMPLETES
from regie.kernel.errors import NotFound
from regie.kernel.i18n import Sentence, _, say
from regie.ui.csv_cells import Writer

LARGE = 1 << 20  # bytes: shorter files say nothing of the speed


@dataclass(frozen=True)
class RefusedLine:
    line: int
    column: str
    reason: Sentence


@dataclass(frozen=True)
class ImportCard:
    """What became of one file."""

    id: int
    batch: str
    organisation: str
    organisation_id: int
    file_name: str
    format: str
    platform: str
    state: str
    progress: float
    actor: str
    created_at: datetime
    finished_at: datetime | None
    rows_read: int
    rows_imported: int
    rows_refused: int
    rows_aside: int
    rows_replaced: int
    totals: dict[str, dict[str, str]]
    counts: dict[str, str]
    refused: list[RefusedLine]
    notes: list[Sentence]
    question: Sentence | None
    windows: list[dict[str, Any]]
    completes_id: int | None
    needs: list[str]
    answers_id: int | None
    started_at: datetime | None
    bytes: int
    stop_asked: bool
    answered_by: int | None = None
    withdrawn: tuple[int, ...] = ()  # accounts of which it no longer counts

    @property
    def unnamed(self) -> Sentence | None:
        """What to tell where the file named no account, and nobody has said it since."""
        return told(self.state, self.needs, self.platform)

    @property
    def can_undo(self) -> bool:
        return self.state == State.PUBLISHED


def _card(record: Import) -> ImportCard:
    return ImportCard(
        id=record.pk,
        batch=record.batch,
        organisation=record.organisation.name,
        organisation_id=record.organisation_id,
        file_name=record.file_name,
        format=record.format,
        platform=record.platform,
        state=record.state,
        progress=record.progress,
        actor=record.actor,
        created_at=record.created_at,
        finished_at=record.finished_at,
        rows_read=record.rows_read,
        rows_imported=record.rows_imported,
        rows_refused=record.rows_refused,
        rows_aside=record.rows_aside,
        rows_replaced=record.rows_replaced,
        totals=record.totals,
        counts=record.counts,
        refused=[
            RefusedLine(line["line"], line["column"], Sentence.from_json(line["reason"]))
            for line in record.refused
        ],
        notes=[Sentence.from_json(note) for note in record.notes],
        question=Sentence.from_json(record.question) if record.question else None,
        windows=record.windows,
        completes_id=record.completes_id,
        needs=record.needs,
        answers_id=record.answers_id,
        started_at=record.started_at,
        bytes=record.bytes,
        stop_asked=record.stop_asked,
        withdrawn=tuple(record.withdrawn),
    )


def imports_of(
    organisation_ids: Sequence[int], *, limit: int = 100, before: int | None = None
) -> list[ImportCard]:
    """Newest first; ``before`` is the number after which to go on."""
    found = Import.objects.filter(organisation_id__in=list(organisation_ids))
    if before is not None:
        found = found.filter(pk__lt=before)
    return [_card(one) for one in found.select_related("organisation").order_by("-pk")[:limit]]


def bytes_per_second(organisation_ids: Sequence[int]) -> float | None:
    """How fast the last large files were read here; None where there was none yet."""
    done = Import.objects.filter(
        organisation_id__in=list(organisation_ids), state=State.PUBLISHED, bytes__gte=LARGE,
        started_at__isnull=False, finished_at__isnull=False,
    ).order_by("-pk").values_list("bytes", "started_at", "finished_at")[:9]  # fmt: skip
    speeds = sorted(
        size / max((end - start).total_seconds(), 0.1) for size, start, end in done if start and end
    )
    return speeds[len(speeds) // 2] if speeds else None


def first_published_at(organisation_ids: Sequence[int]) -> datetime | None:
    """When the first of the imports that stand came in."""
    found = Import.objects.filter(organisation_id__in=list(organisation_ids), state=State.PUBLISHED)
    first: datetime | None = found.aggregate(first=Min("created_at"))["first"]
    return first


def imports_in_batch(batch: str) -> list[ImportCard]:
    found = Import.objects.filter(batch=batch).select_related("organisation").order_by("pk")
    return [_card(one) for one in found]


def import_detail(import_id: int) -> ImportCard:
    """Raises ``NotFound`` where there is none, or none that may be seen."""
    found = _card(_one(import_id))
    later = Import.objects.filter(answers_id=import_id).exclude(state__in=UNHEARD)
    return replace(found, answered_by=later.order_by("-pk").values_list("pk", flat=True).first())


def refused_csv(import_id: int) -> tuple[str, str]:
    """File name and text of the refused lines, ready to be mended and sent again."""
    record = _one(import_id)
    out = io.StringIO()
    out.write(f"{COMPLETES}{record.pk}\r\n")
    writer = Writer(out)
    writer.row(record.header)
    writer.rows(line["cells"] for line in record.refused)
    return f"refused-{record.pk}-{record.file_name.rsplit('.', 1)[0]}.csv", out.getvalue()


def _one(import_id: int) -> Import:
    record = Import.objects.filter(pk=import_id).select_related("organisation").first()
    if record is None:
        raise NotFound(say(_("There is no import {number}."), number=import_id))
    return record


def rates_stamp() -> tuple[int, int]:
    """Changes whenever the rates that may be seen do."""
    found = CurrencyRate.objects.aggregate(Count("pk"), Max("pk"))
    return found["pk__count"], found["pk__max"] or 0


def rates(organisation_ids: Sequence[int], to_currency: str) -> list[tuple[str, date, Decimal]]:
    """``(from, day, rate)`` into ``to_currency``; stated the other way round, it is inverted.

    A rate of an organisation above holds too; one's own of the same day goes before it.
    """
    found: dict[tuple[str, date], Decimal] = {}
    paths = Organisation.objects.filter(pk__in=list(organisation_ids)).values_list("path")
    lines = [[int(one) for one in path.strip("/").split("/")] for (path,) in paths]
    # The organisation above may not be seen, only its rates: they are sorted without its row.
    depth = {one: place for line in lines for place, one in enumerate(line)}
    stated = sorted(
        CurrencyRate.objects.filter(organisation_id__in={*depth, *organisation_ids}).values_list(
            "organisation_id", "pk", "from_currency", "to_currency", "date", "rate"
        ),
        key=lambda row: (depth.get(row[0], 0), row[1]),
    )
    for _owner, _key, from_, to, day, rate in stated:
        if from_ == to_currency:
            found[to, day] = 1 / rate
    for _owner, _key, from_, to, day, rate in stated:
        if to == to_currency:
            found[from_, day] = rate
    return [(currency, day, rate) for (currency, day), rate in found.items()]


def last_import_at(organisation_ids: Sequence[int]) -> dict[int, tuple[str, datetime | None]]:
    """File name and time of each published import, by number."""
    found = Import.objects.filter(
        organisation_id__in=list(organisation_ids), state=State.PUBLISHED
    ).values_list("pk", "file_name", "finished_at")
    return {pk: (name, at) for pk, name, at in found}


def files_of(import_ids: Iterable[int]) -> dict[int, tuple[str, datetime | None]]:
    """File name and time of imports by number, of those that may be seen."""
    found = Import.objects.filter(pk__in=list(import_ids))
    return {pk: (name, at) for pk, name, at in found.values_list("pk", "file_name", "finished_at")}


@dataclass(frozen=True)
class DescribedTable:
    id: int
    name: str
    fact: str
    columns: dict[str, str]


def tables_of(organisation_id: int) -> list[DescribedTable]:
    """What the organisation itself described, by name."""
    found = Mapping.objects.filter(organisation_id=organisation_id).order_by("name")
    return [
        DescribedTable(
            one.pk, one.name, str(one.description.get("fact", "")), one.description["columns"]
        )
        for one in found
    ]
