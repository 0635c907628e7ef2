"""Who is who in numbers, for the touches of a scope."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from regie.apps.attribution.kept.visits import ASIDES
from regie.apps.identity import selectors as identity
from regie.domain.attribution.whose import Cut, Told, WhoIsWho
from regie.domain.facts import TOUCHES
from regie.kernel.scope import Scope
from regie.warehouse.by_file import told
from regie.warehouse.views import Session


def who_is_who(session: Session, scope: Scope, *, probable: bool) -> WhoIsWho:
    """The same object as long as nothing that it rests on has changed."""
    owners = sorted(scope.organisations)
    stamp, cut = identity.stamp(owners), identity.cut_pairs(owners)
    # Nothing that is published says anything of these.
    known = session.remember_while(
        (), ("people", stamp, probable), lambda: _known(owners, probable=probable)
    )
    return session.remember_while(
        (TOUCHES.name,), ("who", stamp, cut, probable),
        lambda: WhoIsWho(known, _met(session, cut), _cut(cut)),
    )  # fmt: skip


def _known(owners: list[int], *, probable: bool) -> Told:
    people = identity.people_numbers(owners)
    return Told.of(people.keys, people.owners, people.probable if probable else people.people)


def _cut(pairs: tuple[tuple[int, int], ...]) -> Cut:
    visitors = np.array([2 * visitor for visitor, _person in pairs], np.int64)
    people = np.array([2 * person + 1 for _visitor, person in pairs], np.int64)
    return Cut(visitors, people)


def _met(session: Session, cut: tuple[tuple[int, int], ...]) -> Told:
    """Whom nobody has been worked out for yet: a visitor who was one person only."""
    rows = told(session, TOUCHES.name, ASIDES)
    rows = rows.filter(pc.equal(rows["kind"], "identity"))
    owner, visitor, person = (
        rows[name].fill_null(0).to_numpy() for name in ("owner", "visitor", "person")
    )
    kept = (visitor != 0) & (person != 0) & ~_cut(cut).has(visitor, person)
    owner, visitor, person = owner[kept], visitor[kept], person[kept]
    order = np.lexsort((person, owner, visitor))
    owner, visitor, person = owner[order], visitor[order], person[order]
    same = (visitor[1:] == visitor[:-1]) & (owner[1:] == owner[:-1])
    # Several files may say the same.
    once = ~np.append(False, same & (person[1:] == person[:-1]))[: len(person)]
    owner, visitor, person = owner[once], visitor[once], person[once]
    new = np.ones(len(visitor), np.bool_)
    new[1:] = (visitor[1:] != visitor[:-1]) | (owner[1:] != owner[:-1])
    alone = new & np.append(new[1:], True) if len(new) else new
    return Told.of(visitor[alone], owner[alone], person[alone])
