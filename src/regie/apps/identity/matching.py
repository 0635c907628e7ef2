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
from regie.apps.identity.solving import solve_organisation
from regie.apps.organisations.models import Organisation
from regie.apps.tracking import services as tracking
from regie.ingestion.files.lists import read_list
from regie.kernel import clock
from regie.kernel.errors import Refused, WrongUse
from regie.kernel.i18n import _
from regie.warehouse.matching import COLUMNS, LEAST_RECORDS, probable_matches

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
# What the model holds for certain is still only what it holds.
NEARLY_SURE: Final = 1 - 1e-9


@dataclass(frozen=True)
class Matched:
    """``precision`` is the share of ``links`` that the model itself expects to be right."""

    records: int
    links: int
    precision: float | None


@transaction.atomic
def load_customers(*, actor: User | None, organisation: Organisation, path: Path) -> int:
    """Take in a file of customers for comparing; a customer who comes again is replaced.

    Returns how many. Raises ``WrongUse`` where no column holds customer numbers.
    """
    policies.check_may_look(actor=actor, organisation=organisation)
    said: dict[str, dict[str, str]] = {}
    with read_list(path, HEADINGS, most=MOST) as found:
        if "customer" not in found.columns:
            raise WrongUse(
                _("No column holds customer numbers."),
                hint=_("Call it “customer” in the first line of the file."),
            )
        for row in found.rows:
            if row["customer"] and not row.problem:
                said[row["customer"]] = {name: row[name] for name in COLUMNS if row[name]}
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
    _record(actor, organisation, "identity.customers_loaded", customers=len(said))
    return len(said)


@transaction.atomic
def match_customers(*, actor: User | None, organisation: Organisation) -> Matched:
    """Compare the organisation's customers; the finds take the place of the former ones."""
    policies.check_may_look(actor=actor, organisation=organisation)
    records = list(
        CustomerRecord.objects.filter(organisation=organisation).order_by("identifier_id")
    )
    if len(records) < LEAST_RECORDS:
        raise Refused(
            _("There are too few customers to compare: 50 at least are needed."),
            hint=_("Load a larger file of customers."),
        )
    columns: dict[str, pa.Array] = {
        name: pa.array([one.said.get(name) for one in records], pa.string()) for name in COLUMNS
    }
    keys = pa.array([one.identifier_id for one in records], pa.int64())
    try:
        found = probable_matches(pa.table({"key": keys, **columns}), least=LEAST_KEPT)
    except ValueError as error:
        raise Refused(
            _("Names alone do not tell people apart."),
            hint=_("Add a birth date, an e-mail, a telephone or an address to the file."),
        ) from error
    Probable.objects.filter(organisation=organisation).delete()
    pairs = found.pairs.to_pylist()
    Probable.objects.bulk_create(
        [
            Probable(
                organisation=organisation, one_id=pair["left"], other_id=pair["right"],
                probability=min(pair["probability"], NEARLY_SURE), found_at=clock.now(),
            )
            for pair in pairs
        ],
        batch_size=5_000,
    )  # fmt: skip
    Solution.objects.update_or_create(
        organisation=organisation,
        defaults={"matched_at": clock.now(), "precision": found.expected_precision},
    )
    solve_organisation(organisation.pk)
    _record(actor, organisation, "identity.matched", links=len(pairs))
    return Matched(len(records), len(pairs), found.expected_precision)


LEAST_KEPT: Final = 0.5  # less likely than not is no evidence


def _record(actor: User | None, organisation: Organisation, action: str, **details: object) -> None:
    audit.record(
        organisation_id=organisation.pk, action=action, actor_id=actor.pk if actor else None,
        actor=str(actor) if actor else audit.OPERATOR, **details,
    )  # fmt: skip
