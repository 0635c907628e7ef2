"""What follows from events: visits, leads, orders, calls and counts, day by day.

A day is derived as a whole from its events, so that a late one restates it and the sums are
always those of the events. A visit ends after half an hour of silence, and with its day.
"""

from __future__ import annotations

from collections.abc import Callable

from regie.domain.attribution.questions import NOT_ONES_OWN
from regie.domain.facts import (
    CALLS,
    CANCELLED,
    LEADS,
    ORDERS,
    OWN_EVENTS,
    TOUCHES,
    TRACKED,
    VISITS,
    Fact,
)
from regie.domain.traffic.declared import SOURCE
from regie.domain.traffic.declared import TOUCHES as TOUCHED
from regie.ingestion.collected.projecting import projected

SILENCE = "INTERVAL 30 MINUTE"
ENGAGED_S = 10
# Consent given in the midst of a visit changes the visitor's key: what follows is the same visit.
CONTINUED = "continued"
# Of the page, not of the visitor: neither begins a visit nor completes it.
_OUTSIDE = (
    "'click', 'order', 'refund', 'call', 'redemption', 'shop_visit', 'lead_state', 'identify'"
)
_OF_TRAFFIC = ("channel", "source", "medium", "campaign")
_VOID = f"kind = 'order' AND lower(status) IN {CANCELLED}"
_OWN = "0 AS import_id, 'collector' AS origin, false AS provisional"


def sessions(events: str) -> str:
    """Events of visits, each with its visit: its number, first page, origin and link."""
    order = "PARTITION BY asset_key, date, visitor ORDER BY happened_at, event_id"
    within = "PARTITION BY asset_key, date, visitor, visit ORDER BY happened_at, event_id"
    # The origin of a visit is that of its first page, whatever came before or after it.
    first = ", ".join(
        f"first_value({name} IGNORE NULLS) OVER whole AS first_{name}"
        for name in (*_OF_TRAFFIC, "term", "content", "page", "link_id", "device", "country")
    )
    whole = f"{within} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING"
    return (
        f"SELECT *, {first}, first_value(status) OVER whole AS first_status "
        f"FROM (SELECT *, sum(starts) OVER ({order}) AS visit FROM ("
        f"SELECT *, CASE WHEN happened_at - lag(happened_at) OVER ({order}) <= {SILENCE} "
        f"THEN 0 ELSE 1 END AS starts FROM {events} WHERE aside IS NULL AND visitor IS NOT NULL "
        f"AND kind NOT IN ({_OUTSIDE}))) WINDOW whole AS ({whole})"
    )


def visits(events: str) -> str:
    return _projected(VISITS, f"""
        SELECT organisation_id, asset_key, date, channel, source, medium, campaign, page
            AS landing_page, sum(counted) AS visits, sum(counted * engaged) AS engaged_visits,
            sum(counted * single) AS single_page_visits, sum(done) AS completed,
            sum(acts) AS key_events
        FROM ({_each_visit(events)}) WHERE pages > 0
        GROUP BY ALL""")  # fmt: skip


def _each_visit(events: str) -> str:
    acts = "count(*) FILTER (WHERE kind NOT IN ('page_view', 'consent'))"
    pages = "count(*) FILTER (WHERE kind = 'page_view')"
    lasted = f"date_diff('second', min(happened_at), max(happened_at)) >= {ENGAGED_S}"
    return f"""
        SELECT organisation_id, asset_key, date, visitor, visit, any_value(mode) AS mode,
            coalesce(any_value(first_channel), 'Direct') AS channel,
            coalesce(any_value(first_source), '(direct)') AS source,
            coalesce(any_value(first_medium), '(none)') AS medium,
            any_value(first_campaign) AS campaign, any_value(first_page) AS page,
            any_value(first_link_id) AS link_id, any_value(first_device) AS device,
            any_value(first_country) AS country,
            (any_value(first_status) IS DISTINCT FROM '{CONTINUED}')::BIGINT AS counted,
            {pages} AS pages, {acts} AS acts,
            ({pages} > 1 OR {acts} > 0 OR {lasted})::BIGINT AS engaged,
            ({pages} = 1)::BIGINT AS single,
            bool_or(kind IN ('lead', 'purchase'))::BIGINT AS done
        FROM ({sessions(events)}) GROUP BY organisation_id, asset_key, date, visitor, visit"""


