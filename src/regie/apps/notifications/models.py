"""The outbox: a mail is written in the transaction of what it tells about, and sent afterwards.

Its text is kept sealed, as it may hold a link that lets somebody in, and is forgotten once sent;
so is a file that goes with it.
"""

from django.db import models


class State(models.TextChoices):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Mail(models.Model):
    organisation_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=60)
    to = models.EmailField()
    reply_to = models.EmailField(blank=True, default="", db_default="")
    language = models.CharField(max_length=8)
    subject = models.CharField(max_length=250)
    sealed_text = models.TextField()
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} → {self.to}"


class Attachment(models.Model):
    """A file that goes with a mail; the row is removed with the mail's text."""

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=80)
    sealed_content = models.TextField()

    def __str__(self) -> str:
        return self.name
