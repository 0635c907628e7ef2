"""Rules and labels as lists: a table of campaigns and whom they work for, line by line.

A line names what it looks for in the column called so (campaign ID, campaign, label, pattern …),
or in ``by`` and ``value`` as our own file does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from regie.apps.accounts.models import User
from regie.apps.beneficiaries.ruling import NewRule, checked, may_rule
from regie.apps.beneficiaries.targets import Targets
from regie.domain.beneficiaries.rules import (
    AD_GROUP,
    CAMPAIGN,
    ID,
    LABEL,
    LOCATION,
    NAME,
    PATTERN,
)
from regie.ingestion.files.lists import Row, fold, read_list
from regie.kernel.errors import RegieError, WrongUse
from regie.kernel.i18n import Sentence, _, say

MOST_LINES = 20_000
_LOOKS = {
    "campaign_id": (CAMPAIGN, ID),
    "campaign": (CAMPAIGN, NAME),
    "ad_group_id": (AD_GROUP, ID),
    "ad_group": (AD_GROUP, NAME),
    "label": (CAMPAIGN, LABEL),
    "pattern": (CAMPAIGN, PATTERN),
}
NAMES = {
    "account": ("account", "account id", "compte", "id du compte"),
    "level": ("level", "niveau"),
    "by": ("by", "par"),
    "value": ("value", "valeur"),
    "beneficiary": ("beneficiary", "beneficiaire", "organisation", "location", "lieu",
                    "etablissement", "franchisee", "franchise"),
    "from": ("from", "first day", "du", "premier jour", "debut"),
    "to": ("to", "last day", "au", "dernier jour", "fin"),
    "campaign_id": ("campaign id", "id de la campagne", "id campagne"),
    "campaign": ("campaign", "campaign name", "campagne", "nom de la campagne"),
    "ad_group_id": ("ad group id", "id du groupe d annonces", "id du groupe d'annonces"),
    "ad_group": ("ad group", "ad set", "groupe d'annonces", "groupe d annonces",
                 "ensemble de publicites"),
    "label": ("label", "labels", "libelle", "etiquette"),
    "pattern": ("pattern", "motif", "modele"),
}  # fmt: skip
_WAYS = {
    ID: {"id"}, NAME: {"name", "nom"}, LABEL: {"label", "libelle", "etiquette"},
    PATTERN: {"pattern", "motif", "modele"},
}  # fmt: skip
_LEVELS = {
    CAMPAIGN: {"", "campaign", "campagne"},
    AD_GROUP: {"ad group", "groupe d'annonces", "groupe d annonces", "ad set", "ad_group"},
    LOCATION: {"location", "lieu", "etablissement"},
}
COLUMNS = ("account", "level", "by", "value", "beneficiary", "from", "to")


@dataclass(frozen=True)
class Problem:
    line: int
    text: str
    problem: Sentence
    hint: Sentence


@dataclass(frozen=True)
class Listed:
    """Rules that make sense, and the lines that do not."""

    rules: Sequence[NewRule]
    problems: Sequence[Problem]


def read_rules(*, actor: User | None, asset_id: int, path: Path) -> Listed:
    """Raises ``WrongUse`` where columns are missing, ``UnreadableFile`` for what is no table."""
    card = may_rule(actor=actor, asset_id=asset_id)
    among, rules, problems = Targets(card.organisation_id), [], []
    own = {fold(card.external_id), fold(card.name), fold(card.label), ""}
    with read_list(path, NAMES, most=MOST_LINES) as found:
        if "beneficiary" not in found.columns or not found.columns & {"value", *_LOOKS}:
            raise WrongUse(
                _("The first line of the list does not name its columns."),
                hint=_("Call them campaign id (or campaign, label, pattern), beneficiary, from "
                       "and to."),
            )  # fmt: skip
        for row in found.rows:
            try:
                rule = _rule(row, own)
                checked(card, rule, among)
            except RegieError as error:
                text = row["value"] or next((row[one] for one in _LOOKS if row[one]), "")
                problems.append(Problem(row.line, text, error.sentence, error.hint))
            else:
                rules.append(rule)
    return Listed(rules, problems)


def _rule(row: Row, own: set[str]) -> NewRule:
    if row.problem:
        raise WrongUse(row.problem)
    if fold(row["account"]) not in own:
        raise WrongUse(
            say(_("This line is of another account, {account}."), account=row["account"][:60])
        )
    level, way, value = _looked_for(row)
    return NewRule(level, way, value, row["beneficiary"], _day(row["from"]), _day(row["to"]))


def _looked_for(row: Row) -> tuple[str, str, str]:
    if row["value"]:
        way = next((one for one, words in _WAYS.items() if fold(row["by"]) in words), "")
        level = next((one for one, words in _LEVELS.items() if fold(row["level"]) in words), "")
        return level, way, row["value"]
    for column, (level, way) in _LOOKS.items():
        if row[column]:
            return level, way, row[column]
    raise WrongUse(_("This line says of no campaign whom it works for."))


def _day(text: str) -> date | None:
    if not text:
        return None
    french = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", text)
    parts = (french[3], french[2], french[1]) if french else tuple(text[:10].split("-"))
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        raise WrongUse(
            say(_("“{day}” is not a day."), day=text[:40]), hint=_("Write it as 2026-12-31.")
        ) from None


def read_labels(path: Path) -> tuple[list[tuple[str, str, str]], list[Problem]]:
    """(level, id or name, label) of each line; several labels stand between semicolons."""
    labels: list[tuple[str, str, str]] = []
    problems = []
    with read_list(path, NAMES, most=MOST_LINES) as found:
        entities = [one for one in ("ad_group_id", "ad_group", "campaign_id", "campaign")
                    if one in found.columns]  # fmt: skip
        if "label" not in found.columns or not entities:
            raise WrongUse(
                _("The first line of the list does not name its columns."),
                hint=_("Call them campaign id (or campaign) and label."),
            )
        for row in found.rows:
            column = next((one for one in entities if row[one]), "")
            words = [" ".join(one.split())[:200] for one in row["label"].split(";")]
            if row.problem or not column or not any(words):
                said = row.problem or Sentence(_("This line puts no label on a campaign."))
                problems.append(Problem(row.line, row["label"], said, Sentence("")))
                continue
            labels += [(_LOOKS[column][0], row[column][:200], word) for word in words if word]
    return labels, problems
