"""The front door of identity: who is who, and what a person can ask of us."""

from regie.apps.identity.correcting import count_probable, cut_link, hold_apart, take_back
from regie.apps.identity.solving import Solved, solve_people

__all__ = [
    "Solved", "count_probable", "cut_link", "hold_apart", "solve_people", "take_back",
]  # fmt: skip
