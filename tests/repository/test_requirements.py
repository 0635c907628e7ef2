"""What the business manager has to do is shown by tests, and tests name nothing else."""

from __future__ import annotations

from tools.requirements import REQUIREMENTS, shown


def test_every_requirement_is_shown_by_a_test() -> None:
    assert sorted(set(REQUIREMENTS) - {one.requirement for one in shown()}) == []


def test_no_test_shows_what_is_not_required() -> None:
    strange = [one for one in shown() if one.requirement not in REQUIREMENTS]

    assert strange == []
