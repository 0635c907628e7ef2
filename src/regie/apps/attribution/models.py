"""What a month held when it was closed, so that what came later can be said."""

from django.db import models

from regie.apps.organisations.models import Organisation


class ClosedMonth(models.Model):
    """Counts of one measured account's month at its closing: they never change afterwards."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    visits = models.BigIntegerField()
    orders = models.BigIntegerField()
    refunds = models.BigIntegerField()
    leads = models.BigIntegerField()
    calls = models.BigIntegerField()
    closed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "month"], name="a_month_closes_once")
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.month:%Y-%m}"
