"""What the page of budgets says of channels, and what it says of campaigns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from regie.ui import figures


@dataclass(frozen=True)
class Words:
    """``begins`` tells how a proposal is made, ``weeks_told`` and ``unnamed`` say a number."""

    title: str
    intro: str
    one: str
    judged: str
    with_ceiling: str
    nobody_named: str
    tag_them: str
    alone: str
    chance: str
    counted: str
    spent: str
    moved: str
    added: str
    begins: str
    none_known: str
    at_ceilings: str
    ceilings_added: str
    not_named: str
    revenue: str
    weeks_told: Callable[[int], str]
    unnamed: Callable[[Decimal], str]


def words_of(by: str) -> Words:
    return _of_campaigns() if by == "campaign" else _of_channels()


def _of_channels() -> Words:
    return Words(
        title=_("Budget by channel"),
        intro=_("How the same total would be shared out, by what each channel earned. Nothing is "
                "changed anywhere: you decide."),
        one=_("Channel"),
        judged=_("Results: of channels that can be judged"),
        with_ceiling=_("Of channels whose ceiling is known"),
        nobody_named=_("No order names a campaign of these channels"),
        tag_them=_("Orders know their campaign by the tags of the link that led to them. Once "
                   "links are tagged, what each channel earned is known, and which budget may "
                   "grow."),
        alone=_("Fewer than two channels brought enough to be judged. Choose more days, or "
                "another result."),
        chance=_("The dearest and the cheapest channel may differ by chance alone: more days would "
                 "tell."),
        counted=_("Counted are those that name a campaign of the channel by its tags."),
        spent=_("What was spent on all channels. The proposal shares out the same total."),
        moved=_("What channels would get beyond what they have: others give as much."),
        added=_("Of channels that can be judged, added up."),
        begins=_(
            "Each channel that can be judged begins at the least it may have. What is left is "
            "handed out in small parts, each where it brings most, until a channel has the most it "
            "may have."
        ),
        none_known=_("Of no channel it is known yet what one more would bring: more days may "
                     "tell."),
        at_ceilings=_(
            "At their ceilings, what these channels cost would be {ceiling} instead of {now}, and "
            "what they earn about {there} instead of {revenue}. That is a hypothesis, and no "
            "promise."
        ),
        ceilings_added=_("Of channels whose ceiling is known, added up."),
        not_named=_("No order names a campaign of it."),
        revenue=_(
            "Revenue is what our own orders earned that name a campaign of the channel, never what "
            "a platform claims. One more order is taken to be worth as much as the others."
        ),
        weeks_told=lambda weeks: ngettext(
            "What one more costs was read from {count} whole week: how results moved when the "
            "budget of a channel did.",
            "What one more costs was read from {count} whole weeks: how results moved when the "
            "budget of a channel did.",
            weeks,
        ).format(count=weeks),
        unnamed=lambda count: _("{count} name no campaign of a channel and count for none.").format(
            count=figures.decimal(count, digits=0)
        ),
    )  # fmt: skip


def _of_campaigns() -> Words:
    return Words(
        title=_("Budget by campaign"),
        intro=_("Which campaign performs best, and how the same total would be shared out by what "
                "each earned. Nothing is changed anywhere: you decide."),
        one=_("Campaign"),
        judged=_("Results: of campaigns that can be judged"),
        with_ceiling=_("Of campaigns whose ceiling is known"),
        nobody_named=_("No order names one of these campaigns"),
        tag_them=_("Orders know their campaign by the tags of the link that led to them. Once "
                   "links are tagged, what each campaign earned is known, and which budget may "
                   "grow."),
        alone=_("Fewer than two campaigns brought enough to be judged. Choose more days, or "
                "another result."),
        chance=_("The dearest and the cheapest campaign may differ by chance alone: more days "
                 "would tell."),
        counted=_("Counted are those that name the campaign by its tags."),
        spent=_("What was spent on all campaigns. The proposal shares out the same total."),
        moved=_("What campaigns would get beyond what they have: others give as much."),
        added=_("Of campaigns that can be judged, added up."),
        begins=_(
            "Each campaign that can be judged begins at the least it may have. What is left is "
            "handed out in small parts, each where it brings most, until a campaign has the most "
            "it may have."
        ),
        none_known=_("Of no campaign it is known yet what one more would bring: more days may "
                     "tell."),
        at_ceilings=_(
            "At their ceilings, what these campaigns cost would be {ceiling} instead of {now}, and "
            "what they earn about {there} instead of {revenue}. That is a hypothesis, and no "
            "promise."
        ),
        ceilings_added=_("Of campaigns whose ceiling is known, added up."),
        not_named=_("No order names it."),
        revenue=_(
            "Revenue is what our own orders earned that name the campaign, never what a platform "
            "claims. One more order is taken to be worth as much as the others."
        ),
        weeks_told=lambda weeks: ngettext(
            "What one more costs was read from {count} whole week: how results moved when the "
            "budget of a campaign did.",
            "What one more costs was read from {count} whole weeks: how results moved when the "
            "budget of a campaign did.",
            weeks,
        ).format(count=weeks),
        unnamed=lambda count: _(
            "{count} name none of these campaigns and count for none."
        ).format(count=figures.decimal(count, digits=0)),
    )  # fmt: skip
