"""Dated rules of an account, every change of them, and what they come to campaign by campaign."""

from django.db import models
from django.db.models import Q

from regie.apps.organisations.models import Organisation


class Change(models.Model):
    """Rules written and taken away by one act; undone as a whole. ``organisation`` owns them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=200)
    added = models.IntegerField(default=0)
    removed = models.IntegerField(default=0)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"+{self.added} −{self.removed} on {self.asset_id}"


class Rule(models.Model):
    """``value`` looks for campaigns or ad groups in one ``way``; they work for ``serves``, an
    organisation, or for ``location``, an asset. The days are both included; None is open.

    A rule that was taken away stays, for undoing and for the record.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10)
    way = models.CharField(max_length=10)
    value = models.CharField(max_length=200)
    serves = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(
        "assets.Asset", null=True, on_delete=models.CASCADE, related_name="+"
    )
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    added_by = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="+")
    removed_by = models.ForeignKey(Change, null=True, on_delete=models.CASCADE, related_name="+")
    stands = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["asset"], condition=Q(stands=True), name="standing_rule_of_asset")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(serves__isnull=True) ^ Q(location__isnull=True),
                name="serves_one_and_no_other",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(starts_on__lte=models.F("ends_on")),
                name="rule_begins_before_it_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.value} → {self.serves_id or self.location_id}"


class Label(models.Model):
    """A word put on a campaign or ad group, by its id or its name."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10)
    entity = models.CharField(max_length=200)
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "level", "entity", "label"], name="a_label_is_put_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.entity}"


class Assignment(models.Model):
    """What the standing rules come to: from day to day no campaign is in two of them.

    Kept from the rules and the names that imports bring; who is served reads these rows alone.
    Of the level traffic are visits, orders, leads and calls of ``asset``, which need not be the
    account that the rule is of: ``entity`` is the campaign that they name.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="+")
    level = models.CharField(max_length=10)
    entity = models.CharField(max_length=200)
    # Of traffic: not given is "", and any is null.
    source = models.TextField(null=True)
    location = models.TextField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.level} {self.entity} by rule {self.rule_id}"
