"""What is said under the figures of a report."""

from __future__ import annotations

from decimal import Decimal

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


def test_an_amount_that_could_not_be_converted_is_said_once() -> None:
    lost = "No rate: {amount} {currency} of {metric}."

    def note(amount: str, metric: str) -> Sentence:
        return Sentence(lost, {"amount": Decimal(amount), "currency": "CHF", "metric": metric})

    found = notes_of(
        (answer(note("698.28", "Spend"), note("8", "Revenue")), answer(note("1398.08", "Spend"))),
        None,
    )

    assert [str(one) for one in found] == [
        "No rate: 698.28 CHF of Spend.", "No rate: 8 CHF of Revenue.",
    ]  # fmt: skip
