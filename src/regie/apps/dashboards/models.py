"""Objectives, events and saved views of an organisation; row security hides those of others."""

from django.db import models
from django.db.models import F, Q

from regie.apps.organisations.models import Organisation


class Objective(models.Model):
    """It has a target, or a growth whose target is worked out of the days it is ``against``.

    ``before`` holds what the last change replaced, so that it can be taken back.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=12)
    kind = models.CharField(max_length=16)
    metric = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    target = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    growth = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    against = models.CharField(max_length=8, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    direction = models.CharField(max_length=8)
    owner = models.CharField(max_length=120)
    words = models.CharField(max_length=200, blank=True)
    serves = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="served_by"
    )
    author_id = models.BigIntegerField()
    changed_by_id = models.BigIntegerField(null=True)
    before = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "starts_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(target__gt=0), name="objective_target_above_zero"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="objective_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False, growth__isnull=True, against="")
                | (Q(target__isnull=True, growth__gt=-1) & ~Q(against="")),
                name="objective_target_or_growth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.starts_on}..{self.ends_on}"


class Annotation(models.Model):
    """An event on the time line. ``before`` holds what the last change replaced."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    starts_on = models.DateField()
    ends_on = models.DateField()
    note = models.CharField(max_length=500, blank=True)
    reaches_below = models.BooleanField(default=False)
    author_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="annotation_days_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.starts_on}..{self.ends_on}"


class SavedView(models.Model):
    """A report as somebody likes to see it. Until it is shared its author alone sees it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    author_id = models.BigIntegerField()
    author = models.CharField(max_length=200)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "name"])]

    def __str__(self) -> str:
        return self.name


class MarketSize(models.Model):
    """What a market sold in some days. ``before`` holds what the last change replaced."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=12)
    starts_on = models.DateField()
    ends_on = models.DateField()
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3, blank=True)
    source = models.CharField(max_length=200)
    published_on = models.DateField()
    author_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    removed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "starts_on"])]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="market_above_zero"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="market_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.starts_on}..{self.ends_on}"
