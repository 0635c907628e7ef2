"""People reached and shares of voice: each value stands for its own row and adds to nothing."""

from regie.domain.metrics.definitions import Metric, NonAdditive, Unit
from regie.kernel.i18n import _

nonadditive: tuple[Metric, ...] = (
    NonAdditive("reach", _("Reach"), Unit.COUNT,
                _("People who saw at least one display; the same person may be in every row.")),
    NonAdditive("frequency", _("Frequency"), Unit.NUMBER,
                _("Displays per person reached.")),
    NonAdditive("impression_share", _("Impression share"), Unit.SHARE,
                _("Share of the displays that could have been had.")),
    NonAdditive("unique_visitors", _("Unique visitors"), Unit.COUNT,
                _("People counted by web analytics; the same person may be in every row.")),
)  # fmt: skip
