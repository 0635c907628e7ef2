"""What others say to dashboards while Régie starts: no library that answers questions is loaded."""

from regie.apps.dashboards.crediting import worked_out_by as worked_out_by
