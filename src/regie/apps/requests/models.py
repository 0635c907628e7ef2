"""What was asked for, and where it went; the two are apart so that asking reveals nothing."""

from django.db import models
from django.db.models import Q

from regie.apps.organisations.models import Organisation


class State(models.TextChoices):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AccessRequest(models.Model):
    """``organisation`` asks for ``role`` on an account that it does not own. A pending one whose
    ``expires_on`` is past has expired: no job says so, the day does."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    reason = models.CharField(max_length=300, blank=True)
    responsible = models.EmailField(blank=True)
    requester = models.CharField(max_length=200)
    requester_organisation = models.CharField(max_length=160)
    requester_number = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    asked_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "platform", "external_id", "role"],
                condition=Q(state="pending"),
                name="asked_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} on {self.platform} {self.external_id}"


class Route(models.Model):
    """Who is to answer, where the owner has a manager here. Written by the database; seen by the
    owner's side alone."""

    request = models.OneToOneField(AccessRequest, on_delete=models.CASCADE, related_name="route")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    family = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"route of {self.request_id}"
