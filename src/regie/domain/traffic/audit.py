"""What is wrong with the tags that visits arrive with, in sentences that say what to change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from regie.domain.traffic.channels import PAID_CHANNELS, channel
from regie.domain.traffic.links import MEDIA, conventional
from regie.kernel.i18n import Sentence, _, say

_UNTAGGED = ("(direct)", "(not set)", "")
_BY_REFERRER = ("organic", "referral", "social", "(none)")


# An address that somebody passes on, or writes down, brings a few visits of another channel to any
# campaign: its tags are wrong only where they are more than a few.
STRAYING = 0.05


@dataclass(frozen=True)
class Tags:
    """Three tags as they came, and the visits that came with them; ``home`` of these arrived on the
    first page of a site that others enter elsewhere."""

    source: str
    medium: str
    campaign: str
    visits: int
    home: int = 0


@dataclass(frozen=True)
class Finding:
    tags: Tags
    problem: Sentence
    remedy: Sentence


def audit(used: Sequence[Tags], *, campaigns: Collection[str]) -> list[Finding]:
    """Findings, those that concern the most visits first. ``campaigns`` are those of links."""
    spellings: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in used:
        for name in ("source", "medium", "campaign"):
            value = getattr(one, name)
            if conventional(value):  # of other alphabets nothing is left to compare
                spellings[name, conventional(value)].add(value)
    found = [
        finding
        for one in used
        if one.source not in _UNTAGGED or one.campaign
        for finding in _of(one, spellings, campaigns)
    ]
    return sorted(found, key=lambda one: -one.tags.visits)


@dataclass(frozen=True)
class Paid:
    """A campaign that cost money, and the visits that named it, by the channel they fell under."""

    account: str
    campaign: str
    spend: Decimal
    currency: str
    clicks: int | None
    visits: Mapping[str, int]


@dataclass(frozen=True)
class CostlyFinding:
    paid: Paid
    problem: Sentence
    remedy: Sentence


def spend_without_tags(campaigns: Sequence[Paid]) -> list[CostlyFinding]:
    """Campaigns of which the report cannot say what they brought, the most costly first."""
    found = []
    for one in campaigns:
        unpaid = {name: n for name, n in one.visits.items() if n and name not in PAID_CHANNELS}
        if one.spend <= 0:
            continue
        if not any(one.visits.values()):
            found.append(CostlyFinding(
                one, say(_("It cost money, and no visit named it.")),
                say(_("Write utm_campaign={campaign} into the addresses of its ads."),
                    campaign=conventional(one.campaign)),
            ))  # fmt: skip
        elif sum(unpaid.values()) > STRAYING * sum(one.visits.values()):
            found.append(CostlyFinding(
                one,
                say(_("It cost money, and visits that named it are filed under {channel}."),
                    channel=say(max(unpaid, key=lambda name: (unpaid[name], name)))),
                say(_("Write a medium of paid ads, such as {names}."),
                    names="cpc, paid_social, display"),
            ))  # fmt: skip
    return sorted(found, key=lambda one: (-one.paid.spend, one.paid.account, one.paid.campaign))


def _of(
    tags: Tags, spellings: dict[tuple[str, str], set[str]], campaigns: Collection[str]
) -> list[Finding]:
    found = []
    for name in ("source", "medium", "campaign"):
        value = getattr(tags, name)
        others = spellings.get((name, conventional(value)), set()) - {value}
        if others and value != conventional(value):
            found.append(Finding(
                tags,
                say(_("“{value}” is also written “{other}”."), value=value, other=min(others)),
                say(_("Write “{value}” everywhere."), value=conventional(value)),
            ))  # fmt: skip
    if not tags.medium:
        found.append(Finding(
            tags, say(_("The medium is missing.")), say(_("Add utm_medium to the address."))
        ))  # fmt: skip
    elif channel(tags.source, tags.medium, tags.campaign) == "Unassigned":
        found.append(Finding(
            tags, say(_("No channel knows the medium “{medium}”."), medium=tags.medium),
            say(_("Use one of: {names}."), names=", ".join(MEDIA)),
        ))  # fmt: skip
    is_paid = channel(tags.source, tags.medium, tags.campaign) in PAID_CHANNELS
    if is_paid and tags.home > max(1, STRAYING * tags.visits):
        found.append(Finding(
            tags,
            say(_("{count} of these visits came from an ad to the home page."), count=tags.home),
            say(_("Lead each ad to a landing page that keeps what it promises.")),
        ))  # fmt: skip
    if _is_campaign_unknown(tags, campaigns):
        found.append(Finding(
            tags, say(_("No link of ours names the campaign “{name}”."), name=tags.campaign),
            say(_("Make the link here, so that its tags are those of the plan.")),
        ))  # fmt: skip
    return found


def _is_campaign_unknown(tags: Tags, campaigns: Collection[str]) -> bool:
    if not tags.campaign or tags.medium in _BY_REFERRER:
        return False
    is_paid = channel(tags.source, tags.medium, tags.campaign) in PAID_CHANNELS
    return is_paid and conventional(tags.campaign) not in campaigns
