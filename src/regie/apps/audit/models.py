"""The journal: lines are added, never changed."""

from django.db import models


class AuditLine(models.Model):
    at = models.DateTimeField(auto_now_add=True)
    organisation_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "-at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"
