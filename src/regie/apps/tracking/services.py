"""The front door of tracking: links, codes, sites, and the publication of what was heard."""

from regie.apps.tracking.again import derive_again
from regie.apps.tracking.choosing import Choice, check_choice, choose_source, take_choice_back
from regie.apps.tracking.coding import (
    CODE_COLUMNS,
    WantedCode,
    archive_code,
    create_codes,
    create_listed_codes,
    redeem,
)
from regie.apps.tracking.filed import settle_files
from regie.apps.tracking.forgetting import (
    blank_journals,
    correct_identifier,
    forget_identifiers,
    mend_redemptions,
)
from regie.apps.tracking.identifying import know_identifiers, take_touched
from regie.apps.tracking.linking import (
    COLUMNS,
    MadeLinks,
    Wanted,
    archive_link,
    change_link,
    create_link,
    create_links,
)
from regie.apps.tracking.measuring import (
    WantedSite,
    archive_site,
    change_site,
    create_site,
    new_token,
)
from regie.apps.tracking.publishing import PublishedEvents, journal_folder, publish_events
from regie.apps.tracking.retiring import Retired, retire

__all__ = [
    "CODE_COLUMNS",
    "COLUMNS",
    "Choice",
    "MadeLinks",
    "PublishedEvents",
    "Retired",
    "Wanted",
    "WantedCode",
    "WantedSite",
    "archive_code",
    "archive_link",
    "archive_site",
    "blank_journals",
    "change_link",
    "change_site",
    "check_choice",
    "choose_source",
    "correct_identifier",
    "create_codes",
    "create_link",
    "create_links",
    "create_listed_codes",
    "create_site",
    "derive_again",
    "forget_identifiers",
    "journal_folder",
    "know_identifiers",
    "mend_redemptions",
    "new_token",
    "publish_events",
    "redeem",
    "retire",
    "settle_files",
    "take_choice_back",
    "take_touched",
]  # fmt: skip
