"""Reads about people, in the current context: row security hides those of others."""

from regie.apps.identity.people import (
    KEYS,
    Link,
    Overview,
    Person,
    Said,
    corrections,
    guards_hit,
    left_out,
    overview,
    people_keys,
    person,
    person_of,
    stamp,
    written,
)
from regie.apps.identity.policies import may_look

__all__ = [
    "KEYS", "Link", "Overview", "Person", "Said", "corrections", "guards_hit", "left_out",
    "may_look", "overview", "people_keys", "person", "person_of", "stamp", "written",
]  # fmt: skip
