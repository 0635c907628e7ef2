"""The words of each room, explained in its help; metrics bring their own definition."""

from __future__ import annotations

from django.utils.translation import gettext

from regie.domain.metrics.catalog import metrics
from regie.kernel.i18n import _

WORDS = {
    "imports": (
        (_("Import"), _("Files received together, with what became of each of their lines.")),
        (_("Refused line"),
         _("A line that was not imported, kept with its number, its column and the reason.")),
        (_("Replaced"),
         _("Lines of an earlier import that newer figures of the same account and days took "
           "the place of. Undoing brings them back.")),
        (_("Provisional"),
         _("The platform may still correct these days: bring them again later, nothing is "
           "counted twice.")),
        (_("Mapping"), _("Which column of a file becomes which figure, date or name here.")),
        (_("Account"),
         _("The ad account at the platform; it has one currency and one time zone.")),
    ),
    "objectives": (
        (_("Business objective"),
         _("What the organisation lives from: sales, revenue, leads, what a customer costs.")),
        (_("Operational objective"),
         _("What leads there and can be steered every day: reach, clicks, traffic, engagement.")),
        (_("Target"), _("The figure aimed at over the whole period.")),
        (_("Pace"),
         _("What should be reached by now for the target to be met, if each day brought its "
           "equal part.")),
    ),
    "attribution": (
        (_("Touch"),
         _("A visit, or a code presented: something that may have led to a conversion.")),
        (_("Journey"),
         _("The touches of one person since the conversion before, within the look-back window.")),
        (_("Model"),
         _("A rule, or a way of learning, that shares one conversion among its touches.")),
        (_("Look-back window"), _("How old a touch may be at the conversion.")),
        (_("Assisted conversion"),
         _("One that a channel was part of without being the last touch.")),
        (_("Removal effect"),
         _("The share of conversions that would be lost if nobody came this way any more.")),
        (_("Direct visit"), _("A visit of which nobody knows where it came from.")),
    ),
    "planner": (
        (_("Benchmark"),
         _("A usual value in the trade, with its source and date: to compare with, never a "
           "promise.")),
        (_("Conversion window"),
         _("How long after a click a sale is still counted for it. In B2B it is long.")),
        (_("Lag"), _("The days that pass on average between a click and its sale.")),
        (_("Effect"),
         _("The part of the gap in CPA that one rate explains; the three add up to the whole "
           "gap.")),
    ),
    "manager": (
        (_("Business manager"),
         _("The house of an organisation: its people, its accounts and pages, its partners.")),
        (_("Manager number"),
         _("What a partner needs to name your organisation. It is no secret and gives no "
           "access.")),
        (_("Administrator"),
         _("Does everything in the organisation: invites, gives roles, shares. Two are better "
           "than one.")),
        (_("Contractor"),
         _("Somebody from outside, with a last day, after which the access ends by itself.")),
        (_("Owner of an account"),
         _("The organisation that linked it; it alone decides with whom it is shared.")),
        (_("Linked, found"),
         _("An account is found when a file or a platform names it, and linked when somebody "
           "has said to whom it belongs.")),
        (_("Role"),
         _("What a person may do on one account or page. It says nothing about the others.")),
        (_("Billing admin"),
         _("The role that also answers for what an account costs. One person holds it at all "
           "times.")),
        (_("Partner"),
         _("Another organisation that works with yours, such as an agency. It sees only what "
           "is shared with it.")),
        (_("Ceiling"),
         _("The most that a partner’s people may do on what is shared; no role of theirs goes "
           "beyond it.")),
        (_("Scope"),
         _("All that a person may see, from their roles and what is shared. What lies outside "
           "is as if it did not exist.")),
        (_("Beneficiary"),
         _("The organisation, or part of one, for which an account spends.")),
        (_("Sealed recovery code"),
         _("A code in three parts, each with one person: together they let an organisation "
           "back in when its last administrator is gone.")),
        (_("Access review"),
         _("Going through who can do what, once a quarter; it ends in a signed certificate.")),
        (_("Check-up"),
         _("What an account still lacks to be in order, and what to do about it.")),
    ),
}  # fmt: skip
METRICS = {"planner": ("cpm", "ctr", "conversion_rate", "cpa")}


def words_of(room: str) -> list[tuple[str, str]]:
    """Each word with its meaning, in the reader's language."""
    known = metrics()
    named = [(known[name].label, known[name].description) for name in METRICS.get(room, ())]
    said = [*named, *WORDS.get(room, ())]
    return [(gettext(word), gettext(meaning)) for word, meaning in said]
