"""Who was given what: roles on assets, partnerships between managers, and what they share.

What a person may do is never stored. It is worked out at each request from these rows.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from regie.apps.organisations.models import Invitation, Member, Organisation

CODE = models.CharField(max_length=60)


class CustomRole(models.Model):
    """A role of an organisation's own, beside those of its family."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    family = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    permissions = ArrayField(CODE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "family", "name"], name="one_custom_role_per_name"
            ),
            models.UniqueConstraint(fields=["id", "organisation"], name="custom_role_with_owner"),
        ]

    def __str__(self) -> str:
        return self.name


class PartnershipState(models.TextChoices):
    PROPOSED = "proposed"
    ACTIVE = "active"
    ENDED = "ended"


class Side(models.TextChoices):
    OWNER = "owner"
    PARTNER = "partner"


class Partnership(models.Model):
    """``owner`` may share with ``partner``; nothing is shared by the partnership itself."""

    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=8, choices=PartnershipState, default=PartnershipState.PROPOSED
    )
    proposed_by = models.CharField(max_length=8, choices=Side, default=Side.OWNER)
    proposed_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "partner"],
                condition=~Q(state="ended"),
                name="one_partnership_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["id", "owner", "partner"], name="partnership_with_its_sides"
            ),
            models.CheckConstraint(
                condition=~Q(owner=models.F("partner")), name="nobody_is_his_own_partner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} → {self.partner_id} ({self.state})"


class Share(models.Model):
    """One asset shared under ``ceiling``: the most that the partner's people may hold on it.

    ``is_paused`` is kept by the database while one of the two organisations is closed.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="shares")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    ceiling = ArrayField(CODE)
    is_paused = models.BooleanField(default=False, db_default=False)
    shared_at = models.DateTimeField(auto_now_add=True)
    shared_by = models.CharField(max_length=200)

    class Meta:
        indexes = [models.Index(fields=["partner", "asset"], name="share_of_partner")]
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "partnership"], name="one_share_of_an_asset_per_partnership"
            ),
            models.UniqueConstraint(fields=["id", "asset", "owner"], name="share_with_its_asset"),
        ]

    def __str__(self) -> str:
        return f"{self.asset_id} → {self.partner_id}"


class Grant(models.Model):
    """A role that a member was given on an asset.

    ``owner`` owns the asset, ``organisation`` is the member's; without a ``share`` the asset is in
    the branch of that organisation, with one it came from a partner and stays under its ceiling.
    ``permissions`` are those of the role; ``ends_on`` is the last day, in the member's time zone.
    """

    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    share = models.ForeignKey(Share, null=True, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=40)
    custom_role = models.ForeignKey(
        CustomRole, null=True, on_delete=models.PROTECT, related_name="grants"
    )
    permissions = ArrayField(CODE)
    granted_by_id = models.BigIntegerField(null=True)
    granted_by = models.CharField(max_length=200)
    granted_at = models.DateTimeField(auto_now_add=True)
    ends_on = models.DateField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "asset"], name="grant_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["asset", "member", "role", "custom_role", "share"],
                name="a_role_is_given_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.asset_id}"


class OpenTotals(models.Model):
    """A network that shows its totals to everybody in its branch; never whose they are."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.organisation_id} since {self.opened_at:%Y-%m-%d}"


class Promise(models.Model):
    """A role on an asset of ``organisation`` that comes with an invitation, once it is accepted."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.CASCADE, related_name="+")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=60)
    promised_by_id = models.BigIntegerField()
    promised_at = models.DateTimeField(auto_now_add=True)
    kept_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "asset"], name="one_promise_of_each_asset"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} on {self.asset_id} by invitation {self.invitation_id}"
