"""An invitation by e-mail: it gives nothing until it is accepted, once, by whoever got the mail.

The token is never kept, only its digest: who reads this table cannot accept in somebody's place.
"""

from django.db import models
from django.db.models import Q

from regie.apps.organisations.models.tree import Organisation, Role


class Invitation(models.Model):
    """The link that works is the last one sent; ``mail_id`` is the mail that carried it."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    role = models.CharField(max_length=20, choices=Role)
    ends_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=8)
    inviter_id = models.BigIntegerField()
    inviter = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    mail_id = models.BigIntegerField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email"],
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_each",
            ),
            models.CheckConstraint(
                name="an_invited_administrator_has_no_end",
                condition=~Q(role=Role.ADMINISTRATOR) | Q(ends_on__isnull=True),
            ),
            models.CheckConstraint(
                name="an_invited_contractor_has_an_end",
                condition=~Q(role=Role.CONTRACTOR) | Q(ends_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"
