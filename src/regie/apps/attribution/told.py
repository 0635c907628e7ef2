"""What those who converted say themselves: how they heard of us, beside what was measured."""

from __future__ import annotations

from collections.abc import Mapping

from regie.apps.attribution.reading import those_qualified
from regie.apps.beneficiaries.selectors import opened
from regie.domain.attribution.questions import QUALIFIED, Question
from regie.domain.facts import EVENTS, LEADS
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
        (EVENTS.name, LEADS.name), ("told", question), lambda: _counted(session, question)
    )


def _counted(session: Session, question: Question) -> dict[str, int]:
    qualified = (
        f"AND (organisation_id, ref) IN ({those_qualified(session, question.kind)})"
        if question.kind in QUALIFIED else ""
    )  # fmt: skip
    # What happened is a name that ``is_own_event`` knows, or one of ours.
    return dict(session.rows(
        f"SELECT heard, count(*) FROM {session.table(EVENTS.name, question.period)} "
        "WHERE kind = ? AND aside IS NULL AND heard IS NOT NULL AND date BETWEEN ? AND ? "
        f"{qualified} GROUP BY heard ORDER BY count(*) DESC, heard",
        [question.happened, question.period.start, question.period.end],
    ))  # fmt: skip
