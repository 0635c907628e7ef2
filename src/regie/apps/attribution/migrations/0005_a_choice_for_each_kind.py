"""Each kind of conversion has its own model, window and lag."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("attribution", "0004_closed_credits")]
    operations = [
        migrations.AlterField(
            model_name="choice",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+",
                to="organisations.organisation"),
        ),
        migrations.AddField(
            model_name="choice", name="kind",
            field=models.CharField(default="order", max_length=20),
        ),
        migrations.AddField(
            model_name="choice", name="lag",
            field=models.CharField(blank=True, default="", max_length=12),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.UniqueConstraint(
                fields=["organisation", "kind"], name="a_kind_has_one_choice"),
        ),
    ]  # fmt: skip
