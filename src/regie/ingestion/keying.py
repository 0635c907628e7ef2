"""Gives rows the key of their account: which accounts they name, and what these are to Régie."""

from __future__ import annotations

from collections.abc import Mapping

from regie.ingestion import history
from regie.ingestion.accounts import FoundAccount, KnownAccount
from regie.ingestion.staging import Staged
from regie.warehouse.engine import Engine


def found_accounts(staged: Staged, engine: Engine, view: str, lines: str) -> list[FoundAccount]:
    """The accounts that the rows of ``view`` name; ``lines`` counts the lines of several rows."""
    has_history = history.present(engine)
    platform = staged.table.format.platform
    zone = staged.table.format.time_zone or staged.table.preamble.time_zone
    rows = engine.execute(
        "SELECT account_ref, coalesce(max(name), ''), "
        "coalesce(arg_max(code, lines) FILTER (code <> ''), '') FROM ("
        f"SELECT account_ref, currency AS code, max(account_name) AS name, {lines} AS lines "
        f"FROM {view} GROUP BY account_ref, currency) GROUP BY account_ref"
    ).fetchall()
    found = []
    for ref, name, currency in rows:
        from_history = history.account(engine, platform, ref) if has_history else {}
        found.append(
            FoundAccount(
                platform,
                ref,
                name or from_history.get("name", "") or staged.table.preamble.account_name,
                currency or from_history.get("currency", ""),
                from_history.get("time_zone", "") or zone,
            )
        )
    return found


class Keys:
    """The keys of ``known``, in the engine where there are several."""

    def __init__(
        self, engine: Engine, known: Mapping[str, KnownAccount], *, has_currency: bool
    ) -> None:
        self._known = list(known.values())
        self._currency = (
            "u.currency" if has_currency else "coalesce(nullif(u.currency, ''), a.currency)"
        )
        if len(known) == 1:
            return
        engine.execute(
            "CREATE OR REPLACE TEMP TABLE keys (ref VARCHAR, key BIGINT, currency VARCHAR)"
        )
        if known:
            rows = [value for ref, one in known.items() for value in (ref, one.key, one.currency)]
            engine.execute(f"INSERT INTO keys VALUES {', '.join(['(?, ?, ?)'] * len(known))}", rows)

    def over(self, view: str) -> str:
        """SELECT of the rows of ``view`` with their ``asset_key`` and its currency."""
        if len(self._known) == 1:
            (only,) = self._known
            currency = self._currency.replace("a.currency", f"'{only.currency}'")
            key = f"{only.key}::BIGINT AS asset_key"
            return f"SELECT u.* REPLACE ({currency} AS currency), {key} FROM {view} u"
        return (
            f"SELECT u.* REPLACE ({self._currency} AS currency), a.key AS asset_key "
            f"FROM {view} u JOIN keys a ON a.ref = u.account_ref"
        )
