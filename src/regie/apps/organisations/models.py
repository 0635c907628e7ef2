"""Organisations form a tree; ``path`` holds the ids from the root, so that a branch is a range."""

from django.conf import settings
from django.db import models


class Kind(models.TextChoices):
    BRAND = "brand"
    FRANCHISOR = "franchisor"
    REGION = "region"
    FRANCHISEE = "franchisee"
    AGENCY = "agency"
    FREELANCE = "freelance"


class Organisation(models.Model):
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

    class Meta:
        indexes = [models.Index(fields=["path"])]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator"
    EMPLOYEE = "employee"


class Member(models.Model):
    """A person in an organisation; what is below it in the tree can be read too."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role, default=Role.EMPLOYEE)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_membership_each")
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation}"
