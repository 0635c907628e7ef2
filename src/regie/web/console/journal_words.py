"""What each line of the journal says, in words: actions by their code, details by their key."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import gettext

from regie.domain.permissions.catalog import families
from regie.domain.platforms import NAMES
from regie.kernel.i18n import _
from regie.ui import figures
from regie.web.console.journal_values import value_word
from regie.web.console.words import ROLES

AREAS = {
    "organisations": _("Organisations and people"),
    "access": _("Accesses and partnerships"),
    "assets": _("Accounts and pages"),
    "audiences": _("Audiences"),
    "connections": _("Imports"),
    "budgets": _("Budget plans"),
    "dashboards": _("Report and objectives"),
    "tracking": _("Links, codes and sites"),
    "beneficiaries": _("Beneficiary rules"),
    "requests": _("Requests for access"),
    "tokens": _("Access tokens of programs"),
    "identity": _("People and their privacy"),
    "attribution": _("Attribution"),
}
ACTIONS = {
    "organisations.created": _("Organisation created"),
    "organisations.founded": _("Organisation founded"),
    "organisations.settings_changed": _("Settings changed"),
    "organisations.manager_opened": _("Manager number given"),
    "organisations.domains_changed": _("Addresses at work changed"),
    "organisations.member_added": _("Member added"),
    "organisations.member_changed": _("Role or last day changed"),
    "organisations.member_removed": _("Member taken out"),
    "organisations.member_restored": _("Member taken back in"),
    "organisations.invited": _("Invitation sent"),
    "organisations.invitation_sent_again": _("Invitation sent again"),
    "organisations.invitation_withdrawn": _("Invitation withdrawn"),
    "organisations.invitation_accepted": _("Invitation accepted"),
    "organisations.moved": _("Branch moved"),
    "organisations.merged": _("Organisation merged into another"),
    "organisations.closed": _("Organisation closed"),
    "organisations.opened_again": _("Organisation opened again"),
    "organisations.change_undone": _("Change of the tree undone"),
    "organisations.renamed": _("Organisation renamed"),
    "organisations.second_factor_required": _("Second factor required"),
    "organisations.second_factor_free": _("Second factor no longer required"),
    "organisations.access_opened": _("Members see the whole branch"),
    "organisations.access_narrowed": _("Members see what was given to them"),
    "organisations.sealed": _("Recovery code sealed"),
    "organisations.seal_broken": _("Recovery code used"),
    "organisations.seal_removed": _("Recovery code given up"),
    "organisations.reviewed": _("Accesses reviewed"),
    "access.granted": _("Access given"),
    "access.promise_broken": _("Access promised by an invitation, and not given"),
    "access.withdrawn": _("Access withdrawn"),
    "access.changed": _("Access changed"),
    "access.shared": _("Shared with a partner"),
    "access.unshared": _("No longer shared with a partner"),
    "access.ceiling_set": _("Ceiling of a share changed"),
    "access.role_created": _("Role of one’s own created"),
    "access.role_changed": _("Role of one’s own changed"),
    "access.policy_set": _("What is allowed at all was changed"),
    "access.role_removed": _("Role of one’s own removed"),
    "access.partnership_proposed": _("Partnership proposed"),
    "access.partnership_received": _("Partnership proposal received"),
    "access.partnership_accepted": _("Partnership accepted"),
    "access.partnership_ended": _("Partnership ended"),
    "assets.linked": _("Account or page linked"),
    "assets.folded": _("Two accounts made one"),
    "assets.unfolded": _("Two accounts made of one again"),
    "assets.detached": _("Account or page detached"),
    "assets.renamed": _("Account or page renamed"),
    "assets.attached": _("Ad accounts attached to a page"),
    "beneficiaries.changed": _("Beneficiary rules changed"),
    "beneficiaries.undone": _("Change of beneficiary rules undone"),
    "beneficiaries.labels_put": _("Labels of campaigns put"),
    "audiences.created": _("Audience made"),
    "audiences.loaded": _("Audience updated"),
    "audiences.changed": _("Audience changed"),
    "audiences.shared": _("Audience shared"),
    "audiences.withdrawn": _("Audience no longer shared"),
    "audiences.used": _("Audience put to use"),
    "audiences.unused": _("Audience no longer in use"),
    "audiences.exported": _("Audience exported"),
    "audiences.archived": _("Audience put away"),
    "audiences.restored": _("Audience taken out again"),
    "audiences.person_withdrawn": _("Person taken out of audiences"),
    "tracking.link_created": _("Link made"),
    "tracking.links_created": _("Links made"),
    "tracking.link_changed": _("Link changed"),
    "tracking.link_archived": _("Link put away"),
    "tracking.link_restored": _("Link taken out again"),
    "tracking.codes_created": _("Codes made"),
    "tracking.code_redeemed": _("Code redeemed"),
    "tracking.code_refused": _("Code refused"),
    "tracking.code_archived": _("Code put away"),
    "tracking.code_restored": _("Code taken out again"),
    "tracking.site_created": _("Site added"),
    "tracking.source_chosen": _("Source that counts chosen"),
    "tracking.source_choice_taken_back": _("Source that counts taken back"),
    "tracking.site_changed": _("Site changed"),
    "tracking.site_archived": _("Site put away"),
    "tracking.site_restored": _("Site taken out again"),
    "tracking.token_made": _("Access token made"),
    "connections.file_received": _("File received"),
    "connections.figures_brought": _("Figures brought in by a partner"),
    "connections.figures_count_again": _("Figures of a partner count again"),
    "connections.figures_not_counted": _("Figures of a partner taken back by the owner"),
    "connections.figures_taken_back": _("Figures of a partner taken back"),
    "connections.import_answered": _("Question of an import answered"),
    "connections.import_stopped": _("Import stopped"),
    "connections.import_undone": _("Import undone"),
    "connections.table_described": _("Table of one’s own described"),
    "connections.table_forgotten": _("Description of a table forgotten"),
    "budgets.plan_created": _("Plan made"),
    "budgets.plan_changed": _("Plan changed"),
    "budgets.plan_shared": _("Plan shared"),
    "budgets.plan_withdrawn": _("Plan no longer shared"),
    "budgets.plan_archived": _("Plan put away"),
    "budgets.plan_restored": _("Plan taken out again"),
    "dashboards.queried": _("Figures asked"),
    "attribution.asked": _("Attribution asked"),
    "attribution.chosen": _("Model of attribution chosen"),
    "access.totals_shown": _("Network’s totals shown"),
    "access.totals_hidden": _("Network’s totals hidden"),
    "requests.asked": _("Access asked for"),
    "requests.accepted": _("Request accepted"),
    "requests.declined": _("Request declined"),
    "requests.withdrawn": _("Request withdrawn"),
    "requests.list_sent": _("List of requests sent by mail"),
    "tokens.made": _("Access token made"),
    "tokens.revoked": _("Access token revoked"),
    "tracking.retired": _("What was kept long enough removed"),
    "identity.told": _("Person told what is held"),
    "identity.erased": _("Person erased"),
    "identity.corrected": _("Person’s data corrected"),
    "identity.policy_published": _("Privacy policy published"),
    "identity.probable_counted": _("Probable links of people counted or not"),
    "identity.customers_loaded": _("List of customers brought"),
    "identity.customers_forgotten": _("Lists of customers and their links deleted"),
    "identity.matched": _("Probable links of people sought"),
    "identity.taken_back": _("Correction of people taken back"),
    "dashboards.view_saved": _("View saved"),
    "dashboards.view_removed": _("View removed"),
    "dashboards.objective_set": _("Objective set"),
    "dashboards.objective_changed": _("Objective changed"),
    "dashboards.objective_removed": _("Objective removed"),
    "dashboards.objective_restored": _("Objective restored"),
    "dashboards.market_noted": _("Size of the market noted"),
    "dashboards.market_changed": _("Size of the market changed"),
    "dashboards.market_removed": _("Size of the market removed"),
    "dashboards.market_restored": _("Size of the market restored"),
    "dashboards.event_noted": _("Event noted"),
    "dashboards.event_changed": _("Event changed"),
    "dashboards.event_removed": _("Event removed"),
    "dashboards.event_restored": _("Event restored"),
}
KEYS = {
    "name": _("name"),
    "member": _("person"),
    "person": _("person"),
    "email": _("address"),
    "role": _("role"),
    "ends_on": _("last day"),
    "before": _("before"),
    "after": _("after"),
    "manager_number": _("manager number"),
    "holders": _("holders"),
    "from": _("from"),
    "into": _("into"),
    "day": _("day"),
    "quarter": _("quarter"),
    "kept": _("kept"),
    "digest": _("digest"),
    "platform": _("platform"),
    "file": _("file"),
    "because": _("because"),
    "gained": _("gained"),
    "lost": _("lost"),
    "account": _("account"),
    "accounts": _("accounts"),
    "added": _("added"),
    "allowed": _("allowed"),
    "assets": _("accounts and pages"),
    "audience": _("audience"),
    "basis": _("legal basis"),
    "by": _("new value"),
    "ceiling": _("ceiling"),
    "code": _("code"),
    "count": _("number"),
    "customers": _("customers"),
    "days": _("days"),
    "event": _("event"),
    "events": _("events"),
    "events_until": _("events until"),
    "first": _("first"),
    "found": _("found"),
    "identifiers": _("identifiers"),
    "left": _("files that stayed"),
    "links": _("links"),
    "lists": _("lists"),
    "location": _("location"),
    "made": _("made"),
    "metrics": _("figures"),
    "mode": _("mode"),
    "no_longer": _("no longer allowed"),
    "number": _("number"),
    "on": _("counted"),
    "permissions": _("permissions"),
    "purpose": _("purpose"),
    "query": _("question"),
    "recipient": _("recipient"),
    "refused": _("refused"),
    "removed": _("removed"),
    "rows": _("lines"),
    "said": _("said with the file"),
    "scopes": _("rights"),
    "side": _("side"),
    "target": _("target"),
    "kind": _("kind"),
    "fact": _("of what"),
    "amount": _("amount"),
    "conversion_rate": _("conversion rate"),
    "click_rate": _("click rate"),
    "cpm": _("CPM"),
    "period": _("period"),
    "campaign": _("campaign"),
    "level": _("level"),
    "metric": _("figure"),
    "direction": _("direction"),
    "owner": _("who answers for it"),
    "words": _("in words"),
    "measure": _("counted in"),
    "source": _("source"),
    "published_on": _("date of the figure"),
    "growth": _("growth"),
    "against": _("growth on"),
    "model": _("model"),
    "lookback": _("window"),
    "lag": _("not before"),
    "time_zone": _("time zone"),
    "first_month": _("fiscal year begins in"),
    "year_pattern": _("quarters made of"),
    "week_starts_on": _("weeks begin on"),
    "format": _("format"),
    "mapping": _("description of the table"),
    "title": _("title"),
    "note": _("note"),
    "reaches_below": _("shown to those below"),
    "currency": _("currency"),
    "threshold": _("threshold"),
    "token": _("token"),
    "tries": _("tries"),
    "typed": _("as typed"),
    "unit": _("split by"),
    "partner": _("partner"),
    "starts_on": _("first day"),
    "which": _("which counts"),
    "what": _("what"),
    "with_": _("with"),
    "word": _("word"),
}
_DAYS = re.compile(r"\d{4}-\d{2}-\d{2}(\.\.\d{4}-\d{2}-\d{2})?")
# Numbers of our own rows, and addresses of pages, say nothing to people.
UNSAID = ("_id", "query")


def action_word(action: str) -> str:
    """In words; an action that nobody has named yet shows the last part of its code."""
    known = ACTIONS.get(action)
    return gettext(known) if known else action.rpartition(".")[2].replace("_", " ").capitalize()


def details_words(details: dict[str, Any]) -> list[tuple[str, str]]:
    """Each detail as its word and its value; empty ones and numbers of rows are left out."""
    return [
        (_key(key), said)
        for key, value in details.items()
        if not key.endswith(UNSAID) and (said := _value(key, value))
    ]


def _key(key: str) -> str:
    return gettext(KEYS[key]) if key in KEYS else key.replace("_", " ")


def _value(key: str, value: Any) -> str:
    if key == "because":
        return _because(value)
    if key == "said" and isinstance(value, list):
        return ", ".join(_key(str(one)) for one in value)
    return value_word(key, value) or _said(value)


def _because(value: Any) -> str:
    """The act that brought it about, by its code, or what a person gave as a reason."""
    return action_word(str(value)) if str(value) in ACTIONS else _said(value)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{word} {said}" for word, said in details_words(value))
    if isinstance(value, list):
        return ", ".join(filter(None, map(_said, value)))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, str):
        return _word_of(value)
    return "" if value is None else str(value)


def _word_of(code: str) -> str:
    """The words of a role, a platform, a permission or a day; any other text as it is."""
    if code in ROLES:
        return gettext(ROLES[code])  # type: ignore[index]
    if code in NAMES:
        return NAMES[code]
    if _DAYS.fullmatch(code):
        first, _dots, last = code.partition("..")
        return figures.days(date.fromisoformat(first), date.fromisoformat(last or first))
    label = _permissions().get(code)
    return gettext(label) if label else code


@cache
def _permissions() -> dict[str, str]:
    return {one.code: one.label for family in families().values() for one in family.permissions}
