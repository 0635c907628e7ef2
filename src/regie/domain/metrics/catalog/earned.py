"""Earned: what people gave the brand on networks unasked, each kind a count of its own.

What advertising won on a platform is counted too, and told apart by paid, earned or owned.
"""

from regie.domain.facts import EARNED, EARNED_KINDS
from regie.domain.metrics.definitions import Metric, Sum, Unit
from regie.kernel.i18n import _


def _earned(name: str, label: str, description: str, *, better: str = "higher") -> Sum:
    return Sum(
        name, label, Unit.COUNT, description, better=better, fact=EARNED.name, column="earned",
        only=f"kind = '{EARNED_KINDS[name]}'",
    )  # fmt: skip


sums: tuple[Metric, ...] = (
    _earned("followers_gained", _("New followers"),
            _("People who began to follow a page or subscribed to a channel; those whom ads won "
              "are among them, and are the paid ones when split into paid, earned or owned.")),
    _earned("followers_lost", _("Followers lost"),
            _("People who stopped following a page or left a channel; empty where the platform "
              "does not say it."), better="lower"),
    _earned("likes", _("Likes and reactions"),
            _("Likes and all other reactions to posts and videos; to ads they are paid.")),
    _earned("comments", _("Comments"),
            _("Comments on posts and videos; on ads they are paid.")),
    _earned("shares", _("Shares"),
            _("Posts and videos that were shared or reposted; shares of ads are paid.")),
    _earned("mentions", _("Mentions of the brand"),
            _("Times that others spoke of the brand, counted by hand or by a listening tool.")),
    _earned("reviews", _("Reviews received"),
            _("Reviews that customers wrote, counted by hand or by a listening tool.")),
)  # fmt: skip
