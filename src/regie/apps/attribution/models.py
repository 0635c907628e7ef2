"""What an organisation has chosen, and what a month held when it was closed."""

from django.db import models

from regie.apps.organisations.models import Organisation


class Choice(models.Model):
    """By which model, over which window, reports share conversions of one kind out."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60, default="order")  # “event:” and a name of one's own too
    model = models.CharField(max_length=40)
    lookback = models.CharField(max_length=12)  # as people write it: 30d
    lag = models.CharField(max_length=12, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "kind"], name="a_kind_has_one_choice")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.kind} {self.model} {self.lookback} {self.lag}"


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
    own_events = models.BigIntegerField(null=True)  # None where that was not counted yet
    closed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset", "month"], name="a_month_closes_once")
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} {self.month:%Y-%m}"


class ClosedCredits(models.Model):
    """What each model gave to each unit for a month when it was closed; never changed.

    Of conversions of one ``kind``, of which there were ``conversions`` worth ``value`` (None where
    that was not kept), each with its visits of ``lookback`` and ``lag``. ``given`` maps a model,
    then a unit, to conversions and value in ``currency``.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    month = models.DateField()
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=60, default="order")
    unit = models.CharField(max_length=20, default="channel")
    lookback = models.CharField(max_length=12, default="30d")
    lag = models.CharField(max_length=12, default="", blank=True)
    conversions = models.FloatField(null=True)
    value = models.FloatField(null=True)
    given = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "month", "kind", "unit", "lookback", "lag"],
                name="credits_of_a_month_close_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.month:%Y-%m}"
