"""Fewer versions: of those that events make each minute, one a day stays once they are old.

What a version that goes had changed is told by the next one that stays, so that every moment that
stays reads as it did.
"""

from __future__ import annotations

from datetime import datetime

from regie.warehouse.appending import REASON
from regie.warehouse.catalogue import Conn

_GOING = """
    SELECT id, (
        SELECT min(later.id) FROM warehouse_version later WHERE later.id > v.id
        AND NOT (later.reason = %(reason)s AND later.published_at < %(before)s
                 AND EXISTS (SELECT 1 FROM warehouse_version n WHERE n.id > later.id
                             AND n.published_at::date = later.published_at::date))
    ) AS heir
    FROM warehouse_version v
    WHERE v.reason = %(reason)s AND v.published_at < %(before)s
      AND EXISTS (SELECT 1 FROM warehouse_version n WHERE n.id > v.id
                  AND n.published_at::date = v.published_at::date)
"""
_INHERIT = """
    WITH going AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS g(id, heir))
    UPDATE warehouse_content c SET version_id = g.heir FROM going g
    WHERE c.version_id = g.id
      AND NOT EXISTS (SELECT 1 FROM warehouse_content own
                      WHERE own.version_id = g.heir AND own.table_name = c.table_name)
      AND NOT EXISTS (SELECT 1 FROM warehouse_content newer JOIN going n ON n.id = newer.version_id
                      WHERE newer.table_name = c.table_name AND newer.version_id > c.version_id
                        AND n.heir = g.heir)
"""


def thin(connection: Conn, *, before: datetime) -> int:
    """Must run inside a transaction that has called ``lock_for_publishing``. Returns how many
    versions went."""
    rows = connection.execute(_GOING, {"reason": REASON, "before": before}).fetchall()
    found = [(version, heir) for version, heir in rows if heir is not None]
    going = [version for version, _heir in found]
    connection.execute(_INHERIT, (going, [heir for _version, heir in found]))
    connection.execute("DELETE FROM warehouse_content WHERE version_id = ANY (%s)", (going,))
    connection.execute("DELETE FROM warehouse_version WHERE id = ANY (%s)", (going,))
    return len(going)
