"""Customers who are probably one: files of customers are compared, and each find kept as evidence.

Two customer numbers of one organisation may be one person; nobody is compared across organisations.
A find is never sure, and counts only where an administrator let probable links count.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
from django.db import transaction

from regie.apps.accounts.models import User
from regie.apps.audit import services as audit
from regie.apps.identity import policies
from regie.apps.identity.models import CustomerRecord, Probable, Solution
from regie.apps.identity.solving import compared, solve_organisation
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services as tracking
from regie.ingestion.files.lists import read_list
from regie.kernel import clock
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import Sentence, _, say
from regie.warehouse.matching import COLUMNS, LEAST_RECORDS, TELLING, Matches, probable_matches

HEADINGS: Final = {
    "customer": ("customer", "customer_id", "client", "id_client", "numéro de client"),
    "first_name": ("first_name", "prénom"), "last_name": ("last_name", "nom"),
    "birth_date": ("birth_date", "date de naissance"), "street": ("street", "rue", "adresse"),
    "street_number": ("street_number", "numéro"),
    "address_line_2": ("address_line_2", "complément"), "city": ("city", "ville"),
    "postcode": ("postcode", "code postal"), "region": ("region", "région"),
    "phone": ("phone", "téléphone", "mobile"), "email": ("email", "e-mail", "courriel"),
}  # fmt: skip
MOST: Final = 2_000_000
LONGEST: Final = 200
TOLD: Final = 100  # refused lines, with their reasons
# What the model holds for certain is still only what it holds.
NEARLY_SURE: Final = 1 - 1e-9


@dataclass(frozen=True)
class Matched:
    """``precision`` is the share of ``links`` that the model itself expects to be right."""

    records: int
    links: int
    precision: float | None


@dataclass(frozen=True)
class Loaded:
    """``repeated`` lines name a customer whom a later line names too: the last one counts.

    ``refused`` has the first refused lines with the reason of each, ``refused_count`` says how many
    there are.
    """

    customers: int
    repeated: int
    refused_count: int
    refused: tuple[tuple[int, Sentence], ...]


@transaction.atomic
def load_customers(*, actor: User | None, organisation: Organisation, path: Path) -> Loaded:
    """Take in a file of customers for comparing; a customer who comes again is replaced.

    Raises ``WrongUse`` where no column holds customer numbers.
    """
    policies.check_may_look(actor=actor, organisation=organisation)
    said: dict[str, dict[str, str]] = {}
    repeated, refused_count, refused = 0, 0, list[tuple[int, Sentence]]()
    with read_list(path, HEADINGS, most=MOST) as found:
        if "customer" not in found.columns:
            raise WrongUse(
                _("No column holds customer numbers."),
                hint=_("Call it “customer” in the first line of the file."),
            )
        for row in found.rows:
            problem = row.problem or _problem(row["customer"])
            if problem is None:
                repeated += row["customer"] in said
                said[row["customer"]] = {name: row[name] for name in COLUMNS if row[name]}
                continue
            refused_count += 1
            if len(refused) < TOLD:
                refused.append((row.line, problem))
    now = clock.now()
    keys = tracking.know_identifiers(organisation.pk, "customer", sorted(said), at=now)
    CustomerRecord.objects.filter(identifier_id__in=list(keys.values())).delete()
    CustomerRecord.objects.bulk_create(
        [
            CustomerRecord(
                organisation=organisation, identifier_id=keys[name], said=cells, loaded_at=now
            )
            for name, cells in said.items()
        ],
        batch_size=5_000,
    )
    _record(
        actor, organisation, "identity.customers_loaded", customers=len(said),
        refused=refused_count,
    )  # fmt: skip
    return Loaded(len(said), repeated, refused_count, tuple(refused))


def _problem(customer: str) -> Sentence | None:
    if not customer:
        return say(_("There is no customer number."))
    if len(customer) > LONGEST:
        return say(_("A customer number has at most {most} characters."), most=LONGEST)
    return None


@transaction.atomic
def forget_customers(*, actor: User | None, organisation: Organisation) -> int:
    """Delete what files of customers said, and the probable links found in it.

    Their numbers stay where orders name them. Returns how many customers there were.
    """
    policies.check_may_look(actor=actor, organisation=organisation)
    touched = compared(organisation.pk)
    Probable.objects.filter(organisation=organisation).delete()
    count, _each = CustomerRecord.objects.filter(organisation=organisation).delete()
    Solution.objects.filter(organisation=organisation).update(
        asked_at=None, failed_at=None, matched_at=None, precision=None
    )
    solve_organisation(organisation.pk, touched=touched)
    _record(actor, organisation, "identity.customers_forgotten", customers=count)
    return count


def check_can_compare(organisation: Organisation) -> None:
    """Raises ``Refused`` where nothing could be learnt from what files said."""
    found = CustomerRecord.objects.filter(organisation=organisation)
    if found.count() < LEAST_RECORDS:
        raise Refused(
            _("There are too few customers to compare: 50 at least are needed."),
            hint=_("Load a larger file of customers."),
        )
    if not found.filter(said__has_any_keys=list(TELLING)).exists():
        raise Refused(
            _("Names alone do not tell people apart."),
            hint=_("Add a birth date, an e-mail, a telephone or an address to the file."),
        )


def match_customers(*, actor: User | None, organisation: Organisation) -> Matched:
    """Compare the organisation's customers; the finds take the place of the former ones."""
    policies.check_may_look(actor=actor, organisation=organisation)
    customers = read_customers(organisation)
    found = probable_matches(customers, least=LEAST_KEPT)
    return keep_matches(found, len(customers), actor=actor, organisation=organisation)


