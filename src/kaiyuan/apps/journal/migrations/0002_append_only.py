"""Events and checkpoints are only ever added; a chain only grows. The database itself refuses the rest."""

from django.db import migrations

from kaiyuan.apps.journal import guards


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunPython(guards.set_up, guards.take_down)]
