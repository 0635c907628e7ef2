"""The day it is where the organisations of the tests are, whatever the machine’s clock says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def today() -> date:
    return datetime.now(PARIS).date()


def yesterday() -> date:
    return today() - timedelta(days=1)
