"""Sites that are measured, links and codes that are tracked, and who is who, in PostgreSQL only.

The facts themselves are Parquet files; they hold the keys of these rows and nothing that names a
person.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from regie.apps.organisations.models import Organisation


class Mode(models.TextChoices):
    EXEMPT = "exempt"  # audience measurement without consent: nothing is joined, ever
    CONSENTED = "consented"  # joined for those who agreed, and for nobody else


class Site(models.Model):
    """``key`` is public and stands in pages; the token of servers is kept as its digest."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=32, unique=True)
    hosts = ArrayField(models.CharField(max_length=253), default=list)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.EXEMPT)
    internal = ArrayField(models.CharField(max_length=64), default=list)
    token_digest = models.CharField(max_length=64, blank=True)
    is_archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    def __str__(self) -> str:
        return self.name


class Which(models.TextChoices):
    MEASURED = "measured"
    IMPORTED = "imported"
    BOTH = "both"


class Counts(models.TextChoices):
    """What a choice of source is about: facts that may come in by two ways."""

    VISITS = "visits"
    ORDERS = "orders"
    LEADS = "leads"
    CALLS = "calls"


class SourceChoice(models.Model):
    """Which counts from a day on: an imported source, a measured site, or both.

    Taken back, it stays to be read.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    imported = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    fact = models.CharField(max_length=8, choices=Counts, default=Counts.VISITS)
    which = models.CharField(max_length=8, choices=Which)
    starts_on = models.DateField()
    said_by = models.CharField(max_length=200)
    said_at = models.DateTimeField(auto_now_add=True)
    taken_back_by = models.CharField(max_length=200, blank=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(which="both") | models.Q(site__isnull=False),
                name="a_choice_between_two_names_both",
            ),
            models.UniqueConstraint(
                fields=["imported", "fact", "starts_on"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_live_choice_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.which} from {self.starts_on}"


class Link(models.Model):
    """``target`` is the destination with its tags; ``rules`` send some devices and countries
    elsewhere, the first that fits."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=64)
    folded = models.CharField(max_length=64, unique=True)
    destination = models.CharField(max_length=2000)
    source = models.CharField(max_length=100)
    medium = models.CharField(max_length=100)
    campaign = models.CharField(max_length=150)
    term = models.CharField(max_length=150, blank=True)
    content = models.CharField(max_length=150, blank=True)
    target = models.CharField(max_length=4000)
    rules = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True)
    afterwards = models.CharField(max_length=2000, blank=True)
    is_archived = models.BooleanField(default=False)
    author = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"])]

    def __str__(self) -> str:
        return self.name


class PromoCode(models.Model):
    """A code that customers say or type. What brought it to them is its source."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey("assets.Asset", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=64)
    folded = models.CharField(max_length=64)
    source = models.CharField(max_length=100, blank=True)
    medium = models.CharField(max_length=100, blank=True)
    campaign = models.CharField(max_length=150, blank=True)
    is_single_use = models.BooleanField(default=False)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_archived = models.BooleanField(default=False)
    archived_on = models.DateField(null=True)  # the last day on which an order could use it
    author = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "folded"], name="one_code_each")
        ]

    def __str__(self) -> str:
        return self.code


class Redemption(models.Model):
    """A code that somebody presented, accepted or not; ``uses_up`` is of single-use codes."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.ForeignKey(PromoCode, null=True, on_delete=models.PROTECT, related_name="+")
    typed = models.CharField(max_length=100)
    at = models.DateTimeField()
    location = models.CharField(max_length=80, blank=True)
    order_id = models.CharField(max_length=100, blank=True)
    is_accepted = models.BooleanField()
    uses_up = models.BooleanField(default=False)
    reason = models.JSONField(default=dict)
    event_id = models.CharField(max_length=100)
    actor = models.CharField(max_length=200)
    is_published = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(uses_up=True), name="single_use_once"
            ),
            models.UniqueConstraint(
                fields=["organisation", "event_id"], name="one_redemption_per_event"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.typed} ({'accepted' if self.is_accepted else 'refused'})"


class Identifier(models.Model):
    """What a person or a device is known by. Facts hold its number, which says nothing."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    value = models.CharField(max_length=500)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "value"], name="one_identifier_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Evidence(models.Model):
    """Two identifiers seen together in one event: a link that can be cut."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    one = models.ForeignKey(Identifier, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Identifier, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=40)
    first_seen = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other", "rule"], name="one_evidence_each")
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.rule} {self.other_id}"


class Touched(models.Model):
    """An identifier of which something was learnt or forgotten since people were worked out.

    Triggers write it beside whatever is evidence, in the same transaction: nothing is missed.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, db_constraint=False, related_name="+"
    )
    key = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.key)


class ConsentLine(models.Model):
    """The proof of a yes or a no: who, when, to which text."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(Identifier, null=True, on_delete=models.SET_NULL, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    is_granted = models.BooleanField()
    purposes = ArrayField(models.SmallIntegerField(), default=list)
    text = models.CharField(max_length=200, blank=True)
    event_id = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "event_id"], name="one_consent_per_event"
            )
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.is_granted}"


class LeadSource(models.Model):
    """The first and the last touch of a lead, as they were when it was received: never changed."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    lead_id = models.CharField(max_length=200)
    received_at = models.DateTimeField()
    first = models.JSONField()
    last = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "lead_id"], name="one_source_per_lead")
        ]

    def __str__(self) -> str:
        return self.lead_id


class JournalRead(models.Model):
    """How far a journal of the collector has been published: written with what it published."""

    name = models.CharField(max_length=120, primary_key=True)
    until = models.BigIntegerField(default=0)
    records = models.BigIntegerField(default=0)
    duplicates = models.BigIntegerField(default=0)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.until}"
