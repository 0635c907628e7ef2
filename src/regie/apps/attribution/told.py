"""What those who converted say themselves: how they heard of us, beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regie.apps.attribution.reading import counts_of
from regie.apps.beneficiaries.selectors import opened
from regie.domain.attribution.questions import Question
from regie.domain.facts import EVENTS, LEADS, ORDERS
from regie.kernel.scope import Scope
from regie.warehouse.views import Session


def told(question: Question, scope: Scope) -> Mapping[str, int]:
    """How many conversions of the period gave each answer, the most frequent first.

    Answers are words of `regie.domain.traffic.declared.ANSWERS`; whoever gave none is not in it.
    """
    session = opened(scope)
    if not session.has(EVENTS.name):
        return {}
    return session.remember_while(
        (EVENTS.name, LEADS.name, ORDERS.name),
        ("told", question),
        lambda: _counted(session, question),
    )


def _counted(session: Session, question: Question) -> dict[str, int]:
    said = f"{_said(session, question)} GROUP BY heard ORDER BY count(*) DESC, heard"
    return dict(session.rows(f"SELECT heard, count(*) {said}", _asked(question)))


def who_said(answer: str, question: Question, session: Session) -> set[str]:
    """The conversions of the period that gave ``answer``, as journeys number them."""
    if not session.has(EVENTS.name):
        return set()
    said = f"SELECT event_id {_said(session, question)} AND heard = ?"
    return {one for (one,) in session.rows(said, [*_asked(question), answer])}


def _said(session: Session, question: Question) -> str:
    return (
        f"FROM {session.table(EVENTS.name, question.period)} s WHERE kind = ? AND aside IS NULL "
        f"AND heard IS NOT NULL AND date BETWEEN ? AND ?{counts_of(session, question)}"
    )


def _asked(question: Question) -> list[Any]:
    return [question.happened, question.period.start, question.period.end]
