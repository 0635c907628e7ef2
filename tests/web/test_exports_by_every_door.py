"""Every sample export gives the totals of its manifest: by the command, and by the upload page."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regie.apps.access.context import acting_as
from regie.apps.connections import selectors, services
from regie.cli.main import main
from tests.cast import Cast
from tests.ingestion.test_exports_totals import IN_COUNTS, IN_TOTALS, MANIFEST, MONEY
from tests.installation import shared
from tests.web.test_every_page import signed_in

__all__ = ["shared"]
# No report of Business Profile says its days.
SEPTEMBER = {"google_business_profile_insights_en.csv": "2026-09-01..2026-09-30"}


def stated(name: str) -> Iterator[tuple[str, str, Decimal]]:
    """``(name, currency, value)`` of each total of the manifest; "#" for what is only counted."""
    totals = MANIFEST[name]["totals"]
    for word, value in totals.items():
        metric = IN_TOTALS.get(word, "")
        if metric == "clicks" and MANIFEST[name]["platform"] == "tiktok_ads":
            metric = "link_clicks"
        if metric:
            code = totals.get("currency", "") if metric in MONEY else ""
            yield metric, code, Decimal(str(value))
        elif word in IN_COUNTS:
            yield IN_COUNTS[word], "#", Decimal(str(value))


def told(totals: dict[str, Any], counts: dict[str, Any]) -> set[tuple[str, str, Decimal]]:
    found = {(name, code, Decimal(v)) for name, by in totals.items() for code, v in by.items()}
    return found | {(name, "#", Decimal(str(value))) for name, value in counts.items()}


@pytest.mark.slow
def test_the_command_says_the_totals_of_each(
    cast: Cast, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, name in enumerate(MANIFEST):
        period = ("--period", SEPTEMBER[name]) if name in SEPTEMBER else ()
        path = shared / "exports" / name
        here = ("--organisation", cast.nantes.slug, "--account", f"account {number}")
        assert main(["import", str(path), *period, *here, "--json"]) == 0, name
        (file,) = json.loads(capsys.readouterr().out)["files"]

        assert set(stated(name)) <= told(file["totals"], file["counts"]), name
        assert file["rows_read"] == file["rows_imported"] + file["rows_total_or_skipped"], name
        assert file["rows_imported"] == MANIFEST[name]["totals"].get("rows", file["rows_read"])


@pytest.mark.slow
def test_the_upload_page_says_the_totals_of_each(cast: Cast, shared: Path) -> None:
    client = signed_in(cast.chloe, "en")
    for number, name in enumerate(MANIFEST):
        upload = SimpleUploadedFile(name, (shared / "exports" / name).read_bytes())
        said = {"account": f"account {number}", "period": SEPTEMBER.get(name, "")}
        assert client.post("/imports/", {"upload": [upload], **said}).status_code == 302, name
        with acting_as(cast.chloe):
            (newest,) = selectors.imports_of([cast.nantes.pk], limit=1)
        services.run_batch(newest.batch, actor=cast.chloe)  # as the worker does

        with acting_as(cast.chloe):
            card = selectors.import_detail(newest.id)
        assert set(stated(name)) <= told(card.totals, card.counts), name
        shown = _figures(client.get(f"/imports/{newest.id}/").content.decode())
        assert {value for _name, _code, value in stated(name)} <= shown, name


def _figures(page: str) -> set[Decimal]:
    """The amounts and counts of the panel of totals, whatever stands around them."""
    panel = page[page.index('id="totals-title"') :].partition("</section>")[0]
    cells = [html.unescape(cell) for cell in re.findall(r"<dd>(.*?)</dd>", panel)]
    return {Decimal(re.sub(r"[^\d.-]", "", cell)) for cell in cells}