def leads(events: str) -> str:
    """A lead of a page has the origin of its visit; one sent by a server, what that said. Its state
    is the last that was told of it."""
    traffic = ", ".join(f"coalesce({n}, first_{n}) AS {n}" for n in _OF_TRAFFIC)
    return _projected(LEADS, f"""
        SELECT l.* REPLACE (coalesce(t.state, l.status) AS status) FROM (
            SELECT organisation_id, asset_key, date, ref AS lead_id, happened_at AS received_at,
                {traffic}, location, form, status, 1 AS leads
            FROM ({sessions(events)}) WHERE kind = 'lead'
            UNION ALL BY NAME
            SELECT organisation_id, asset_key, date, ref AS lead_id, happened_at AS received_at,
                {", ".join(_OF_TRAFFIC)}, location, form, status, 1 AS leads
            FROM {events} WHERE kind = 'lead' AND visitor IS NULL AND aside IS NULL
        ) l LEFT JOIN (
            SELECT asset_key AS asset, ref, arg_max(status, (happened_at, event_id)) AS state
            FROM {events} WHERE kind = 'lead_state' AND status IS NOT NULL AND aside IS NULL
            GROUP BY ALL
        ) t ON t.asset = l.asset_key AND t.ref = l.lead_id""")  # fmt: skip


def orders(events: str) -> str:
    return _projected(ORDERS, f"""
        SELECT organisation_id, asset_key, date, ref AS order_id, kind, happened_at AS ordered_at,
            location, {", ".join(_OF_TRAFFIC)}, promo_code, person AS customer, status,
            CASE WHEN kind = 'refund' THEN coalesce(outcome, ref) END AS refund_of,
            currency, CASE WHEN {_VOID} THEN NULL WHEN kind = 'refund' THEN 0 ELSE 1 END AS orders,
            CASE WHEN {_VOID} THEN NULL WHEN kind = 'refund' THEN -abs(value) ELSE value END
            AS revenue
        FROM {events} WHERE kind IN ('order', 'refund') AND aside IS NULL""")  # fmt: skip


def calls(events: str) -> str:
    return _projected(CALLS, f"""
        SELECT organisation_id, asset_key, date, ref AS call_id, happened_at AS started_at,
            location, {", ".join(_OF_TRAFFIC)}, outcome, 1 AS calls, duration_s
        FROM {events} WHERE kind = 'call' AND aside IS NULL""")  # fmt: skip


def tracked(events: str) -> str:
    """Every event counted, those set aside too, and visits; each by the link that led to it."""
    keys = ("kind, mode, aside, link_id, code_id, location, channel, source, medium, campaign, "
            "device, country")  # fmt: skip
    return _projected(TRACKED, f"""
        SELECT organisation_id, asset_key, date, {keys}, count(*) AS events
        FROM (SELECT e.* REPLACE (coalesce(e.link_id, v.first_link_id) AS link_id) FROM {events} e
              LEFT JOIN (SELECT asset_key, date, event_id, first_link_id
                         FROM ({sessions(events)})) v USING (asset_key, date, event_id))
        GROUP BY ALL
        UNION ALL BY NAME
        SELECT organisation_id, asset_key, date, 'visit' AS kind, mode, link_id, channel, source,
            medium, campaign, device, country, sum(counted) AS events
        FROM ({_each_visit(events)}) WHERE pages > 0 AND counted > 0 GROUP BY ALL""")  # fmt: skip


def own_events(events: str) -> str:
    """Counted by day; as leads do, each has the origin of its visit unless it names its own."""
    usual = ", ".join(f"'{name}'" for name in sorted(NOT_ONES_OWN))
    keys = "organisation_id, asset_key, date, kind AS event, location, currency, value"
    traffic = ", ".join(f"coalesce({n}, first_{n}) AS {n}" for n in _OF_TRAFFIC)
    return _projected(OWN_EVENTS, f"""
        SELECT * EXCLUDE (value), count(*) AS events, sum(value) AS value FROM (
            SELECT {keys}, {traffic} FROM ({sessions(events)}) WHERE kind NOT IN ({usual})
            UNION ALL BY NAME
            SELECT {keys}, {", ".join(_OF_TRAFFIC)} FROM {events}
            WHERE kind NOT IN ({usual}) AND visitor IS NULL AND aside IS NULL
        ) GROUP BY ALL""")  # fmt: skip


