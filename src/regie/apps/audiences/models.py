"""An audience, its members as digests, whom it is shared with, where it is used, what went out."""

from django.db import models
from django.db.models import Q

from regie.apps.organisations.models import Organisation
from regie.domain.audiences.terms import Rights


class Audience(models.Model):
    """``version`` counts the changes of its members; ``size`` follows them."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    source = models.CharField(max_length=20)
    basis = models.CharField(max_length=20)
    purpose = models.CharField(max_length=300)
    expires_on = models.DateField()
    size = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    author = models.CharField(max_length=200)
    is_archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(is_archived=False),
                name="one_audience_per_name",
            ),
            models.UniqueConstraint(fields=["id", "organisation"], name="audience_with_its_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class AudienceMember(models.Model):
    """One person as SHA-256 digests; nothing else is kept of him."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="members")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.BinaryField(max_length=32)
    email = models.BinaryField(max_length=32, null=True)
    email_dotless = models.BinaryField(max_length=32, null=True)
    phone_plus = models.BinaryField(max_length=32, null=True)
    phone_digits = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audience", "key"], name="one_member_each")]

    def __str__(self) -> str:
        return f"member of {self.audience_id}"


class Withdrawal(models.Model):
    """Someone who no longer wants to be in any list: he is not taken in again."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    digest = models.BinaryField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "digest"], name="one_withdrawal_each")
        ]

    def __str__(self) -> str:
        return f"withdrawal of {self.at:%Y-%m-%d}"


class AudienceShare(models.Model):
    """``recipient`` may target the audience until ``expires_on``; it is never his to change.

    ``withdrawn_because`` is the act that ended it (``access.partnership_ended``), empty where the
    owner withdrew it; the database ends it with the partnership.
    """

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="shares")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=160)
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient_name = models.CharField(max_length=160)
    rights = models.CharField(max_length=24, default=Rights.TARGETING)
    purpose = models.CharField(max_length=300)
    expires_on = models.DateField()
    size_then = models.PositiveIntegerField()
    shared_by = models.CharField(max_length=200)
    shared_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["audience", "recipient"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_live_share_each",
            ),
            models.UniqueConstraint(fields=["id", "audience"], name="share_with_its_audience"),
        ]

    def __str__(self) -> str:
        return f"{self.audience_id} → {self.recipient_id}"


class AudienceUse(models.Model):
    """The audience on one ad account, where campaigns find it. ``share`` is how it came there."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="uses")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    account_name = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    share = models.ForeignKey(
        AudienceShare, null=True, on_delete=models.CASCADE, related_name="uses"
    )
    chosen_by = models.CharField(max_length=200)
    chosen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "asset"], name="one_use_per_account")
        ]

    def __str__(self) -> str:
        return f"{self.audience_id} on {self.asset_id}"


class AudienceExport(models.Model):
    """A list that was taken out for a platform: what must be told when someone withdraws."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="exports")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    platform = models.CharField(max_length=40)
    rows = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    exported_by = models.CharField(max_length=200)
    exported_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.audience_id} for {self.platform}"
