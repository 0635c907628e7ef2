"""What happened on a day or over some days, noted by a person so that figures are understood."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _
from regie.kernel.periods import Period

LONGEST, LONGEST_NOTE, MOST_DAYS = 120, 500, 366


class Kind(StrEnum):
    ADVERTISING = "advertising"
    PROMOTION = "promotion"
    LAUNCH = "launch"
    PRICE = "price"
    SITE = "site"
    PRESS = "press"
    SEASON = "season"
    COMPETITOR = "competitor"
    TRACKING = "tracking"
    OTHER = "other"


KINDS = {
    Kind.ADVERTISING: _("Advertising elsewhere (TV, press, street)"),
    Kind.PROMOTION: _("Sales or promotion"),
    Kind.LAUNCH: _("Launch or opening"),
    Kind.PRICE: _("Change of prices"),
    Kind.SITE: _("Site down or changed"),
    Kind.PRESS: _("Press or word of mouth"),
    Kind.SEASON: _("Season, holiday or weather"),
    Kind.COMPETITOR: _("A competitor’s move"),
    Kind.TRACKING: _("Change of measurement"),
    Kind.OTHER: _("Something else"),
}


@dataclass(frozen=True)
class Annotation:
    """``reaches_below``: the organisations below see it too, as a national TV spot."""

    title: str
    kind: Kind
    period: Period
    note: str = ""
    reaches_below: bool = False


def check(annotation: Annotation) -> Annotation:
    if not annotation.title.strip() or len(annotation.title) > LONGEST:
        raise WrongUse(_("An event needs a name of at most 120 letters."))
    if len(annotation.note) > LONGEST_NOTE:
        raise WrongUse(_("A note has at most 500 letters."))
    if annotation.period.days > MOST_DAYS:
        raise WrongUse(
            _("An event lasts a year at most."), hint=_("Note its beginning and its end apart.")
        )
    return annotation
