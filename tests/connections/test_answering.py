"""An import that lacks something is answered where it asks, with the file that was kept."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from regie.apps.access.context import acting_as
from regie.apps.connections import selectors, services
from regie.apps.connections.models import Import, State
from regie.kernel.errors import NotFound, Refused
from tests.cast import Cast, bring, total

pytestmark = pytest.mark.slow

NO_ACCOUNT = "Campaign,Campaign ID,Day,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value\n"


def campaigns(path: Path, *names: str) -> Path:
    """A report of Google Ads that names no account."""
    rows = [f"{name},{name},2026-09-01,EUR,10,10,2,1,50\n" for name in names]
    preamble = 'Campaign report\n"September 1, 2026 - September 2, 2026"\n'
    path.write_text(preamble + NO_ACCOUNT + "".join(rows), encoding="utf-8")
    return path


def no_currency(path: Path) -> Path:
    header = NO_ACCOUNT.replace("Currency code,", "")
    preamble = 'Campaign report\n"September 1, 2026 - September 1, 2026"\n'
    path.write_text(preamble + header + "Brand,1,2026-09-01,10,10,2,1,50\n", encoding="utf-8")
    return path


def answered(cast: Cast, asked: Import, **said: str) -> Import:
    """The answer of Chloé, and what the worker makes of it."""
    again = services.receive_again(actor=cast.chloe, import_id=asked.pk, said=said)
    (done,) = services.run_batch(again.batch, actor=cast.chloe)
    return done


def test_the_account_that_was_asked_for_publishes_the_kept_file(cast: Cast, tmp_path: Path) -> None:
    bring(cast.nantes, campaigns(tmp_path / "a.csv", "1", "2", "3"))
    (asked,) = bring(cast.nantes, campaigns(tmp_path / "b.csv", "7", "8", "9"))
    assert (asked.state, asked.needs) == (State.ASKS, ["account"])
    (tmp_path / "b.csv").unlink()

    done = answered(cast, asked, account="Second account")

    with acting_as(cast.chloe):
        asked.refresh_from_db()
    assert (done.state, done.needs, done.answers_id) == (State.PUBLISHED, [], asked.pk)
    assert asked.state == State.ANSWERED
    assert total(cast.chloe, "spend") == {"EUR": Decimal(60)}


def test_amounts_that_wait_for_their_currency_are_replaced_by_those_that_have_it(
    cast: Cast, tmp_path: Path
) -> None:
    (waiting,) = bring(cast.nantes, no_currency(tmp_path / "a.csv"))
    assert waiting.needs == ["account", "currency"]

    done = answered(cast, waiting, currency="CHF")

    assert done.needs == ["account"]
    assert total(cast.chloe, "spend") == {"CHF": Decimal(10)}


def test_a_question_is_answered_once(cast: Cast, tmp_path: Path) -> None:
    (waiting,) = bring(cast.nantes, no_currency(tmp_path / "a.csv"))
    answered(cast, waiting, currency="CHF")

    with pytest.raises(Refused):
        services.receive_again(actor=cast.chloe, import_id=waiting.pk, said={"currency": "EUR"})


def test_an_answer_taken_back_leaves_the_question_open(cast: Cast, tmp_path: Path) -> None:
    (waiting,) = bring(cast.nantes, no_currency(tmp_path / "a.csv"))
    done = answered(cast, waiting, currency="CHF")
    services.undo_import(actor=cast.chloe, import_id=done.pk)

    with acting_as(cast.chloe):
        assert selectors.import_detail(waiting.pk).answered_by is None
    answered(cast, waiting, currency="EUR")

    assert total(cast.chloe, "spend") == {"EUR": Decimal(10)}


def test_an_outsider_answers_nothing(cast: Cast, tmp_path: Path) -> None:
    (waiting,) = bring(cast.nantes, no_currency(tmp_path / "a.csv"))

    with pytest.raises(NotFound):
        services.receive_again(actor=cast.diane, import_id=waiting.pk, said={"currency": "EUR"})
