"""Who sends a request, as far as may be kept: a network, and a key that dies with the day.

The whole address is used in memory only. The key of the day mixes it with a random salt that is
destroyed the next day: from then on nobody, we included, can tell who it was.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from regie.collector.registry import Network

DAY_US = 86_400_000_000
MOST_KNOWN = 20_000  # visitors of the last moments, in memory only


def truncated(address: str) -> str:
    """The address without its last part: 256 neighbours in IPv4, a site of 2^80 in IPv6."""
    if ":" not in address:
        return address.rpartition(".")[0] + ".0" if address.count(".") == 3 else ""
    try:
        whole = ip_address(address)
    except ValueError:
        return ""
    mapped = whole.ipv4_mapped if isinstance(whole, IPv6Address) else None
    if mapped is not None:
        return truncated(str(mapped))
    return str(IPv6Address(int(whole) >> 80 << 80))


@lru_cache(maxsize=4096)  # in memory only
def is_within(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        whole: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    mapped = whole.ipv4_mapped if isinstance(whole, IPv6Address) else None
    names = [whole] if mapped is None else [whole, mapped]
    return any(name in network for network in networks for name in names)


class DayKeys:
    """Keys of one day: the same browser at the same address, on the same site, has the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._day = -1
        self._salt = b""
        self._known: dict[tuple[str, str, str], tuple[str, str]] = {}

    def known(self, at_us: int, place: str, address: str, agent: str) -> tuple[str, str]:
        """The truncated address, and the key of the day."""
        if at_us // DAY_US != self._day:
            self._turn(at_us // DAY_US)
            self._known.clear()
        who = (place, address, agent)
        found = self._known.get(who)
        if found is None:
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            found = self._known[who] = (truncated(address), self._key(place, address, agent))
        return found

    def _key(self, place: str, address: str, agent: str) -> str:
        mixed = hashlib.blake2b(
            f"{place}\n{address}\n{agent}".encode("utf-8", "replace"), key=self._salt, digest_size=8
        )
        return mixed.hexdigest()

    def _turn(self, day: int) -> None:
        """The salt of ``day``, shared by all processes of this machine; older ones go."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()
        path = self._folder / name
        if not path.exists():
            temporary = self._folder / f".{name}.{os.getpid()}"
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
                file.write(secrets.token_bytes(32))
            with suppress(FileExistsError):
                os.link(temporary, path)
            temporary.unlink()
        self._salt, self._day = path.read_bytes(), day
        for other in self._folder.glob("????-??-??"):
            if other.name < name:
                other.unlink(missing_ok=True)
