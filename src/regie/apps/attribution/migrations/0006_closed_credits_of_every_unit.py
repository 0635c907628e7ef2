"""What a month gave when it was closed, by every unit, for each kind of conversion and window."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attribution", "0005_a_choice_for_each_kind")]
    operations = [
        migrations.AddField(
            model_name="closedcredits", name="kind",
            field=models.CharField(default="order", max_length=20),
        ),
        migrations.AddField(
            model_name="closedcredits", name="unit",
            field=models.CharField(default="channel", max_length=20),
        ),
        migrations.AddField(
            model_name="closedcredits", name="lookback",
            field=models.CharField(default="30d", max_length=12),
        ),
        migrations.AddField(
            model_name="closedcredits", name="lag",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddField(
            model_name="closedcredits", name="conversions", field=models.FloatField(null=True),
        ),
        migrations.AddField(
            model_name="closedcredits", name="value", field=models.FloatField(null=True),
        ),
        migrations.RemoveConstraint(
            model_name="closedcredits", name="credits_of_a_month_close_once",
        ),
        migrations.AddConstraint(
            model_name="closedcredits",
            constraint=models.UniqueConstraint(
                fields=["organisation", "month", "kind", "unit", "lookback", "lag"],
                name="credits_of_a_month_close_once"),
        ),
    ]  # fmt: skip
