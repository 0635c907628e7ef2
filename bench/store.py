"""A store filled without files: the network's facts published by the warehouse's own code."""

from __future__ import annotations

from bench.network import ACCOUNTS, ADS_OF_ACCOUNT, FIRST_ACCOUNT, LAST_DAY, Network
from regie.domain.facts import PERFORMANCE
from regie.ingestion.accounts import FoundAccount
from regie.kernel.periods import Period, month_end, months

PLATFORM = "google_ads"
_FIGURES = {
    "date": "day",
    "level": "'ad'",
    "campaign_id": "campaign_id::VARCHAR",
    "ad_group_id": "ad_group_id::VARCHAR",
    "ad_id": "ad_id::VARCHAR",
    "currency": "'EUR'",
    "impressions": "impressions",
    "clicks": "clicks",
    "spend": "cost",
    "import_id": "1",
    "origin": "'bench'",
    "provisional": "false",
}


def fill(network: Network) -> int:
    """Publish ``network`` in the installation of this process. Returns the first asset's key."""
    from django.db import connection

    from regie.apps.access.context import operating
    from regie.apps.assets.services import resolve_accounts
    from regie.apps.connections import storage
    from regie.apps.organisations.models import Organisation
    from regie.warehouse import catalogue
    from regie.warehouse.engine import scratch
    from regie.warehouse.publish import publish

    lake = storage.lake()
    with operating(), storage.workplace() as folder, scratch(folder) as engine:
        organisation = Organisation.objects.get()
        accounts = [
            FoundAccount(PLATFORM, str(FIRST_ACCOUNT + number), f"Maison {number}", "EUR")
            for number in range(ACCOUNTS)
        ]
        keys = sorted(one.key for one in resolve_accounts(organisation, accounts).values())
        written = []
        for month in months(Period(network.first_day, LAST_DAY)):
            days = Period(month, month_end(month))
            rows = facts(network, organisation.pk, keys[0], days)
            file = lake.write(engine, PERFORMANCE.name, month, rows, order="")
            written += [file] if file else []
        database = connection.connection
        catalogue.lock_for_publishing(database)
        stored = catalogue.register(database, written)
        publish(database, lake, engine, windows=[], new_files=stored, reason="bench")
    return keys[0]


def facts(network: Network, organisation: int, first_key: int, period: Period | None = None) -> str:
    """The rows of ``network`` as they stand in the table of performance."""
    own = _FIGURES | {
        "organisation_id": str(organisation),
        "asset_key": f"{first_key} + (ad_id - 40000000000) // {ADS_OF_ACCOUNT}",
    }
    columns = ", ".join(
        f"CAST({own.get(column.name, 'NULL')} AS {column.type}) AS {column.name}"
        for column in PERFORMANCE.columns
    )
    return f"SELECT {columns} FROM ({network.select(period)})"
