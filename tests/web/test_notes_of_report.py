"""What is said under the figures of a report."""

from __future__ import annotations

from regie.domain.metrics.query import Answer
from regie.kernel.i18n import Sentence
from regie.web.report.page import notes_of


def answer(*notes: Sentence) -> Answer:
    return Answer(("orders",), (), [], {}, "", [], list(notes))


def test_what_is_said_of_the_figures_is_not_said_again_of_those_compared_with() -> None:
    twice = "Orders told twice: {count}."
    late = Sentence("The days before are provisional.")

    found = notes_of(
        (answer(Sentence(twice, {"count": 10})), answer(Sentence(twice, {"count": 23})), None),
        answer(Sentence(twice, {"count": 13}), late),
    )

    assert [str(one) for one in found] == ["Orders told twice: 10.", str(late)]
