"""Reads about journeys, all of them through a scope."""

from __future__ import annotations

from collections.abc import Sequence

from regie.apps.attribution.answering import Attribution as Attribution
from regie.apps.attribution.answering import Rests as Rests
from regie.apps.attribution.answering import attribution as attribution
from regie.apps.attribution.beside import SPLITS as SPLITS
from regie.apps.attribution.beside import Beside as Beside
from regie.apps.attribution.beside import Paid as Paid
from regie.apps.attribution.beside import Part as Part
from regie.apps.attribution.beside import beside as beside
from regie.apps.attribution.both_ways import BothWays as BothWays
from regie.apps.attribution.both_ways import Sold as Sold
from regie.apps.attribution.both_ways import both_ways as both_ways
from regie.apps.attribution.choosing import USUAL as USUAL
from regie.apps.attribution.choosing import credited as credited
from regie.apps.attribution.choosing import in_use as in_use
from regie.apps.attribution.closing import COUNTED as COUNTED
from regie.apps.attribution.closing import Revised as Revised
from regie.apps.attribution.closing import closed_without_own_events as closed_without_own_events
from regie.apps.attribution.closing import revised as revised_months
from regie.apps.attribution.naming import MOST_OFFERED, own_kinds
from regie.apps.attribution.reading import AD as AD
from regie.apps.attribution.reading import SHOP as SHOP
from regie.apps.attribution.reading import SITE as SITE
from regie.apps.attribution.told import told as told
from regie.apps.attribution.tracing import Trace as Trace
from regie.apps.attribution.tracing import trace as trace
from regie.apps.attribution.tracing import trace_answer as trace_answer
from regie.apps.attribution.tracing import trace_way as trace_way
from regie.apps.attribution.written import COLUMNS as COLUMNS
from regie.apps.attribution.written import TRANSITIONS as TRANSITIONS
from regie.apps.attribution.written import document as document
from regie.apps.attribution.written import rows as rows
from regie.apps.attribution.written import transitions as transitions
from regie.apps.beneficiaries.selectors import opened
from regie.apps.identity import selectors as identity
from regie.apps.organisations import selectors as organisations
from regie.apps.tracking import selectors as tracking
from regie.domain.attribution.questions import Question
from regie.kernel.scope import Scope


def revised(question: Question, scope: Scope) -> list[Revised]:
    """The closed months of ``question`` that are no longer what they were at their closing."""
    return revised_months(opened(scope), scope, question)


def own_events(scope: Scope) -> list[str]:
    """Kinds of conversion that people named themselves, those that happen most first."""
    return own_kinds(opened(scope))[:MOST_OFFERED]


def has_probable(scope: Scope) -> bool:
    """Whether people may be joined by likelihood too: the answer is then a range."""
    return identity.stamp(sorted(scope.organisations))[1]


def location_names(codes: Sequence[str]) -> dict[str, str]:
    """The organisations of locations, where the reader sees them."""
    found = organisations.visible_organisations()
    return {one.location: one.name for one in found if one.location in codes}


def unit_names(unit: str, units: Sequence[str]) -> dict[str, str]:
    """What units known by number are called: ``units`` are those of an answer to the reader."""
    if unit != "link":
        return {}
    known = tracking.link_names([int(one) for one in units if one.isdecimal()])
    return {str(key): name for key, name in known.items()}
