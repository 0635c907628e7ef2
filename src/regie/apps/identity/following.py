"""Audiences that follow what people do: only those who agreed to it, as digests, never under 30."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from regie.apps.access import selectors as access
from regie.apps.access.context import operating
from regie.apps.accounts.models import User
from regie.apps.audiences import services as audiences
from regie.apps.audiences.services import Described
from regie.apps.identity import policies
from regie.apps.identity.models import TouchRule as Rule
from regie.apps.identity.walking import walked
from regie.apps.organisations.models import Organisation
from regie.domain.audiences.members import Member
from regie.domain.audiences.terms import Basis, Source
from regie.domain.audiences.touches import LEAST, TouchRule
from regie.domain.traffic.consent import ADVERTISING
from regie.kernel import clock
from regie.kernel.periods import Period

# The last word of a person, over all his devices, must say yes to advertising.
_REACHABLE = """
    WITH said AS (
        SELECT DISTINCT ON (coalesce(m.person, c.device_id))
               coalesce(m.person, c.device_id) AS person, c.is_granted, c.purposes
        FROM tracking_consentline c
        LEFT JOIN identity_membership m ON m.identifier_id = c.device_id
        WHERE c.organisation_id = %(o)s AND c.device_id IS NOT NULL
        ORDER BY coalesce(m.person, c.device_id), c.at DESC, c.id DESC
    )
    SELECT 'p' || s.person, i.kind, i.value
    FROM said s JOIN tracking_identifier i ON i.organisation_id = %(o)s
    LEFT JOIN identity_membership m ON m.identifier_id = i.id
    WHERE coalesce(m.person, i.id) = s.person AND s.is_granted AND s.purposes @> %(ads)s::smallint[]
      AND i.kind IN ('email_sha256', 'phone_sha256') AND i.value ~ '^[0-9a-fA-F]{64}$'
"""


def preview(*, actor: User | None, organisation: Organisation, rule: TouchRule) -> int | None:
    """How many people the rule reaches today; ``None`` under 30."""
    policies.check_may_look(actor=actor, organisation=organisation)
    people = len({person for person, _member in _reached(organisation, rule)})
    return people if people >= LEAST else None


@transaction.atomic
def follow(
    *, actor: User, organisation: Organisation, name: str, purpose: str, expires_on: date,
    rule: TouchRule,
) -> int:  # fmt: skip
    """Make an audience of those whom ``rule`` reaches, kept up to date each night.

    Returns the number of the audience.
    """
    said = Described(name, Source.INTERACTIONS, Basis.CONSENT, purpose, expires_on)
    audience = audiences.create_audience(actor=actor, organisation=organisation, said=said)
    made = Rule.objects.create(organisation=organisation, audience_id=audience, rule=rule.as_json())
    _refresh(made)
    return audience


def refresh_followed() -> int:
    """Bring every such audience up to date. Returns how many there were."""
    with operating():
        rules = list(Rule.objects.select_related("organisation").order_by("pk"))
        for one in rules:
            _refresh(one)
    return len(rules)


def _refresh(made: Rule) -> None:
    reached = _reached(made.organisation, TouchRule.from_json(made.rule))
    # A list of few would say who is in it.
    is_many = len({person for person, _member in reached}) >= LEAST
    members = {member.key: member for _person, member in reached} if is_many else {}
    audiences.hold_members(audience_id=made.audience_id, members=list(members.values()))
    Rule.objects.filter(pk=made.pk).update(refreshed_at=clock.now())


def _reached(organisation: Organisation, rule: TouchRule) -> Sequence[tuple[str, Member]]:
    """People who went through the rule, agreed to advertising, and can be addressed."""
    today, day = clock.today(), timedelta(days=1)
    # East of Greenwich the day of what happens now may be tomorrow's already.
    period = Period(today - (rule.days + 1) * day, today + day)
    with operating():
        scope = access.scope_of([organisation])
        with walked(scope, period) as (engine, table):
            since = f"(now() AT TIME ZONE 'UTC')::TIMESTAMP - INTERVAL {rule.days} DAY"
            statement, values = rule.sql(table, since)
            people = {who for (who,) in engine.execute(statement, values).fetchall()}
        with connection.cursor() as cursor:
            cursor.execute(_REACHABLE, {"o": organisation.pk, "ads": sorted(ADVERTISING)})
            rows = cursor.fetchall()
    return [(who, _member(kind, value)) for who, kind, value in rows if who in people]


def _member(kind: str, value: Any) -> Member:
    form = bytes.fromhex(value)
    if kind == "email_sha256":
        return Member(email=form, email_dotless=form)
    return Member(phone_plus=form)
