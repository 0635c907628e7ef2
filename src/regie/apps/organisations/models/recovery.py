"""A sealed way back in, for the day when no administrator is left; two of three people open it."""

from django.db import models
from django.db.models import Q

from regie.apps.organisations.models.tree import Organisation


class Seal(models.Model):
    """``holders`` are three names and addresses; their parts are sent to them and kept nowhere."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    holders = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=200)
    used_at = models.DateTimeField(null=True)
    used_by = models.CharField(max_length=200, blank=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(used_at__isnull=True, replaced_at__isnull=True),
                name="one_whole_seal_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.created_at:%Y-%m-%d}"
