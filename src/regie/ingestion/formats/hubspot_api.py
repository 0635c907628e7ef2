"""HubSpot as its interface gives it: forms sent are leads, contacts and deals are counted.

A contact that was merged into another is still a row of its table: it is never shown.
"""

from __future__ import annotations

from regie.ingestion.format import Column, Count
from regie.ingestion.tables import ROWS, counted, events, filled, rows_where, side_tables

_MERGED = "property_hs_merged_object_ids"
_MERGED_AWAY = (
    f"len(list_intersect(list({{id}}), string_split(string_agg({{{_MERGED}}}, ';'), ';')))"
)

hubspot_api_contacts = counted(
    name="hubspot_api_contacts",
    label="HubSpot (API): contacts",
    platform="hubspot",
    required=("id", "property_email", "property_createdate"),
    without=("is_deleted", "property_dealname"),
    counts=(
        Count("contact_rows", ROWS),
        Count("contacts_that_absorbed_others", rows_where(filled(_MERGED))),
        Count("contact_rows_that_were_merged_away_and_must_not_count", _MERGED_AWAY),
        Count("contacts_to_show", f"count(*) - {_MERGED_AWAY}"),
    ),
    notes=("Contacts are people, not leads: a form that one of them sent is a lead.",),
)
hubspot_api_form_submissions = events(
    name="hubspot_api_form_submissions",
    label="HubSpot (API): forms sent",
    platform="hubspot",
    fact="leads",
    columns=(
        Column("lead_id", ("conversion_id",)),
        Column("received_at", ("timestamp",)),
        Column("form", ("title", "form_id")),
    ),
    required=("timestamp", "form_id", "contact_id", "conversion_id"),
    counts=(Count("contact_form_submission_rows", ROWS),),
)
hubspot_api_deals = counted(
    name="hubspot_api_deals",
    label="HubSpot (API): deals",
    platform="hubspot",
    required=("deal_id", "deal_pipeline_id", "property_dealname"),
    counts=(
        Count("deals", ROWS),
        Count("deals_with_an_amount", rows_where(filled("property_amount"))),
    ),
    notes=("A deal without an amount has an unknown value, not a value of nothing.",),
)
hubspot_api_merged_deals = counted(
    name="hubspot_api_merged_deals",
    label="HubSpot (API): deals merged",
    platform="hubspot",
    required=("deal_id", "merged_deal_id"),
    counts=(Count("merged_deal_rows", ROWS),),
)
hubspot_api_deal_contacts = counted(
    name="hubspot_api_deal_contacts",
    label="HubSpot (API): contacts of deals",
    platform="hubspot",
    required=("contact_id", "deal_id"),
    counts=(Count("deal_contact_rows", ROWS),),
)
hubspot_api_side = side_tables(
    "hubspot", "HubSpot (API)",
    ("company", ("id", "is_deleted", "property_name", "property_industry")),
    ("contact_list", ("object_type_id", "processing_type", "list_version")),
    ("contact_list_member", ("contact_id", "contact_list_id", "added_at")),
    ("contact_merge_audit", ("canonical_vid", "vid_to_merge")),
    ("contact_property_history", ("contact_id", "timestamp", "name", "value", "source_id")),
    ("deal_company", ("company_id", "deal_id")),
    ("deal_pipeline", ("pipeline_id", "display_order", "label", "active")),
    ("deal_pipeline_stage", ("pipeline_id", "display_order", "label", "stage_id", "closed_won")),
    ("deal_property_history", ("deal_id", "timestamp", "name", "value", "source_id")),
    ("deal_stage", ("deal_id", "date_entered", "_fivetran_start")),
    ("engagement_call", ("engagement_id", "property_hs_timestamp")),
    ("engagement_contact", ("contact_id", "engagement_id", "engagement_type")),
    ("engagement", ("id", "type", "portal_id")),
    ("engagement_deal", ("deal_id", "engagement_id", "engagement_type")),
    ("engagement_meeting", ("engagement_id", "meeting_outcome", "start_time")),
    ("engagement_note", ("engagement_id", "property_hs_timestamp", "property_hs_note_body")),
    ("engagement_task", ("engagement_id", "property_hs_timestamp", "property_hs_task_type")),
    ("form", ("guid", "form_type", "submit_text")),
    ("owner", ("owner_id", "portal_id", "email", "active_user_id")),
    ("property", ("field_type", "hubspot_defined", "group_name")),
    ("property_option", ("property_id", "display_order", "hidden", "value")),
)  # fmt: skip
