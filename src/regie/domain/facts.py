"""The kinds of fact that marketing is made of, and the columns each of them has.

A fact is published or it does not exist. Types are those of the warehouse: money and amounts
are exact decimals with nine places, days are the platform's own days.
"""

from __future__ import annotations

from dataclasses import dataclass

MONEY = "DECIMAL(20,9)"
COUNT = "BIGINT"
TEXT = "VARCHAR"

# Rows of the first levels can answer for the account; the last two answer only when asked.
LEVELS = (
    "account", "page", "site", "location", "campaign", "ad_group", "ad", "post",
    "keyword", "search_term",
)  # fmt: skip
PARTIAL_LEVELS = ("keyword", "search_term")


@dataclass(frozen=True)
class Column:
    name: str
    type: str


@dataclass(frozen=True)
class Fact:
    """A table of the warehouse.

    ``entity`` columns say who a row is about; with ``asset_key`` and ``date`` they are its key.
    ``measures`` can be summed. ``names`` are of the glossary.
    """

    name: str
    entity: tuple[Column, ...]
    measures: tuple[Column, ...]
    attributes: tuple[Column, ...] = ()
    label: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*KEYS, *self.entity, *self.attributes, *self.measures, *PROVENANCE)

    @property
    def schema(self) -> dict[str, str]:
        return {column.name: column.type for column in self.columns}


def _columns(type_: str, *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, type_) for name in names)


KEYS = (
    Column("organisation_id", "BIGINT"),
    Column("asset_key", "BIGINT"),
    Column("date", "DATE"),
)
PROVENANCE = (
    Column("import_id", "BIGINT"),
    Column("origin", TEXT),
    Column("provisional", "BOOLEAN"),
)
ENTITY = _columns(
    TEXT, "level", "campaign_id", "ad_group_id", "ad_id", "keyword_id", "ad_network", "location"
)
TRAFFIC = _columns(TEXT, "location", "channel", "source", "medium", "campaign")

PERFORMANCE = Fact(
    name="performance",
    entity=ENTITY,
    attributes=_columns(TEXT, "currency"),
    measures=(
        *_columns(
            COUNT, "impressions", "clicks", "link_clicks", "video_views", "engagements",
            "leads", "directions", "website_clicks", "call_clicks",
        ),
        Column("spend", MONEY),
    ),
)  # fmt: skip
CONVERSIONS = Fact(
    name="conversions",
    entity=(*ENTITY, *_columns(TEXT, "conversion_name", "attribution")),
    attributes=(*_columns(TEXT, "category", "currency"), Column("is_primary", "BOOLEAN")),
    measures=_columns(MONEY, "conversions", "conversion_value"),
)
NONADDITIVE = Fact(
    name="nonadditive",
    entity=(*ENTITY, Column("metric", TEXT)),
    measures=(Column("value", MONEY),),
)
PERIOD_FIGURES = Fact(
    name="period_figures",
    entity=(
        *ENTITY,
        *_columns(TEXT, "channel", "source", "medium", "metric"),
        Column("period_end", "DATE"),
    ),
    attributes=_columns(TEXT, "currency"),
    measures=(Column("value", MONEY),),
)
VISITS = Fact(
    name="visits",
    entity=(*TRAFFIC, Column("landing_page", TEXT)),
    measures=_columns(
        COUNT, "visits", "engaged_visits", "single_page_visits", "completed", "key_events"
    ),
)
# What people gave a brand unasked: a row for each kind of it. Files of one page know some kinds
# each, and none of them takes another's place. ``network`` is where it was seen, where that is not
# the platform of the account; ``is_paid`` says that advertising on that platform won it.
EARNED = Fact(
    name="earned",
    entity=(*ENTITY, *_columns(TEXT, "kind", "network"), Column("is_paid", "BOOLEAN")),
    measures=_columns(COUNT, "earned"),
)
# By metric, and by our word for a column of a file: the kind of row.
EARNED_KINDS = {
    "followers_gained": "follow",
    "followers_lost": "unfollow",
    "likes": "like",
    "comments": "comment",
    "shares": "share",
    "mentions": "mention",
    "reviews": "review",
}
# A refund is a row of its own, on its own day; ``refund_of`` is the number of the order that it
# takes back, which may be in no file.
ORDERS = Fact(
    name="orders",
    entity=(Column("order_id", TEXT), Column("kind", TEXT)),
    attributes=(
        Column("ordered_at", "TIMESTAMP"),
        *TRAFFIC,
        *_columns(TEXT, "promo_code", "customer", "status", "currency"),
        Column("new_customer", "BOOLEAN"),
        Column("refund_of", TEXT),
    ),
    measures=(Column("orders", COUNT), Column("revenue", MONEY)),
)
# Columns that files written before them do not have.
LATER = {"refund_of": TEXT, "wait_s": COUNT, "heard": TEXT, "place": TEXT}
# States, in small letters, of an order that came to nothing. Its row stands without figures: it is
# the last word on the number, whoever else told of it.
CANCELLED = (
    "cancelled", "canceled", "voided", "annulée", "annulee", "annulé", "annule",
)  # fmt: skip
LEADS = Fact(
    name="leads",
    entity=(Column("lead_id", TEXT),),
    attributes=(
        Column("received_at", "TIMESTAMP"), *TRAFFIC, *_columns(TEXT, "form", "status"),
    ),
    measures=(Column("leads", COUNT),),
)  # fmt: skip
CALLS = Fact(
    name="calls",
    entity=(Column("call_id", TEXT),),
    attributes=(Column("started_at", "TIMESTAMP"), *TRAFFIC, Column("outcome", TEXT)),
    # ``wait_s`` is how long who called waited until somebody answered; empty where nobody did.
    measures=_columns(COUNT, "calls", "duration_s", "wait_s"),
)

