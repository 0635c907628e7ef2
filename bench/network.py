"""The advertisers that benches measure with: 20,000 ads of 2,000 campaigns of 50 accounts.

Everything comes from the number of the row, so that two runs measure the same work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from regie.kernel.periods import Period

ADS, ADS_OF_GROUP, ADS_OF_CAMPAIGN, ADS_OF_ACCOUNT = 20_000, 2, 10, 400
ACCOUNTS = ADS // ADS_OF_ACCOUNT
FIRST_ACCOUNT = 1_000_000_000
LAST_DAY = date(2026, 6, 30)


@dataclass(frozen=True)
class Network:
    """``rows`` lines of figures: each ad once a day, the last day being the same in all sizes."""

    rows: int

    @property
    def days(self) -> int:
        return -(-self.rows // ADS)

    @property
    def first_day(self) -> date:
        return LAST_DAY - timedelta(days=self.days - 1)

    def select(self, period: Period | None = None) -> str:
        """One row per ad and day, the days in order: names, ids and figures, typed.

        The rows of ``period`` alone are numbered as among all the others.
        """
        first, after = 0, self.rows
        if period is not None:
            first = max(first, (period.start - self.first_day).days * ADS)
            after = min(after, ((period.end - self.first_day).days + 1) * ADS)
        return (
            "SELECT *, (impressions * (hash(i, 2) % 60) // 1000)::BIGINT AS clicks, "
            "(impressions * (hash(i, 3) % 2000)::BIGINT / 100000)::DECIMAL(12,2) AS cost, "
            "CASE WHEN hash(i, 4) % 4 = 0 THEN hash(i, 5) % 500 ELSE 0 END::DECIMAL(12,2) "
            "/ 100 AS conversions FROM ("
            f"SELECT i, DATE '{self.first_day}' + (i // {ADS})::INTEGER AS day, "
            f"{FIRST_ACCOUNT} + ad // {ADS_OF_ACCOUNT} AS account_id, "
            f"'Maison ' || (ad // {ADS_OF_ACCOUNT}) AS account, "
            f"20000000000 + ad // {ADS_OF_CAMPAIGN} AS campaign_id, "
            f"'Réseau | Campagne ' || (ad // {ADS_OF_CAMPAIGN}) AS campaign, "
            f"30000000000 + ad // {ADS_OF_GROUP} AS ad_group_id, "
            f"'Groupe ' || (ad // {ADS_OF_GROUP}) AS ad_group, 40000000000 + ad AS ad_id, "
            "CASE WHEN hash(i) % 20 = 0 THEN 1000 + hash(i, 1) % 20000 "
            "ELSE hash(i, 1) % 1000 END::BIGINT AS impressions "
            f"FROM (SELECT range AS i, range % {ADS} AS ad FROM range({first}, {after})))"
        )
