"""Keeps for whom visits, orders, leads and calls came, of all accounts of one owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from regie.apps.beneficiaries.campaigns import labels_of, traffic_named
from regie.apps.beneficiaries.models import Assignment
from regie.domain.beneficiaries.rules import CAMPAIGN, LOCATION, Rule
from regie.domain.beneficiaries.traffic import TRAFFIC, Given, Traffic, share_out

LONGEST = 200  # a longer name of a campaign is nobody's


def keep_traffic(owner_id: int, rules: dict[int, tuple[int, Rule]]) -> None:
    """``rules`` of the owner by number, with the account that each is of."""
    Assignment.objects.filter(organisation_id=owner_id, level=TRAFFIC).delete()
    if not rules:
        return
    given = traffic_given(owner_id, rules, _kept(owner_id, rules))
    Assignment.objects.bulk_create(
        [
            Assignment(
                organisation_id=owner_id, asset_id=one.traffic.asset, rule_id=one.rule.id,
                level=TRAFFIC, entity=one.traffic.campaign, source=one.traffic.source,
                location=one.traffic.location, starts_on=one.starts, ends_on=one.ends,
            )
            for one in given
        ],
        batch_size=2_000,
    )  # fmt: skip


def traffic_given(
    owner_id: int,
    rules: dict[int, tuple[int, Rule]],
    campaigns: dict[tuple[int, str], list[Rule]],
) -> list[Given]:
    """``campaigns``: the rules of each account's campaign, with the days on which each counts."""
    of_account: dict[int, list[Rule]] = defaultdict(list)
    for asset, rule in rules.values():
        of_account[asset].append(rule)
    placed = {one for one, own in of_account.items() if any(r.level == LOCATION for r in own)}
    # Where no rule asks for the location, rows that differ by nothing else are told as one.
    advertised: dict[int, dict[Traffic, Sequence[Rule]]] = defaultdict(dict)
    for (asset, campaign, source, place), met in traffic_named(owner_id).items():
        if len(campaign) > LONGEST:
            continue
        traffic = Traffic(asset, campaign, source, place if asset in placed else None)
        advertised[asset][traffic] = campaigns.get(met, []) if met else []
    return [
        one
        for asset, found in sorted(advertised.items())
        for one in share_out(of_account[asset], found, _labels(asset, of_account[asset]))
    ]


def _labels(asset: int, rules: Iterable[Rule]) -> Callable[[str, str], frozenset[str]]:
    if not any(rule.way == "label" for rule in rules):
        return lambda _level, _value: frozenset()
    put = labels_of(asset)
    return lambda level, value: put(level, value, value)


def _kept(owner_id: int, rules: dict[int, tuple[int, Rule]]) -> dict[tuple[int, str], list[Rule]]:
    found: dict[tuple[int, str], list[Rule]] = defaultdict(list)
    rows = Assignment.objects.filter(organisation_id=owner_id, level=CAMPAIGN).order_by("pk")
    for one in rows:
        rule = rules[one.rule_id][1]
        found[one.asset_id, one.entity].append(
            replace(rule, starts=one.starts_on, ends=one.ends_on)
        )
    return found
