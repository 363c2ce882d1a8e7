"""`kaiyuan journal`: verify a zone's journal, sign a checkpoint over it, make the key for that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kaiyuan.cli import options as o
from kaiyuan.cli.site_setup import set_up
from kaiyuan.errors import InputError

if TYPE_CHECKING:
    from kaiyuan.apps.journal.queries import Verification
    from kaiyuan.apps.zones.models import Zone
    from kaiyuan.apps.zones.rights import Person

app = typer.Typer(
    help="The journal: verify that nothing was changed, sign checkpoints that are kept outside.",
    no_args_is_help=True,
)
ZoneCode = Annotated[str | None, typer.Option("--zone", "-z", help="Code of the zone. Default: every zone.")]


@app.command("key")
def key() -> None:
    """Make the key that signs checkpoints, if there is none yet; show the public half that others check with."""
    set_up()
    from kaiyuan.apps.journal.signing import has_key, key_path, make_key, origin_of, trusted_keys

    path = key_path()
    if not has_key():
        make_key(path)
        typer.echo(f"New key in {path}. Keep a copy in a safe place; nobody else may read it.")
    for zone in _zones(None):
        typer.echo(trusted_keys()[0].written(origin_of(zone.code)))


@app.command("verify")
def verify(
    zone: ZoneCode = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", "-c", help="A checkpoint that was kept outside; may be repeated."),
    ] = None,
    trusted: Annotated[
        list[str] | None,
        typer.Option("--key", "-k", help="A public key as `kaiyuan journal key` shows it. Default: our own."),
    ] = None,
    as_json: o.AsJson = False,
) -> None:
    """Walk the whole chain and hold checkpoints against it. Exit code 1 if anything is found.

    Without a checkpoint from outside, a cut end and a chain that was rewritten as a whole cannot be seen.
    """
    set_up()
    from kaiyuan.apps.journal import queries

    notes = [_text(path) for path in checkpoint or ()]
    keys = [queries.verifier_key(text) for text in trusted] if trusted else None
    of_zone: dict[str, list[str]] = {}
    for text in notes:
        of_zone.setdefault(zone or queries.zone_code_of(text), []).append(text)
    chosen = _zones(zone if zone or not of_zone else None)
    if not zone and of_zone:
        chosen = [_zones(code)[0] for code in of_zone]
    done = [queries.verify(zone_id=each.pk, notes=of_zone.get(each.code, ()), keys=keys) for each in chosen]
    if as_json:
        o.show_json([_plain(each) for each in done])
    else:
        for each in done:
            _show(each)
    if not all(each.ok for each in done):
        raise typer.Exit(1)


@app.command("checkpoint")
def checkpoint(
    zone: ZoneCode = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write the notes to. Default: shown only.")
    ] = None,
) -> None:
    """Verify, sign a checkpoint, and hand it out: to be kept where whoever runs the site cannot change it."""
    set_up()
    from django.utils import timezone

    from kaiyuan.apps.journal import actions, queries

    for each in _zones(zone):
        verified = queries.verify(zone_id=each.pk)
        if zone is None and verified.ok and not verified.counted:
            continue
        made = actions.make_checkpoint(by=_watcher(each), verified=verified, at=timezone.now())
        if out is None:
            typer.echo(made.note)
            continue
        out.mkdir(parents=True, exist_ok=True)
        path = out / f"{each.code}-{made.size}.txt"
        path.write_text(made.note, encoding="utf-8")
        typer.echo(str(path))


def _zones(code: str | None) -> list[Zone]:
    from kaiyuan.apps.zones.models import Zone

    found = list(Zone.objects.filter(code=code) if code else Zone.objects.all())
    if code and not found:
        raise InputError("there is no such zone", text=code, remedy="Give its code, as in the addresses")
    return found


def _watcher(zone: Zone) -> Person:
    from kaiyuan.apps.zones.rights import AUDITOR, Person

    return Person(
        user_id=0,
        membership_id=0,
        zone_id=zone.pk,
        zone_code=zone.code,
        role=AUDITOR,
        label="kaiyuan journal",
        via="command:journal",
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("this checkpoint cannot be read", file=str(path), text=str(error)) from error


def _plain(done: Verification) -> dict[str, Any]:
    return {
        "zone": done.zone_code,
        "algorithm": done.algorithm,
        "events": done.counted,
        "head": done.head,
        "root": done.root,
        "whole": done.ok,
        "findings": [
            {"kind": each.kind, "sequence": each.sequence, "zh": each.words.zh, "en": each.words.en}
            for each in done.findings
        ],
        "more_findings": done.more,
        "checkpoints": [
            {"size": each.note.size, "time": each.note.time, "outside": each.outside, "fits": each.fits}
            for each in done.notes
        ],
    }


def _show(done: Verification) -> None:
    outside = sum(each.outside for each in done.notes)
    typer.echo(
        f"{done.zone_code}: {done.counted:,} events, {done.algorithm}, "
        f"{len(done.notes) - outside} checkpoints here, {outside} from outside"
    )
    for each in done.findings:
        typer.echo(f"  {each.words.both()}")
    if done.more:
        typer.echo(f"  … {done.more:,} more")
    if not done.ok:
        typer.echo("  NOT as it was recorded")
    elif outside:
        typer.echo("  whole, and as the checkpoint from outside knew it")
    else:
        typer.echo(
            "  whole; only a checkpoint kept outside can show that its end was not cut nor all of it rewritten"
        )
