"""The front door of identity: who is who, and what a person can ask of us."""

from regie.apps.identity.comparing import ask_comparison, compare_customers
from regie.apps.identity.correcting import count_probable, cut_link, hold_apart, take_back
from regie.apps.identity.following import follow, preview, refresh_followed
from regie.apps.identity.matching import (
    Loaded,
    Matched,
    forget_customers,
    load_customers,
    match_customers,
)
from regie.apps.identity.notices import publish_policy
from regie.apps.identity.requesting import (
    ask_correction,
    ask_erasure,
    carry_out,
    correct_person,
    erase_person,
    take_up,
    tell_person,
)
from regie.apps.identity.solving import Solved, solve_people
from regie.apps.identity.telling import as_csv, as_json, rows_in

__all__ = [
    "Loaded", "Matched", "Solved", "as_csv", "as_json", "ask_comparison", "ask_correction",
    "ask_erasure", "carry_out", "compare_customers", "correct_person", "count_probable",
    "cut_link", "erase_person", "follow", "forget_customers", "hold_apart", "load_customers",
    "match_customers", "preview", "publish_policy", "refresh_followed", "rows_in", "solve_people",
    "take_back", "take_up", "tell_person",
]  # fmt: skip