def touches(events: str) -> str:
    """One row a visit, what people say led them, a code presented, an order, a refund, a lead, a
    call, a visitor known.

    A person is said of a visit only where it was one person's from end to end. ``ref`` of a refund
    is the order that it takes back.
    """
    at = "(happened_at, event_id)"
    first = ", ".join(
        f"coalesce(any_value(first_{name}), {other}) AS {name}"
        for name, other in (
            ("channel", "'Direct'"), ("source", "'(direct)'"), ("medium", "'(none)'"),
        )
    )  # fmt: skip
    others = ", ".join(
        f"any_value(first_{name}) AS {name}"
        for name in ("campaign", "term", "content", "page", "link_id", "device", "country")
    )
    keys = "organisation_id, asset_key, date"
    said = (
        f"{keys}, event_id AS touch_id, happened_at, kind, mode, visitor, person, link_id, "
        f"code_id, location, {', '.join(_OF_TRAFFIC)}, term, content, page, device, country, "
        "place, CASE WHEN kind = 'refund' THEN coalesce(outcome, ref) ELSE ref END AS ref, "
        "currency, value"
    )
    return _projected(TOUCHES, f"""
        SELECT {keys}, 'visit' AS kind, arg_min(event_id, {at}) AS touch_id,
            min(happened_at) AS happened_at, min(mode) AS mode, visitor,
            CASE WHEN count(DISTINCT person) = 1 THEN min(person) END AS person, {first}, {others},
            (any_value(first_status) IS DISTINCT FROM '{CONTINUED}')::BIGINT AS visits
        FROM ({sessions(events)}) GROUP BY {keys}, visitor, visit
        HAVING count(*) FILTER (WHERE kind = 'page_view') > 0
            -- Who agrees on the page he came to may act there at once, and see no other.
            OR any_value(first_status) = '{CONTINUED}'
        UNION ALL BY NAME
        SELECT {said} FROM {events} WHERE aside IS NULL
            AND kind IN ('order', 'refund', 'lead', 'call', 'redemption')
        UNION ALL BY NAME
        SELECT {keys}, 'identity' AS kind, min(event_id) AS touch_id,
            min(happened_at) AS happened_at, min(mode) AS mode, visitor, person
        FROM {events} WHERE aside IS NULL AND visitor IS NOT NULL AND person IS NOT NULL
        GROUP BY {keys}, visitor, person
        UNION ALL BY NAME
        -- Whoever came into a shop: a touch of what he did afterwards.
        SELECT {keys}, 'visit' AS kind, 's' || event_id AS touch_id, happened_at, mode, person,
            coalesce(channel, 'Offline') AS channel, coalesce(source, location, '(shop)') AS source,
            coalesce(medium, 'shop') AS medium, campaign, location, place, 0 AS visits
        FROM {events} WHERE kind = 'shop_visit' AND aside IS NULL AND person IS NOT NULL
        UNION ALL BY NAME {declared_touches(events)}""")  # fmt: skip


def declared_touches(events: str) -> str:
    """What people say led them, where nothing else can: a touch just before the visit in which
    they say it, or before what a server tells."""
    channel = " ".join(f"WHEN '{name}' THEN '{into}'" for name, into in TOUCHED.items())
    keys = "organisation_id, asset_key, date, event_id, mode, visitor, person, location, heard"
    return f"""
        SELECT * EXCLUDE (event_id, begins, heard), 'visit' AS kind, 'h' || event_id AS touch_id,
            begins - INTERVAL 1 MICROSECOND AS happened_at, CASE heard {channel} END AS channel,
            '{SOURCE}' AS source, heard AS medium, 0 AS visits
        FROM (
            SELECT {keys}, min(happened_at) OVER (PARTITION BY asset_key, date, visitor, visit)
                AS begins FROM ({sessions(events)})
            UNION ALL BY NAME
            SELECT {keys}, happened_at AS begins FROM {events}
            WHERE aside IS NULL AND (visitor IS NULL OR kind IN ({_OUTSIDE}))
        ) WHERE heard IN ({", ".join(map(repr, TOUCHED))})"""


DERIVED: dict[str, Callable[[str], str]] = {
    VISITS.name: visits,
    LEADS.name: leads,
    ORDERS.name: orders,
    CALLS.name: calls,
    TRACKED.name: tracked,
    OWN_EVENTS.name: own_events,
    TOUCHES.name: touches,
}


def _projected(fact: Fact, select: str) -> str:
    """``select`` with every column of ``fact``, as what we heard ourselves."""
    return projected(fact, f"SELECT *, {_OWN} FROM ({select})")
