"""People as the evidence makes them today, and what persons have said about it.

A membership is an answer that can be worked out again at any time; what must not be lost are the
cuts, the pairs that never merge, the probable links and the versions of the policy.
"""

from django.db import models
from django.db.models import F, Q

from regie.apps.organisations.models import Organisation


class Membership(models.Model):
    """Whose an identifier is: ``person`` by sure links, ``probable`` with the probable ones.

    ``around`` is the group that must be worked out together: what links join that guards let pass,
    sure or probable, before pairs are held apart. All three are the smallest key of their group.
    """

    identifier = models.OneToOneField(
        "tracking.Identifier", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    around = models.BigIntegerField()
    person = models.BigIntegerField()
    probable = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["organisation", name], name=f"member_by_{name}")
            for name in ("around", "person", "probable")
        ]

    def __str__(self) -> str:
        return f"{self.identifier_id} → {self.person}"


class Pair(models.Model):
    """Two identifiers about which something is said; ``one`` is the smaller key."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey("tracking.Identifier", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("tracking.Identifier", on_delete=models.CASCADE, related_name="+")

    class Meta:
        abstract = True


class LeftOut(Pair):
    """A link that was not used, and why: a guard, a pair that never merges, consent withdrawn."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    reason = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["one", "other"], name="left_out_once")]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id}: {self.reason}"


class Probable(Pair):
    """Two identifiers that are one person with ``probability``, as a model found."""

    probability = models.FloatField()
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_probability_each"),
            models.CheckConstraint(
                condition=Q(probability__gt=0, probability__lt=1), name="a_probability_is_not_sure"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id}: {self.probability:.4f}"


class Word(models.TextChoices):
    CUT = "cut"  # this link is not used
    NEVER = "never"  # these two are never one person, whatever is seen


class Correction(Pair):
    """What a person said against the evidence; taken back, it stays to be read."""

    word = models.CharField(max_length=8, choices=Word)
    said_by = models.CharField(max_length=200)
    said_at = models.DateTimeField()
    taken_back_by = models.CharField(max_length=200, blank=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other", "word"],
                condition=Q(taken_back_at__isnull=True),
                name="one_live_correction_each",
            ),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="smaller_key_first"),
        ]

    def __str__(self) -> str:
        return f"{self.word} {self.one_id} {self.other_id}"


class Solution(models.Model):
    """When an organisation's people were worked out, and whether probable links count.

    ``precision`` is what the matching says of itself: the mean probability of its links. Since
    ``asked_at`` its customers wait to be compared, or are being so; ``failed_at`` says that the
    last comparison did not come to its end.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="+")
    solved_at = models.DateTimeField(null=True)
    with_probable = models.BooleanField(default=False)
    threshold = models.FloatField(default=0.95)
    matched_at = models.DateTimeField(null=True)
    precision = models.FloatField(null=True)
    asked_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"people of {self.organisation_id}"


class CustomerRecord(models.Model):
    """What a customer file says of one customer number: only for finding probable links."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    identifier = models.OneToOneField(
        "tracking.Identifier", on_delete=models.CASCADE, related_name="+"
    )
    said = models.JSONField(default=dict)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"record of {self.identifier_id}"


class PolicyVersion(models.Model):
    """One version of the privacy policy; ``name`` is what consents are given with."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    text = models.TextField()
    applies_on = models.DateField()
    published_by = models.CharField(max_length=200)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_policy_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class PersonRequest(models.Model):
    """A request of a person, how far it has come, and what was done.

    ``asking`` says who it is about, and is emptied by the transaction that ends the work: from
    then on nothing here says who it was. ``leaving`` are files to remove once that is committed.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    asking = models.JSONField(default=dict)
    step = models.CharField(max_length=20, blank=True)
    percent = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveIntegerField(default=0)
    leaving = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200)
    found = models.JSONField(default=dict)
    left = models.JSONField(default=list)
    removed = models.JSONField(default=list)
    swept_at = models.DateTimeField(null=True)
    is_log_swept = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-done_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(asking={}), name="a_request_done_names_nobody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d}"


class TouchRule(models.Model):
    """What people did to be in an audience; its members follow by themselves."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    audience = models.OneToOneField(
        "audiences.Audience", on_delete=models.CASCADE, related_name="+"
    )
    rule = models.JSONField()
    refreshed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"rule of {self.audience_id}"
