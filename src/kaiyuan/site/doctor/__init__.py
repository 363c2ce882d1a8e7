"""Is this installation safe and whole? Each answer is one line with what to do; what is unsafe stops production."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings

from kaiyuan.errors import KaiyuanError
from kaiyuan.site.doctor import installation, storage
from kaiyuan.site.doctor.finding import Finding

__all__ = ["CHECKS", "Finding", "Unsafe", "examine", "refuse_unsafe"]

CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    installation.mode,
    installation.secret_key,
    installation.address,
    installation.deployment,
    storage.engine,
    storage.migrations,
    storage.shared_cache,
    installation.data_folder,
    installation.demonstration,
    installation.second_factors,
    installation.packs,
    installation.extras,
)


class Unsafe(KaiyuanError):
    """The site does not start in production as it is set up."""


def examine() -> list[Finding]:
    """Look at everything; what holds in production alone is only told elsewhere (`look`), and unsafe there."""
    return [finding for check in CHECKS for finding in check()]


def refuse_unsafe() -> None:
    """Raise Unsafe with everything that is unsafe, if this is production."""
    if not settings.PRODUCTION:
        return
    unsafe = [finding for finding in examine() if finding.grade == "unsafe"]
    if unsafe:
        raise Unsafe(
            f"not safe for production: {'; '.join(f'{each.name}: {each.seen.en}' for each in unsafe)}",
            remedy="Run `kaiyuan doctor` and do what it says",
        )
