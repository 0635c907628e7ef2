"""Imports with what became of each line, and the catalogue that says which files are published."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from regie.apps.organisations.models import Organisation


class State(models.TextChoices):
    RUNNING = "running"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"  # the same file was sent again after others had replaced it
    ASKS = "asks"  # a question must be answered first; nothing was published
    ANSWERED = "answered"  # what it asked was said, and a later record reads the file again
    REFUSED = "refused"
    STOPPED = "stopped"  # by a person, before anything of it was published
    FAILED = "failed"
    UNDONE = "undone"


# An answer that came to nothing, or was taken back: the question stands again.
UNHEARD = (State.FAILED, State.UNDONE)


class Import(models.Model):
    """One file that came in. Its kept input and its own fact files allow undo and rebuild."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    batch = models.CharField(max_length=36)
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    file_name = models.CharField(max_length=255)
    file_digest = models.CharField(max_length=64)
    options_digest = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    raw_path = models.CharField(max_length=400)
    state = models.CharField(max_length=12, choices=State, default=State.RUNNING)
    progress = models.FloatField(default=0)
    stop_asked = models.BooleanField(default=False)
    bytes = models.BigIntegerField(default=0)
    format = models.CharField(max_length=60, blank=True)
    platform = models.CharField(max_length=40, blank=True)
    rows_read = models.BigIntegerField(default=0)
    rows_imported = models.BigIntegerField(default=0)
    rows_refused = models.BigIntegerField(default=0)
    rows_aside = models.BigIntegerField(default=0)
    rows_replaced = models.BigIntegerField(default=0)
    totals = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    refused = models.JSONField(default=list)
    header = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    question = models.JSONField(default=dict)
    needs = models.JSONField(default=list)  # what a person could say to go on
    windows = models.JSONField(default=list)
    file_ids = ArrayField(models.BigIntegerField(), default=list)
    # Accounts of which it no longer counts: taken back by their owner, or counted elsewhere.
    withdrawn = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    version = models.BigIntegerField(null=True)
    companions = models.JSONField(default=list)  # imports whose tables its rows were read with
    completes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["organisation", "-id"])]
        constraints = [
            # A repeat of what is published does nothing.
            models.UniqueConstraint(
                fields=["organisation", "file_digest", "options_digest"],
                condition=Q(state="published"),
                name="published_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class AccountAnswer(models.Model):
    """Which account a person said that files of this name belong to."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    platform = models.CharField(max_length=40)
    signature = models.CharField(max_length=200)
    account = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "platform", "signature"], name="one_answer_per_signature"
            )
        ]

    def __str__(self) -> str:
        return f"{self.signature}: {self.account}"


class Mapping(models.Model):
    """A table that a person described once: files with its columns are recognised from then on."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    description = models.JSONField()
    actor = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_mapping_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class CurrencyRate(models.Model):
    """What one unit of ``from_currency`` is worth in ``to_currency`` on a day. Never changed:
    a later import of the same day is another row, and the latest counts."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    date = models.DateField()
    from_currency = models.CharField(max_length=3)
    to_currency = models.CharField(max_length=3)
    rate = models.DecimalField(max_digits=18, decimal_places=9)
    source = models.CharField(max_length=120, blank=True)
    import_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "to_currency", "from_currency", "date"])]

    def __str__(self) -> str:
        return f"{self.date} {self.from_currency}/{self.to_currency} {self.rate}"


class WarehouseVersion(models.Model):
    published_at = models.DateTimeField(db_index=True)
    reason = models.CharField(max_length=200)
    counting = models.JSONField(null=True)  # see ``warehouse.catalogue.publish_counting``

    class Meta:
        db_table = "warehouse_version"

    def __str__(self) -> str:
        return f"{self.pk} {self.reason}"


class WarehouseFile(models.Model):
    table_name = models.CharField(max_length=60)
    path = models.CharField(max_length=200, unique=True)
    month = models.DateField()
    rows = models.BigIntegerField()
    bytes = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "warehouse_file"

    def __str__(self) -> str:
        return self.path


class WarehouseContent(models.Model):
    version = models.ForeignKey(WarehouseVersion, on_delete=models.CASCADE, related_name="+")
    table_name = models.CharField(max_length=60)
    file_ids = ArrayField(models.BigIntegerField())

    class Meta:
        db_table = "warehouse_content"
        indexes = [models.Index(fields=["table_name", "-version"])]

    def __str__(self) -> str:
        return f"{self.version_id} {self.table_name}"
