"""Every metric that Régie knows, found by looking: one family is one file."""

from __future__ import annotations

import difflib
from functools import cache

from regie.domain.metrics.definitions import Metric, Sum
from regie.kernel import registry
from regie.kernel.errors import WrongUse
from regie.kernel.i18n import _, say


@cache
def all_metrics() -> dict[str, Metric]:
    """Every metric by name, the hidden parts of ratios included."""
    from regie.domain.metrics import catalog

    return registry.discover(catalog, Metric, group="regie.metrics")


@cache
def metrics() -> dict[str, Metric]:
    """The metrics that people ask for."""
    return {
        name: metric
        for name, metric in all_metrics().items()
        if not (isinstance(metric, Sum) and metric.hidden)
    }


def metric(name: str) -> Metric:
    """Raises ``WrongUse`` for an unknown name, with the nearest one."""
    found = all_metrics().get(name)
    if found is None:
        near = difflib.get_close_matches(name, metrics(), n=1)
        raise WrongUse(
            say(_("There is no metric “{name}”."), name=name),
            hint=say(_("Did you mean {near}?"), near=near[0])
            if near
            else _("`regie metrics` lists them."),
            code="unknown_metric",
        )
    return found
