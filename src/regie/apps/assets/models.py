"""An asset is what an organisation owns on a platform; facts hold its key."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from regie.apps.organisations.models import MOST_AD_ACCOUNTS as MOST_AD_ACCOUNTS
from regie.apps.organisations.models import Organisation


class Status(models.TextChoices):
    """``FOUND`` was met by an import and nobody has said whose it is yet."""

    FOUND = "found", _("Found by an import")
    LINKED = "linked", _("Linked")
    DETACHED = "detached", _("Detached")
    DELETED = "deleted", _("Deleted")


class Asset(models.Model):
    """``external_id`` is the platform's own id as text, ``name:…`` or "" where none was given.
    ``name`` is the platform's, ``called`` what people here call it; files are known by the first.

    A row is never removed once figures may speak of it: deleted ones leave the console only.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assets")
    kind = models.CharField(max_length=20, default="source", db_default="source")
    platform = models.CharField(max_length=40)
    external_id = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    called = models.CharField(max_length=200, blank=True, default="", db_default="")
    currency = models.CharField(max_length=3, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    location = models.CharField(max_length=80, blank=True)
    status = models.CharField(
        max_length=8, choices=Status, default=Status.FOUND, db_default=Status.FOUND
    )
    created_at = models.DateTimeField(auto_now_add=True)
    linked_at = models.DateTimeField(null=True)
    # The account that this one turned out to be: its figures count there, and here no more.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "kind", "status"], name="asset_by_kind"),
            models.Index(fields=["organisation", "id"], name="asset_of_organisation"),
            models.Index(fields=["kind", "name", "external_id", "id"], name="asset_by_name"),
            models.Index(fields=["platform", "external_id"], name="asset_by_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "platform", "external_id"], name="one_asset_per_account"
            ),
            # What hangs on an asset names its owner too: no key reaches another tenant's.
            models.UniqueConstraint(fields=["id", "organisation"], name="asset_with_its_owner"),
        ]

    def __str__(self) -> str:
        return self.called or self.name or self.external_id or self.platform


class PageAccount(models.Model):
    """An ad account whose campaigns speak in the name of a page; both of one owner."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    page = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="+")
    attached_by = models.CharField(max_length=200)
    attached_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["page", "account"], name="attached_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} → {self.page_id}"
