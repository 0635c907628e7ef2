"""Forgets one person, or corrects one of his names, wherever it is written: step by step.

Each step is one transaction, which notes what it found and how far the work has come. A kill loses
the step under way at most: whoever takes the request up does the rest, and nothing counts twice.
The last step deletes what the person is found by, empties the request, and searches everything.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Any, Final

from django.db import connection, transaction

from regie.apps.access.context import operating
from regie.apps.audiences import services as audiences
from regie.apps.audit import services as audit
from regie.apps.connections import services as connections
from regie.apps.identity.finding import Subject, find_person
from regie.apps.identity.models import PersonRequest
from regie.apps.identity.remaining import remaining
from regie.apps.identity.rewriting import check_digests, correct_identifiers, correct_members
from regie.apps.identity.solving import solve_organisation
from regie.apps.identity.telling import events_of, lead_ids
from regie.apps.organisations import selectors as organisations
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services as tracking
from regie.domain.privacy.names import names_of
from regie.kernel import clock
from regie.warehouse import catalogue, home, masking
from regie.warehouse.engine import Engine, scratch
from regie.warehouse.upkeep import GRACE_S

FILES_AT_ONCE: Final = 8  # of facts: as long as nobody else publishes
HEARD, JOURNALS, FACTS, INPUTS, ENDING = "heard", "journals", "facts", "inputs", "ending"
_FACTS_FROM, _FACTS_TO = 10, 70  # percent: most of the work


def work(request: PersonRequest) -> None:
    """From wherever an earlier try has come to, to the end."""
    _note(request, HEARD, 1, tries=request.tries + 1)
    publish_what_waits()
    _journals(request)
    with home.workplace() as folder, scratch(folder) as engine:
        seen = _facts(request, engine)
        last = _inputs(request)
        _end(request, engine, seen, last)


def _subject(request: PersonRequest) -> Subject:
    """Who it is about; of a correction the wrong name alone."""
    said, owners = request.asking, below(request.organisation)
    if request.kind == "erasure":
        return find_person(owners, said["text"], country=said["country"])
    return Subject(tuple(sorted(owners)), (), names_of([said["text"]], country=said["country"]))


def _journals(request: PersonRequest) -> None:
    """Counted before they change: what was blanked by an earlier try is not found again."""
    with operating():
        names = _subject(request).names
        if "journal_records" not in request.found:
            _count(request, journal_records=tracking.blank_journals(names, dry=True))
        _note(request, JOURNALS, 5)
    with operating():
        tracking.blank_journals(names)


def _facts(request: PersonRequest, engine: Engine) -> set[int]:
    """Returns the files that were looked at."""
    with operating():
        waiting = masking.numbers(connection.connection)
    for start in range(0, len(waiting), FILES_AT_ONCE):
        share = start / len(waiting)
        with operating():
            _note(request, FACTS, _FACTS_FROM + int((_FACTS_TO - _FACTS_FROM) * share))
            _mask(request, engine, _subject(request), waiting[start : start + FILES_AT_ONCE])
    return set(waiting)


def _mask(request: PersonRequest, engine: Engine, subject: Subject, among: Collection[int]) -> None:
    """Write these files of facts again without the names, in the caller's transaction."""
    database, lake = connection.connection, home.lake()
    catalogue.lock_for_publishing(database)
    owners, names = subject.organisations, subject.names
    found, broken = masking.find(
        database, lake, engine, organisations=owners, names=names, among=set(among)
    )
    if broken:
        request.asking["broken"] = sorted({*request.asking.get("broken", ()), *broken})
        request.save(update_fields=["asking"])
    named = masking.imports_naming(database, lake, engine, found, owners, names)
    gone = masking.mask(
        database, lake, engine, found, organisations=owners, names=names,
        by=request.asking.get("right", ""),
    )  # fmt: skip
    _count(request, **{f"facts_{one.table}": one.rows for one in found})
    if named or gone:
        # Once it is mended nothing says any more whose rows they were.
        request.asking["named"] = sorted({*request.asking.get("named", ()), *named})
        request.save(update_fields=["asking"])
        _leave(request, files=gone)


def _inputs(request: PersonRequest, after: int = 0) -> int:
    """Returns the number of the last import that was looked at."""
    with operating():
        if not after:
            _note(request, INPUTS, _FACTS_TO)
        subject = _subject(request)
        mended = connections.mend_imports(
            subject.organisations, subject.names, named=request.asking.get("named", ()),
            by=request.asking.get("right", ""), after=after,
        )  # fmt: skip
        request.removed += mended.removed
        request.save(update_fields=["removed"])
        _count(
            request, kept_inputs=mended.inputs, kept_inputs_removed=len(mended.removed),
            imports=mended.imports,
        )  # fmt: skip
        _leave(request, inputs=mended.former)
    return mended.last


