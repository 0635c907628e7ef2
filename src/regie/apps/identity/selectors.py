"""Reads about people, in the current context: row security hides those of others."""

from regie.apps.identity.asked import Asked, request_of, requests_of
from regie.apps.identity.compared import Comparison, Likely, comparison, least_likely
from regie.apps.identity.finding import find
from regie.apps.identity.notices import ANSWER_COLUMNS, Version, answers_of, versions_of
from regie.apps.identity.people import (
    KEYS,
    Link,
    Overview,
    Person,
    Said,
    corrections,
    cut_keys,
    cut_pairs,
    guards_hit,
    left_out,
    overview,
    people_keys,
    people_numbers,
    person,
    person_of,
    stamp,
    written,
)
from regie.apps.identity.policies import may_look
from regie.apps.identity.walking import Crossing, cross_device, with_purchases

__all__ = [
    "ANSWER_COLUMNS",
    "KEYS",
    "Asked",
    "Comparison",
    "Crossing",
    "Likely",
    "Link",
    "Overview",
    "Person",
    "Said",
    "Version",
    "answers_of",
    "comparison",
    "corrections",
    "cross_device",
    "cut_keys",
    "cut_pairs",
    "find",
    "guards_hit",
    "least_likely",
    "left_out",
    "may_look",
    "overview",
    "people_keys",
    "people_numbers",
    "person",
    "person_of",
    "request_of",
    "requests_of",
    "stamp",
    "versions_of",
    "with_purchases",
    "written",
]  # fmt: skip
