"""Access requests and where they go."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('assets', '0004_limit'),
        ('organisations', '0013_seal_of_those_taken_out'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=40)),
                ('external_id', models.CharField(max_length=200)),
                ('role', models.CharField(max_length=40)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('responsible', models.EmailField(blank=True, max_length=254)),
                ('requester', models.CharField(max_length=200)),
                ('requester_organisation', models.CharField(max_length=160)),
                ('requester_number', models.CharField(max_length=12)),
                ('state', models.CharField(choices=[('pending', 'Pending'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn')], default='pending', max_length=10)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('expires_on', models.DateField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='Route',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('family', models.CharField(max_length=20)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assets.asset')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
                ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='route', to='requests.accessrequest')),
            ],
        ),
        migrations.AddIndex(
            model_name='accessrequest',
            index=models.Index(fields=['organisation', '-id'], name='requests_ac_organis_33c410_idx'),
        ),
        migrations.AddConstraint(
            model_name='accessrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('organisation', 'platform', 'external_id', 'role'), name='asked_once'),
        ),
    ]
