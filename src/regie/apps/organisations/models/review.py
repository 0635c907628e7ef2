"""A review of accesses as it was signed: the people kept and those let go; never changed."""

from django.db import models

from regie.apps.organisations.models.tree import Organisation


class Review(models.Model):
    """``content`` is what the certificate says; ``digest`` is its SHA-256, so that it shows."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    quarter = models.CharField(max_length=7)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField()
    actor = models.CharField(max_length=200)
    content = models.JSONField()
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.organisation} {self.quarter}"
