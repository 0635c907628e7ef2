"""Organisations form a tree; ``path`` holds the ids from the root, so that a branch is a range.

An organisation with a manager number is a *manager*: partners name it by that number.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from regie.kernel.fiscal import MONTHS, Calendar

MOST_AD_ACCOUNTS = 1_000  # of one manager; the database counts too (migrations of the assets)


class Kind(models.TextChoices):
    BRAND = "brand"
    FRANCHISOR = "franchisor"
    SUBSIDIARY = "subsidiary"
    REGION = "region"
    FRANCHISEE = "franchisee"
    AGENCY = "agency"
    FREELANCE = "freelance"


class Organisation(models.Model):
    """A node of the tree.

    ``policy`` lists the permissions that it allows at all; empty allows all. Its members see all
    of its branch while ``members_see_all``, and no longer from ``assigned_only_from`` on, a day
    that is announced. ``email_domains`` are those of its people's addresses at work (an address
    written in full stands for itself). From ``two_factor_from`` on nobody acts for it, or below
    it, without a second factor, where it requires one.
    """

    name = models.CharField(max_length=160)
    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.BRAND)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = models.CharField(max_length=400, default="", db_collation="C")
    time_zone = models.CharField(max_length=64, default="Europe/Paris")
    currency = models.CharField(max_length=3, default="EUR")
    location = models.CharField(max_length=80, blank=True)
    manager_number = models.CharField(max_length=12, null=True, blank=True, unique=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    requires_two_factor = models.BooleanField(default=False, db_default=False)
    two_factor_from = models.DateField(null=True, blank=True)
    members_see_all = models.BooleanField(default=True, db_default=True)
    assigned_only_from = models.DateField(null=True, blank=True)
    email_domains = ArrayField(models.CharField(max_length=254), default=list, db_default=[])
    policy = ArrayField(models.CharField(max_length=60), default=list, db_default=[])
    first_month = models.PositiveSmallIntegerField(default=1, db_default=1)
    year_pattern = models.CharField(max_length=8, default=MONTHS, db_default=MONTHS)
    week_starts_on = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        indexes = [models.Index(fields=["path"])]
        constraints = [
            models.CheckConstraint(
                name="manager_number_is_twelve_digits",
                condition=Q(manager_number__isnull=True) | Q(manager_number__regex="^[0-9]{12}$"),
            ),
            models.CheckConstraint(
                condition=Q(first_month__range=(1, 12), week_starts_on__lte=6),
                name="organisation_calendar_exists",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def calendar(self) -> Calendar:
        """The one by which its years, quarters and weeks are counted."""
        return Calendar(self.first_month, self.year_pattern, self.week_starts_on)


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator"
    EMPLOYEE = "employee"
    CONTRACTOR = "contractor"


class Member(models.Model):
    """A person in an organisation.

    ``ends_on`` is the last day, included, in the organisation's time zone: rules read it, so that
    access ends by itself. An administrator has none; a contractor always has one. Who was taken
    out has ended the day before, and stays a day longer so that it can be taken back whole.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role, default=Role.EMPLOYEE)
    ends_on = models.DateField(null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True, null=True)
    last_active_on = models.DateField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_each"),
            models.CheckConstraint(
                name="an_administrator_has_no_end",
                condition=~Q(role=Role.ADMINISTRATOR) | Q(ends_on__isnull=True),
            ),
            models.CheckConstraint(
                name="a_contractor_has_an_end",
                condition=~Q(role=Role.CONTRACTOR) | Q(ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"


class TreeChange(models.Model):
    """What a move, a merger or a closing has changed, so that it can be taken back."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    before = models.JSONField()
    at = models.DateTimeField()
    actor_id = models.BigIntegerField()
    actor = models.CharField(max_length=200)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.organisation}"
