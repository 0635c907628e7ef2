"""Events that people named themselves are conversions of closed months and of reports too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attribution", "0006_closed_credits_of_every_unit")]
    operations = [
        migrations.AlterField(
            model_name="choice", name="kind",
            field=models.CharField(default="order", max_length=60),
        ),
        migrations.AlterField(
            model_name="closedcredits", name="kind",
            field=models.CharField(default="order", max_length=60),
        ),
        migrations.AddField(
            model_name="closedmonth", name="own_events",
            field=models.BigIntegerField(null=True),
        ),
    ]  # fmt: skip
