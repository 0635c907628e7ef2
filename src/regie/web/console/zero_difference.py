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
          "people_who_lose")  # fmt: skip


def as_proof(organisation: Organisation, brought: Brought) -> HttpResponse:
    """``brought`` is a trial: lines of the list, then the accounts that are there already."""
    return as_csv("regie-zero-difference", HEADER, _rows(organisation, brought))


def _rows(organisation: Organisation, brought: Brought) -> Iterator[tuple[object, ...]]:
    for one in brought.lines:
        line = one.line
        yield f"line: {one.state}", line.platform, line.external_id, line.name, "", "", ""
    gained, lost = Counter[int](), Counter[int]()
    for effect in brought.effects:
        gained[effect.asset_id] += bool(effect.gained)
        lost[effect.asset_id] += bool(effect.lost)
    keys = assets.keys_in([organisation.pk])
    people = Counter(one.asset_id for one in access.accesses_on(keys) if one.permissions)
    for card in assets.cards(keys):
        key = card.key
        changed = gained[key] + lost[key]
        what = "account: changed" if changed else "account: unchanged"
        yield what, card.platform, card.shown_id, card.label, people[key], gained[key], lost[key]
    totals = [sum(one.values()) for one in (people, gained, lost)]
    yield "all accounts", "", "", organisation.name, *totals
