"""The thirteen whole weeks that the tests of budgets are about."""

from __future__ import annotations

from datetime import date, timedelta

MONDAY = date(2026, 6, 1)
WEEKS = 13
LAST = MONDAY + timedelta(7 * WEEKS - 1)
DAYS = f"from={MONDAY}&to={LAST}"
