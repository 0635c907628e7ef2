"""The archive of personal data that LinkedIn gives to a member: connections and invitations.

Recognised and counted; nothing of these people is stored until there is a room for it.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count, Format, Rule
from regie.kernel.i18n import _

_NAMED = "({First Name} <> '' OR {Last Name} <> '')"

linkedin_connections = Format(
    name="linkedin_connections",
    label="LinkedIn: connections",
    platform="linkedin_archive",
    columns=(Column("date", ("Connected On",)),),
    required=(
        ("label:Connected On",),
        ("label:First Name",),
        ("label:Last Name",),
    ),
    fact="counted",
    counts=(
        Count("connections", f"count(*) FILTER (WHERE {_NAMED})"),
        Count(
            "connections_hidden",
            f"count(*) FILTER (WHERE NOT {_NAMED} AND {{Connected On}} <> '')",
        ),
    ),
    certainty="high",
    source="A public study of about thirty archives",
    notes=(
        "Certain: a block of notes above the header since 2021, addresses since 2023, days such "
        "as 08 Feb 2026, no end of line after the last one.",
        "Members who hide themselves are lines with a day and nothing else.",
        "Likely: archives keep English labels in every language.",
    ),
)

linkedin_invitations = Format(
    name="linkedin_invitations",
    label="LinkedIn: invitations",
    platform="linkedin_archive",
    columns=(Column("date", ("Sent At",)),),
    required=(("label:Sent At",), ("label:Direction",), ("label:From",), ("label:To",)),
    fact="counted",
    date_order="mdy",
    rules=(
        Rule(
            "upper({Direction}) NOT IN ('INCOMING', 'OUTGOING')",
            _("an invitation is either INCOMING or OUTGOING"),
            refuse=True,
        ),
    ),
    counts=(
        Count("invitations_sent", "count(*) FILTER (WHERE upper({Direction}) = 'OUTGOING')"),
        Count("invitations_received", "count(*) FILTER (WHERE upper({Direction}) = 'INCOMING')"),
    ),
    certainty="high",
    source="A public study of about thirty archives",
    notes=(
        "Certain: labels, month before day, INCOMING and OUTGOING.",
        "Likely: only recent and pending invitations are in the file.",
    ),
)
