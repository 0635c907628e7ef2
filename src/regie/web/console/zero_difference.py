"""The proof that bringing accounts in changes nothing that runs: each account before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.http import HttpResponse

from regie.apps.access import selectors as access
from regie.apps.access.services import Brought
from regie.apps.assets import selectors as assets
from regie.apps.organisations.models import Organisation
from regie.web.spreadsheets import as_csv

HEADER = ("what", "platform", "id", "name", "people_before", "people_who_gain",
          "people_who_lose", "campaigns_before", "campaigns_after",
          "campaigns_changed")  # fmt: skip


def as_proof(organisation: Organisation, brought: Brought) -> HttpResponse:
    """``brought`` is a trial: lines of the list, then the accounts that are there already."""
    return as_csv("regie-zero-difference", HEADER, _rows(organisation, brought))


def _rows(organisation: Organisation, brought: Brought) -> Iterator[tuple[object, ...]]:
    for one in brought.lines:
        line = one.line
        yield f"line: {one.state}", line.platform, line.external_id, line.name, *[""] * 6
    gained, lost = Counter[int](), Counter[int]()
    for effect in brought.effects:
        gained[effect.asset_id] += bool(effect.gained)
        lost[effect.asset_id] += bool(effect.lost)
    campaigns = brought.compared.campaigns if brought.compared else {}
    keys = sorted(campaigns)
    people = access.people_on(keys)
    for card in assets.cards(keys):
        key = card.key
        ran = campaigns[key]
        changed = gained[key] + lost[key] + ran.changed
        what = "account: changed" if changed else "account: unchanged"
        yield (
            what,
            card.platform,
            card.shown_id,
            card.label,
            people[key],
            gained[key],
            lost[key],
            ran.before,
            ran.after,
            ran.changed,
        )
    totals = [sum(one.values()) for one in (people, gained, lost)]
    totals += [
        sum(getattr(one, name) for one in campaigns.values())
        for name in ("before", "after", "changed")
    ]
    yield "all accounts", "", "", organisation.name, *totals
