"""Linear: every touchpoint of the journey gets the same."""

from __future__ import annotations

from regie.domain.attribution.arrays import Floats
from regie.domain.attribution.model import Rule, Settings
from regie.domain.attribution.paths import Paths
from regie.kernel.i18n import _


def weights(paths: Paths, settings: Settings) -> Floats:
    return (1.0 / paths.lengths)[paths.owners]


linear = Rule(
    name="linear",
    label=_("Linear"),
    description=_("Every touchpoint of the journey gets the same share."),
    rank=40,
    weights=weights,
)
