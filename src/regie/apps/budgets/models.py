"""A saved plan: what was hoped for stays as it was written, whatever happens later."""

from django.db import models
from django.db.models import F, Q

from regie.apps.organisations.models import Organisation


class Direction(models.TextChoices):
    GOAL = "goal"
    BUDGET = "budget"


class Plan(models.Model):
    """``amount`` is sales or money, as ``direction`` says. Until it is shared, its author alone
    sees it: row security holds that too."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    author_id = models.BigIntegerField()
    author = models.CharField(max_length=200)
    name = models.CharField(max_length=120)
    direction = models.CharField(max_length=6, choices=Direction)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    conversion_rate = models.DecimalField(max_digits=9, decimal_places=8)
    click_rate = models.DecimalField(max_digits=9, decimal_places=8)
    cpm = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    window_days = models.PositiveSmallIntegerField(default=30)
    lag_days = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    campaign = models.CharField(max_length=200, blank=True)
    # Objectives are of a floor above: their number is known here, and nothing else of them.
    objective_id = models.BigIntegerField(null=True)
    is_shared = models.BooleanField(default=False)
    is_archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-changed_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="plan_amount_above_zero"),
            models.CheckConstraint(condition=Q(cpm__gt=0), name="plan_cpm_above_zero"),
            models.CheckConstraint(
                condition=Q(
                    conversion_rate__gt=0, conversion_rate__lte=1, click_rate__gt=0,
                    click_rate__lte=1,
                ),
                name="plan_rates_are_shares",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True, ends_on__isnull=True)
                | Q(starts_on__lte=F("ends_on")),
                name="plan_days_in_order",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name
