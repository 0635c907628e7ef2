"""For whom the campaigns of a shared account work: rules, what they come to, what they leave out.

A rule and a list are tried first: who gets what, and how much it has spent, before it is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from regie.apps.assets import selectors as assets
from regie.apps.beneficiaries import selectors, services
from regie.apps.beneficiaries.selectors import Overview, Preview, Target, Trial
from regie.apps.beneficiaries.services import Listed, NewRule
from regie.apps.dashboards.selectors import asker
from regie.domain.beneficiaries.rules import AD_GROUP, ID
from regie.kernel.errors import NotFound, RegieError, WrongUse
from regie.ui import figures
from regie.ui.platforms import platform
from regie.ui.templatetags.ui import say
from regie.web.console.beneficiary_forms import (
    LEVELS,
    WAYS,
    GiveTicked,
    ListOfLabels,
    ListOfRules,
    WriteRule,
)
from regie.web.console.beneficiary_lines import LINES, rules_kept, rules_to_keep
from regie.web.console.beneficiary_money import Spent
from regie.web.console.page import ConsoleRequest, administrators_only, console, show
from regie.web.console.sure import looked_at, packed, unpacked
from regie.web.spreadsheets import as_csv

SHOWN = 100  # of each list on the page; the CSV has all


@console
@require_safe
def beneficiaries(request: ConsoleRequest) -> HttpResponse:
    """The accounts that can serve several, and what works here in accounts of others."""
    branch = sorted(request.branch)
    counts = selectors.ruled_accounts(branch)
    ads, is_more = _ours(request, "ad_account", branch, counts)
    sources, _rest = _ours(request, "source", branch, counts)
    served = Counter(
        asset for asset, _level, _entity in {
            (one.asset, one.level, one.entity) for one in request.scope.parts
        }
    )  # fmt: skip
    context = {
        "accounts": ads,
        "sources": sources,
        "is_more": is_more,
        "shown": SHOWN,
        "served": [(one, platform(one.platform), served[one.key])
                   for one in selectors.cards_of_parts(request.scope)],
    }  # fmt: skip
    return show(request, "console/beneficiaries.html", context)


def _ours(
    request: ConsoleRequest, kind: str, branch: Sequence[int], counts: Mapping[int, int]
) -> tuple[list[tuple[assets.AssetCard, Any, int]], bool]:
    """Accounts of a kind with how many rules each has, and whether there are more."""
    if not request.is_administrator:
        return [], False
    listed = assets.listed(kind, branch, assets.Filter())
    keys = list(listed.values_list("pk", flat=True)[: SHOWN + 1])
    cards = [one for one in assets.cards({*keys[:SHOWN], *counts}) if one.kind == kind]
    ordered = sorted(cards, key=lambda o: (-counts.get(o.key, 0), o.label.casefold(), o.key))
    shown = [(one, platform(one.platform), counts.get(one.key, 0)) for one in ordered]
    return shown, len(keys) > SHOWN


def _overview(request: ConsoleRequest, asset_id: int) -> Overview:
    """Of accounts of the branch that one acts for."""
    found = selectors.overview(actor=request.user, asset_id=asset_id)
    if found.card.organisation_id not in request.branch:
        raise NotFound(_("There is no such account."))
    return found


@administrators_only
@require_safe
def account(request: ConsoleRequest, asset_id: int) -> HttpResponse:
    return _page(request, _overview(request, asset_id))


def _page(
    request: ConsoleRequest, found: Overview, *, form: WriteRule | None = None,
    preview: Preview | None = None, tried: dict[str, Any] | None = None,
    seen: dict[str, Any] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    spent = Spent(asker(request.scope), found.card.key)
    targets = selectors.targets(found.card.organisation_id)
    waiting = sorted(found.unmatched, key=spent.amount, reverse=True)
    context = {
        "console_page": "manager-beneficiaries",
        "found": found,
        "platform": platform(found.card.platform),
        "form": form or _form(None, found, targets),
        "preview": _told(preview, spent) if preview else None,
        "tried": tried,
        "rules": [(one, WAYS[one.way], LEVELS[one.level]) for one in found.rules],
        "unmatched": [(one, spent.by([one]), LEVELS[one.level]) for one in waiting[:SHOWN]],
        "unmatched_spent": spent.by(found.unmatched),
        "doubles": [
            (entity, [(one, WAYS[one.way]) for one in rules])
            for entity, rules in found.doubles[:SHOWN]
        ],
        "shown": SHOWN,
        "give": GiveTicked(targets=targets),
        "rules_list": ListOfRules(),
        "labels_list": ListOfLabels(),
        **(seen or {}),
    }
    return show(request, "console/beneficiary_rules.html", context, status=status)


def _form(data: Any, found: Overview, targets: Sequence[Target]) -> WriteRule:
    levels = selectors.KNOWN_LEVELS[found.card.kind]
    return WriteRule(data, targets=targets, levels=levels, auto_id="rule_%s")


def _told(preview: Preview, spent: Spent) -> dict[str, Any]:
    """“This rule gives 12 campaigns, 3,400 € in the last 30 days, to Nantes.”"""
    count = len(preview.gained)
    if not count and not preview.kept:
        said = _("This rule speaks of no campaign that is there today. Those to come would follow.")
    else:
        said = _given_word(preview).format(
            count=figures.exact(count, "count"), spent=spent.by(preview.gained),
            name=preview.serves.name,
        )  # fmt: skip
    return {
        "said": said,
        "gained": [(one, spent.by([one])) for one in preview.gained[:SHOWN]],
        "kept": preview.kept,
        "taken": preview.taken,
    }


def _given_word(preview: Preview) -> str:
    count = len(preview.gained)
    if any(one.level == AD_GROUP for one in preview.gained):
        return ngettext(
            "This rule gives {count} ad group, {spent} in the last 30 days, to {name}.",
            "This rule gives {count} ad groups, {spent} in the last 30 days, to {name}.",
            count,
        )
    return ngettext(
        "This rule gives {count} campaign, {spent} in the last 30 days, to {name}.",
        "This rule gives {count} campaigns, {spent} in the last 30 days, to {name}.",
        count,
    )


@administrators_only
@require_POST
def write(request: ConsoleRequest, asset_id: int) -> HttpResponse:
    """One rule: tried, then kept as it was tried."""
    found = _overview(request, asset_id)
    targets = selectors.targets(found.card.organisation_id)
    form = _form(request.POST, found, targets)
    if not form.is_valid():
        return _page(request, found, form=form, status=400)
    try:
        preview = selectors.preview(actor=request.user, asset_id=asset_id, new=form.rule)
        groups = (preview.gained, preview.kept, preview.taken)
        shown = [[(one.level, one.id) for one in those] for those in groups]
        seen = looked_at(request, str(preview.serves), shown)
        if seen is not None:
            return _page(request, found, form=form, preview=preview, seen=seen)
        services.add_rules(actor=request.user, asset_id=asset_id, rules=[form.rule])
    except RegieError as error:
        form.add_error(None, f"{say(error.sentence)} {say(error.hint)}")
        return _page(request, found, form=form, status=400)
    messages.success(request, _("The rule is kept: it counts from the next click on."))
    return redirect("manager-beneficiaries-account", asset_id=asset_id)


@administrators_only
@require_POST
def bring(request: ConsoleRequest, asset_id: int) -> HttpResponse:
    """A list: what each line gives, then kept; lines that say nothing clear are told."""
    found = _overview(request, asset_id)
    try:
        listed = _list_of(request, asset_id)
        replace = request.POST.get("replace") == "on"
        asked: dict[str, Any] = {
            "actor": request.user, "asset_id": asset_id, "rules": listed.rules, "replace": replace,
        }  # fmt: skip
        rules = rules_to_keep(listed.rules)
        trial = selectors.try_rules(**asked)
        seen = looked_at(request, _shown(trial), sent=[(LINES, rules), ("replace", str(replace))])
        change = services.add_rules(**asked) if seen is None else None
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-beneficiaries-account", asset_id=asset_id)
    tried = {
        "is_trial": seen is not None,
        "added": change.added if change else 0,
        "removed": change.removed if change else 0,
        "problems": listed.problems,
    }  # fmt: skip
    if seen is None:
        return _page(request, _overview(request, asset_id), tried=tried)
    sent = [(LINES, rules), *([("replace", "on")] if replace else [])]
    tried |= {"address": "manager-beneficiaries-list", "sent": sent, **_moved(request, trial)}
    return _page(request, found, tried=tried, seen=seen)


def _list_of(request: ConsoleRequest, asset_id: int) -> Listed:
    """Of the file, or, once it was tried, of its rules as they were read."""
    if (kept := rules_kept(request.POST.get(LINES, ""))) is not None:
        return Listed(kept, [])
    form = ListOfRules(request.POST, request.FILES)
    if not form.is_valid():
        raise WrongUse(_("Choose a file first."))
    path = form.cleaned_data["upload"]
    return services.read_rules(actor=request.user, asset_id=asset_id, path=path)


def _shown(trial: Trial) -> list[Any]:
    moved = [(one.entity.level, one.entity.id, str(one.was), str(one.will)) for one in trial.moved]
    return [trial.added, trial.removed, moved]


def _moved(request: ConsoleRequest, trial: Trial) -> dict[str, Any]:
    """What a change would move, and who would gain and lose how much."""
    spent = Spent(asker(request.scope), trial.card.key)
    return {
        "trial": trial,
        "balances": [
            (one, spent.by(one.gained), spent.by(one.lost)) for one in trial.balances[:SHOWN]
        ],
        "moved": [(one, LEVELS[one.entity.level]) for one in trial.moved[:SHOWN]],
    }


@administrators_only
@require_POST
def label(request: ConsoleRequest, asset_id: int) -> HttpResponse:
    found = _overview(request, asset_id)
    form = ListOfLabels(request.POST, request.FILES)
    if not form.is_valid():
        messages.warning(request, _("Choose a file first."))
        return redirect("manager-beneficiaries-account", asset_id=found.card.key)
    try:
        labels, problems = services.read_labels(form.cleaned_data["labels"])
        count = services.put_labels(actor=request.user, asset_id=asset_id, labels=labels)
    except RegieError as error:
        messages.warning(request, f"{say(error.sentence)} {say(error.hint)}")
        return redirect("manager-beneficiaries-account", asset_id=asset_id)
    said = ngettext("{count} label is put.", "{count} labels are put.", count)
    messages.success(request, said.format(count=figures.exact(count, "count")))
    for one in problems[:10]:
        line = _("Line {line}: {problem}").format(line=one.line, problem=say(one.problem))
        messages.warning(request, line)
    return redirect("manager-beneficiaries-account", asset_id=asset_id)


@administrators_only
@require_POST
def give(request: ConsoleRequest, asset_id: int) -> HttpResponse:
    """What is ticked among those that work for nobody gets a rule each, by its ID."""
    found = _overview(request, asset_id)
    form = GiveTicked(request.POST, targets=selectors.targets(found.card.organisation_id))
    ticked = {tuple(one.split(":", 1)) for one in request.POST.getlist("entity") if ":" in one}
    known = {(one.level, one.id) for one in found.unmatched}
    if not form.is_valid() or not ticked & known:
        messages.warning(request, _("Tick campaigns, and choose for whom they work."))
        return redirect("manager-beneficiaries-account", asset_id=asset_id)
    rules = [
        NewRule(level, ID, one, form.cleaned_data["to"]) for level, one in sorted(ticked & known)
    ]
    change = services.add_rules(actor=request.user, asset_id=asset_id, rules=rules)
    count = change.added if change else 0
    said = ngettext("{count} rule is kept.", "{count} rules are kept.", count)
    messages.success(request, said.format(count=figures.exact(count, "count")))
    return redirect("manager-beneficiaries-account", asset_id=asset_id)


@administrators_only
@require_POST
def remove(request: ConsoleRequest, asset_id: int) -> HttpResponse:
    """The ticked rules: tried, then taken away."""
    found = _overview(request, asset_id)
    chosen = sorted({*unpacked(request.POST.getlist("rule"))} & {one.id for one in found.rules})
    if not chosen:
        messages.warning(request, _("Tick rules first."))
        return redirect("manager-beneficiaries-account", asset_id=asset_id)
    trial = selectors.try_rules(actor=request.user, asset_id=asset_id, remove=chosen)
    sent = [("rule", packed(chosen))]
    seen = looked_at(request, _shown(trial), sent=sent)
    if seen is not None:
        tried = {"is_trial": True, "is_removal": True, "sent": sent,
                 "address": "manager-beneficiaries-remove", **_moved(request, trial)}  # fmt: skip
        return _page(request, found, tried=tried, seen=seen)
    change = services.remove_rules(actor=request.user, asset_id=asset_id, rule_ids=chosen)
    count = change.removed if change else 0
    said = ngettext("{count} rule is taken away.", "{count} rules are taken away.", count)
    messages.success(request, said.format(count=figures.exact(count, "count")))
    return redirect("manager-beneficiaries-account", asset_id=asset_id)


@administrators_only
@require_POST
def undo(request: ConsoleRequest, asset_id: int, change_id: int) -> HttpResponse:
    _overview(request, asset_id)
    try:
        services.undo_change(actor=request.user, asset_id=asset_id, change_id=change_id)
    except NotFound:
        raise
    except RegieError as error:
        messages.warning(request, say(error.sentence))
    else:
        messages.success(request, _("Undone: the rules are what they were before."))
    return redirect("manager-beneficiaries-account", asset_id=asset_id)


@administrators_only
@require_safe
def rules_csv(request: ConsoleRequest, asset_id: int) -> HttpResponse:
    """In the order in which they count; the same file can be brought back."""
    found = _overview(request, asset_id)
    rows = [
        (
            found.card.shown_id or found.card.label, one.level, one.way, one.value,
            one.serves.key if one.serves else "", one.starts or "", one.ends or "",
        )
        for one in found.rules
    ]  # fmt: skip
    return as_csv("regie-beneficiary-rules", services.COLUMNS, rows)


@administrators_only
@require_safe
def campaigns_csv(request: ConsoleRequest, asset_id: int) -> HttpResponse:
    """Every campaign, whom it works for and by which rule; nobody is said too."""
    found = _overview(request, asset_id)
    header = ["level", "id", "name", "campaign", "beneficiary", "from", "to", "by", "value"]
    return as_csv("regie-beneficiaries", header, selectors.assignments(found))