def _end(request: PersonRequest, engine: Engine, seen: Collection[int], last: int) -> None:
    with operating():
        _note(request, ENDING, 85)
    with operating():
        database, lake = connection.connection, home.lake()
        catalogue.lock_for_publishing(database)
        subject = _subject(request)
        # What came in since the first steps.
        _mask(request, engine, subject, set(masking.numbers(database)) - set(seen))
        _inputs(request, after=last)
        stray = masking.unread(lake, engine, database, names=subject.names).naming
        _leave(
            request, files=[path for path in stray if lake.age_s(path) >= GRACE_S],
            inputs=connections.stray_inputs(subject.names),
        )  # fmt: skip
        owners, right = subject.organisations, request.asking.get("right", "")
        _count(request, redemptions=tracking.mend_redemptions(owners, subject.names, right))
        if request.kind == "erasure":
            _forget(request, subject, engine)
        else:
            _rewrite(request, subject)
        _done(request, subject, engine)


def _forget(request: PersonRequest, subject: Subject, engine: Engine) -> None:
    events = events_of(subject, engine)
    found = {"events": len(events)}
    found |= tracking.forget_identifiers(subject.keys, lead_ids(events), subject.organisations)
    found |= audiences.forget_digests(subject.organisations, subject.digests)
    for owner in sorted({one.organisation_id for one in subject.identifiers}):
        solve_organisation(owner)  # whom he was linked with has news
    _count(request, **found)


def _rewrite(request: PersonRequest, subject: Subject) -> None:
    said = request.asking
    found = correct_identifiers(
        subject.organisations, subject.names, said["right"], said["country"]
    ) | correct_members(subject, said["right"], said["country"])
    for owner in subject.organisations:
        solve_organisation(owner)
    _count(request, **found)


def _done(request: PersonRequest, subject: Subject, engine: Engine) -> None:
    """The proof of what was done; who it was is forgotten with it."""
    actor_id = request.asking.get("actor")
    gone = {path for kind, path in request.leaving if kind == "file"}
    broken = request.asking.get("broken", ())
    request.asking, request.step, request.percent = {}, "", 100
    request.done_at = clock.now()
    request.found = {name: count for name, count in request.found.items() if count}
    request.save()
    request.left = [
        {"where": one.where, "count": one.count, "names": list(one.names)}
        for one in remaining(engine, subject, gone, broken)
    ]
    request.save(update_fields=["left"])
    record(request, actor_id=actor_id)


def record(request: PersonRequest, *, actor_id: int | None) -> None:
    audit.record(
        organisation_id=request.organisation_id, action=f"identity.{request.kind}",
        actor_id=actor_id, actor=request.done_by, found=sum(request.found.values()),
        left=len(request.left),
    )  # fmt: skip


def remove_leaving(request_id: int) -> None:
    """Remove what nobody reads any more, once the transaction that said so is committed."""
    with operating():
        request = PersonRequest.objects.select_for_update().filter(pk=request_id).first()
        if request is None or not request.leaving:
            return
        for kind, path in request.leaving:
            if kind == "file":
                home.lake().remove(path)
        connections.remove_inputs([path for kind, path in request.leaving if kind == "input"])
        request.leaving = []
        request.save(update_fields=["leaving"])


def _leave(
    request: PersonRequest, *, files: Collection[str] = (), inputs: Collection[str] = ()
) -> None:
    there = [["file", path] for path in files] + [["input", path] for path in inputs]
    if there:
        request.leaving += [one for one in there if one not in request.leaving]
        request.save(update_fields=["leaving"])
        transaction.on_commit(partial(_removed, request))


def _removed(request: PersonRequest) -> None:
    remove_leaving(request.pk)
    request.leaving = []


def _count(request: PersonRequest, **found: int) -> None:
    for name, count in found.items():
        request.found[name] = request.found.get(name, 0) + count
    request.save(update_fields=["found"])


def _note(request: PersonRequest, step: str, percent: int, **more: Any) -> None:
    request.step, request.percent = step, max(percent, request.percent)
    for name, value in more.items():
        setattr(request, name, value)
    with operating():
        request.save(update_fields=["step", "percent", *more])


def below(organisation: Organisation) -> list[int]:
    return [one.pk for one in organisations.branch_of(organisation)]


def publish_what_waits() -> None:
    """What the collector heard and nobody published yet would come up again later."""
    while tracking.publish_events().is_behind:
        pass


__all__ = ["below", "check_digests", "publish_what_waits", "record", "remove_leaving", "work"]
