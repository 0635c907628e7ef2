"""A source is chosen for orders, leads and calls as it is for visits."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking", "0004_touched")]
    operations = [
        migrations.AddField(
            "sourcechoice",
            "fact",
            models.CharField(
                max_length=8,
                default="visits",
                choices=[
                    ("visits", "Visits"), ("orders", "Orders"), ("leads", "Leads"),
                    ("calls", "Calls"),
                ],
            ),
        ),
        migrations.RemoveConstraint("sourcechoice", "one_live_choice_a_day"),
        migrations.AddConstraint(
            "sourcechoice",
            models.UniqueConstraint(
                fields=("imported", "fact", "starts_on"),
                condition=models.Q(("taken_back_at__isnull", True)),
                name="one_live_choice_a_day",
            ),
        ),
    ]
