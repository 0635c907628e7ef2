"""Who comes to accounts by more than his place: the only ones who lose by what was given or shared.

A manager of two thousand people and a thousand accounts is two million ways by place, which neither
a share nor a role touches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from regie.apps.access.models import Grant, Share
from regie.apps.access.paths import paths_to


def holders_on(asset_ids: Collection[int]) -> dict[int, set[int]]:
    """The accounts to which each user comes by a role or over a share, as far as one may know.

    One partner's administrators come to all that is shared with them alike: one account tells who
    they are.
    """
    there: dict[int, set[int]] = defaultdict(set)
    held = Grant.objects.filter(asset_id__in=asset_ids)
    for user_id, asset_id in held.values_list("user_id", "asset_id"):
        there[user_id].add(asset_id)
    alike: dict[tuple[int, int, bool], list[int]] = defaultdict(list)
    shares = Share.objects.filter(asset_id__in=asset_ids).order_by("pk")
    for one in shares.values_list("partner_id", "owner_id", "is_paused", "asset_id"):
        alike[one[:3]].append(one[3])
    of_first: dict[int, list[tuple[int | None, int]]] = {keys[0]: [] for keys in alike.values()}
    for path in paths_to(sorted(of_first)) if of_first else ():
        if path.way == "share":
            of_first[path.asset_id].append((path.partner_id, path.user_id))
    for (partner_id, _owner, _paused), keys in alike.items():
        for partner, user_id in of_first[keys[0]]:
            if partner == partner_id:
                there[user_id].update(keys)
    return there