# What our own collector heard, event by event. ``visitor`` and ``person`` are opaque keys, and so
# are ``link_id`` and ``code_id``: who and what they stand for is known to PostgreSQL alone.
# ``mode`` says whether joining was consented to; ``aside`` why an event does not count. ``outcome``
# of a refund that has a number of its own is the order that it takes back; ``heard`` is how people
# say they heard of somebody, in a word of a list, and ``place`` where it happened: in a shop, on
# the site, by telephone; empty where nobody said.
EVENTS = Fact(
    name="events",
    entity=(Column("event_id", TEXT),),
    attributes=(
        Column("happened_at", "TIMESTAMP"),
        *_columns(TEXT, "kind", "mode", "aside", "visitor", "person"),
        *_columns(COUNT, "link_id", "code_id"),
        *TRAFFIC,
        *_columns(
            TEXT,
            "term",
            "content",
            "page",
            "referrer",
            "device",
            "system",
            "country",
            "ref",
            "promo_code",
            "form",
            "outcome",
            "status",
            "currency",
            "heard",
            "place",
        ),
    ),
    measures=(Column("value", MONEY), Column("duration_s", COUNT)),
)
# The same counted by day: as small as a figure needs, and always equal to the events' own sums.
TRACKED = Fact(
    name="tracked",
    entity=(
        *_columns(TEXT, "kind", "mode", "aside"),
        *_columns(COUNT, "link_id", "code_id"),
        *TRAFFIC,
        *_columns(TEXT, "device", "country"),
    ),
    measures=(Column("events", COUNT),),
)
# Events that people named themselves, counted by day with what they were worth: each is a kind of
# conversion of its own. Those without a value say nothing of what they are worth.
OWN_EVENTS = Fact(
    name="own_events",
    entity=(Column("event", TEXT), *TRAFFIC),
    attributes=_columns(TEXT, "currency"),
    measures=(Column("events", COUNT), Column("value", MONEY)),
)
# What a journey is made of, derived from events day by day: visits, codes presented, and what they
# led to. ``visits`` is 0 where a visit only goes on. An ``identity`` says whose a visitor is.
TOUCHES = Fact(
    name="touches",
    entity=(Column("touch_id", TEXT),),
    attributes=(
        Column("happened_at", "TIMESTAMP"),
        *_columns(TEXT, "kind", "mode", "visitor", "person"),
        *_columns(COUNT, "link_id", "code_id"),
        *TRAFFIC,
        *_columns(TEXT, "term", "content", "page", "device", "country", "ref", "currency", "place"),
    ),
    measures=(Column("visits", COUNT), Column("value", MONEY)),
)
# What each visit earned of a conversion of one kind, by one model: worked out for a question from
# the touches that its reader may see, and never published.
CREDITS = Fact(
    name="credits",
    entity=_columns(TEXT, "kind", "event", "touch_id", "ref"),
    attributes=(*TRAFFIC, *_columns(TEXT, "content", "currency")),
    measures=_columns(MONEY, "conversions", "value"),
)

# Orders whose devices are known, worked out of events and people as they stand when it is asked:
# who is who changes, and is kept in PostgreSQL alone. Never published.
PURCHASES = Fact(
    name="purchases",
    entity=(Column("event_id", TEXT),),
    attributes=TRAFFIC,
    measures=_columns(COUNT, "purchases", "crossed"),
)

FACTS: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        PERFORMANCE, CONVERSIONS, NONADDITIVE, PERIOD_FIGURES, VISITS, ORDERS, LEADS, CALLS,
        TRACKED, OWN_EVENTS, EARNED,
    )
}  # fmt: skip
# What a metric may add up.
MEASURED: dict[str, Fact] = {**FACTS, CREDITS.name: CREDITS, PURCHASES.name: PURCHASES}

# Names of entities with their history; not a fact, but published with them.
ENTITIES = Fact(
    name="entities",
    entity=_columns(TEXT, "kind", "entity_id", "parent_id", "name"),
    measures=(),
)
TABLES: dict[str, Fact] = {
    **FACTS, ENTITIES.name: ENTITIES, EVENTS.name: EVENTS, TOUCHES.name: TOUCHES,
}  # fmt: skip