def read_customers(organisation: Organisation) -> pa.Table:
    """``key`` and what files said of each customer. Raises ``Refused`` where that is too little."""
    check_can_compare(organisation)
    records = list(
        CustomerRecord.objects.filter(organisation=organisation).order_by("identifier_id")
    )
    columns: dict[str, pa.Array] = {
        name: pa.array([one.said.get(name) for one in records], pa.string()) for name in COLUMNS
    }
    return pa.table(
        {"key": pa.array([one.identifier_id for one in records], pa.int64()), **columns}
    )


@transaction.atomic
def keep_matches(
    found: Matches, customers: int, *, actor: User | None, organisation: Organisation
) -> Matched:
    """Of those whose numbers still stand: who was erased meanwhile is compared with nobody."""
    ends = {key for side in ("left", "right") for key in found.pairs[side].to_pylist()}
    here = set(
        CustomerRecord.objects.filter(organisation=organisation, identifier_id__in=ends)
        .values_list("identifier_id", flat=True)
    )  # fmt: skip
    pairs = [one for one in found.pairs.to_pylist() if {one["left"], one["right"]} <= here]
    Probable.objects.filter(organisation=organisation).delete()
    now = clock.now()
    Probable.objects.bulk_create(
        [
            Probable(
                organisation=organisation, one_id=pair["left"], other_id=pair["right"],
                probability=min(pair["probability"], NEARLY_SURE), found_at=now,
            )
            for pair in pairs
        ],
        batch_size=5_000,
    )  # fmt: skip
    Solution.objects.update_or_create(
        organisation=organisation,
        defaults={"matched_at": now, "precision": found.expected_precision},
    )
    solve_organisation(organisation.pk)
    _record(actor, organisation, "identity.matched", links=len(pairs))
    return Matched(customers, len(pairs), found.expected_precision)


LEAST_KEPT: Final = 0.5  # less likely than not is no evidence


def _record(actor: User | None, organisation: Organisation, action: str, **details: object) -> None:
    audit.record(
        organisation_id=organisation.pk, action=action, actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR, **details,
    )  # fmt: skip
