"""Observations are only ever added, and sources that count only withdrawn. The database itself refuses the rest."""

from django.db import migrations

from kaiyuan.apps.facts import guards


class Migration(migrations.Migration):
    dependencies = [("facts", "0001_initial")]
    operations = [migrations.RunPython(guards.set_up, guards.take_down)]
