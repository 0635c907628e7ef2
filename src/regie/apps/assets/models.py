"""An asset is what an organisation owns on a platform; facts hold its key."""

from django.db import models

from regie.apps.organisations.models import Organisation


class Asset(models.Model):
    """``external_id`` is the platform's own id as text, ``name:…`` or "" where none was given."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assets")
    platform = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    location = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "platform", "external_id"], name="one_asset_per_account"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.external_id or self.platform
