"""Audiences, their members as digests, shares, uses and exports."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('assets', '0002_walls'),
        ('organisations', '0008_doors_and_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='Audience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('source', models.CharField(max_length=20)),
                ('basis', models.CharField(max_length=20)),
                ('purpose', models.CharField(max_length=300)),
                ('expires_on', models.DateField()),
                ('size', models.PositiveIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=0)),
                ('author', models.CharField(max_length=200)),
                ('is_archived', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now_add=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='AudienceExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=40)),
                ('rows', models.PositiveIntegerField()),
                ('version', models.PositiveIntegerField()),
                ('exported_by', models.CharField(max_length=200)),
                ('exported_at', models.DateTimeField(auto_now_add=True)),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to='audiences.audience')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='AudienceMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.BinaryField(max_length=32)),
                ('email', models.BinaryField(max_length=32, null=True)),
                ('email_dotless', models.BinaryField(max_length=32, null=True)),
                ('phone_plus', models.BinaryField(max_length=32, null=True)),
                ('phone_digits', models.BinaryField(max_length=32, null=True)),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='audiences.audience')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='AudienceShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('owner_name', models.CharField(max_length=160)),
                ('recipient_name', models.CharField(max_length=160)),
                ('rights', models.CharField(default='targeting', max_length=24)),
                ('purpose', models.CharField(max_length=300)),
                ('expires_on', models.DateField()),
                ('size_then', models.PositiveIntegerField()),
                ('shared_by', models.CharField(max_length=200)),
                ('shared_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_by', models.CharField(blank=True, max_length=200)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='audiences.audience')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.CreateModel(
            name='AudienceUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account_name', models.CharField(max_length=200)),
                ('chosen_by', models.CharField(max_length=200)),
                ('chosen_at', models.DateTimeField(auto_now_add=True)),
                ('asset', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assets.asset')),
                ('audience', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='audiences.audience')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
                ('share', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='audiences.audienceshare')),
            ],
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisations.organisation')),
            ],
        ),
        migrations.AddConstraint(
            model_name='audience',
            constraint=models.UniqueConstraint(condition=models.Q(('is_archived', False)), fields=('organisation', 'name'), name='one_audience_per_name'),
        ),
        migrations.AddConstraint(
            model_name='audience',
            constraint=models.UniqueConstraint(fields=('id', 'organisation'), name='audience_with_its_owner'),
        ),
        migrations.AddConstraint(
            model_name='audiencemember',
            constraint=models.UniqueConstraint(fields=('audience', 'key'), name='one_member_each'),
        ),
        migrations.AddConstraint(
            model_name='audienceshare',
            constraint=models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('audience', 'recipient'), name='one_live_share_each'),
        ),
        migrations.AddConstraint(
            model_name='audienceshare',
            constraint=models.UniqueConstraint(fields=('id', 'audience'), name='share_with_its_audience'),
        ),
        migrations.AddConstraint(
            model_name='audienceuse',
            constraint=models.UniqueConstraint(fields=('audience', 'asset'), name='one_use_per_account'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.UniqueConstraint(fields=('organisation', 'digest'), name='one_withdrawal_each'),
        ),
    ]
