"""`./aks promote`: what one stack runs, into the file of the next."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cli.environment import ROOT
from cli.errors import UserError
from cli.options import Options, format_option, pass_options

if TYPE_CHECKING:
    from review.promotion.differences import Stack
    from review.promotion.promoting import Proposal, Wanted
    from review.report import Review


@click.command(name="promote")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option(
    "--workload",
    "workloads",
    multiple=True,
    metavar="NAME",
    help="One workload alone; again for another. Otherwise all.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="One key alone, or a pattern such as workloads.*.config.env.*; it must be promotable.",
)
@click.option("--write", is_flag=True, help="Edit Pulumi.TO.yaml and write a record.")
@click.option(
    "--check", "checked", is_flag=True, help="Say whether the two drifted apart, and why."
)
@click.option(
    "--allow-downgrade", is_flag=True, help="Let an older version take a newer one's place."
)
@click.option(
    "--at",
    metavar="TIMESTAMP",
    help="When it is, as 2026-12-18T16:00:00Z; otherwise the machine's clock.",
)
@format_option("text", "json")
@pass_options
def command(
    options: Options,
    source: str,
    target: str,
    workloads: tuple[str, ...],
    keys: tuple[str, ...],
    write: bool,
    checked: bool,
    allow_downgrade: bool,
    at: str | None,
    form: Literal["text", "json"],
) -> int:
    """Copy tag and digest of images, and keys marked promotable, from stack FROM to stack TO.

    Without --write it says what would change in the running system, and changes nothing. With it Pulumi.TO.yaml is
    edited, each changed value in its place and no other byte, and promotions/ gets a record. What FROM does not run, a
    version without a digest, an older version, a frozen window and the like are refused, all at once, and then nothing
    is written. Secrets are never copied.

    Exit code 0: nothing to do, or it can be done, or is; 1: refused, or --check found drift; 2: bad input.
    """
    from cli.preview import choose, load_all
    from review.promotion.differences import Stack
    from review.promotion.promoting import Wanted, propose

    if write and checked:
        raise UserError("--write and --check exclude each other")
    if source == target:
        raise UserError(f"FROM and TO are both {source!r}; name two stacks")
    choose([source, target])
    moment = _moment(at)
    wanted = Wanted(workloads=workloads, keys=_patterns(keys), allow_downgrade=allow_downgrade)
    loaded = load_all([source, target])
    one, other = (Stack(name, *loaded[name]) for name in (source, target))
    if checked:
        return _check(options, one, other, wanted, moment, form)
    proposal = propose(one, other, wanted, moment)
    return _promote(options, other, proposal, wanted, form, write=write)


def _promote(
    options: Options,
    target: "Stack",
    proposal: "Proposal",
    wanted: "Wanted",
    form: str,
    *,
    write: bool,
) -> int:
    from cli.preview import painted
    from review.promotion.record import name_of, text_of
    from review.renderers import promotion as renderer
    from review.renderers.preview import plain
    from review.renderers.review_json import as_json
    from review.renderers.review_text import as_text

    record = str(name_of(proposal)) if write and proposal.text else ""
    if record and (ROOT / record).exists():
        raise UserError(
            f"{record}: is there already, and no record is overwritten; name another moment with --at"
        )
    review = _reviewed(target, proposal, debug=options.debug) if proposal.text else None
    if record and review:
        text = text_of(
            proposal,
            mandatory=review.mandatory,
            advisory=len(review.findings) - review.mandatory,
            allow_downgrade=wanted.allow_downgrade,
            commit=_commit(),
        )
        _write(target, proposal, record, text)
    if form == "json":
        told = json.loads(as_json(review)) if review else None
        click.echo(renderer.as_json(proposal, review=told, record=record), nl=False)
        return 1 if proposal.refusals else 0
    paint = painted if options.colored(sys.stdout) else plain
    lines = list(renderer.as_text(proposal, paint))
    if review:
        lines += ["", *as_text(review, paint, _width()), ""]
        done = f"written: {target.sources.document.file}, {record}; commit both, and have them reviewed"
        lines.append(done if record else "nothing is written without --write")
    for line in lines:
        click.echo(line, color=True)
    return 1 if proposal.refusals else 0


def _width() -> int | None:
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _check(
    options: Options, one: "Stack", other: "Stack", wanted: "Wanted", at: datetime, form: str
) -> int:
    from cli.compare import compared
    from cli.preview import painted
    from review.promotion.drift import drift
    from review.promotion.promoting import propose
    from review.renderers import promotion as renderer
    from review.renderers.preview import plain

    found = drift(propose(one, other, wanted, at), compared(one, other, debug=options.debug))
    if form == "json":
        click.echo(renderer.drift_as_json(found), nl=False)
    else:
        paint = painted if options.colored(sys.stdout) else plain
        for line in renderer.drift_as_text(found, paint):
            click.echo(line, color=True)
    return 1 if found.reasons else 0


def _reviewed(target: "Stack", proposal: "Proposal", *, debug: bool) -> "Review":
    """What TO would be with the change, against what it is; the tree is left alone."""
    from review.plan import PlanError
    from review.planner import plan_stacks
    from review.reviewing import Compared, review_plans
    from settings.promotion import moment
    from settings.stack import PATH

    found = []
    for label, overrides in (
        (f"{target.name} as it is", None),
        (f"{target.name} with what {proposal.source} runs", {PATH: proposal.settings}),
    ):
        said: list[tuple[str, str]] = []
        plan = plan_stacks(
            ROOT,
            [target.name],
            config_overrides=overrides,
            kubernetes_version=target.settings.cluster.kubernetes_version,
            said=lambda _, severity, text, said=said: said.append((severity, text)),  # type: ignore[misc]
            debug=debug,
        )[target.name]
        if isinstance(plan, PlanError):
            raise UserError(f"{target.name}: {plan}\n{plan.details if debug else ''}".rstrip())
        found.append(Compared(plan=plan, label=label, said=tuple(said)))
    before, after = found
    return review_plans(before, after, today=moment(proposal.at).date())


def _write(target: "Stack", proposal: "Proposal", record: str, text: str) -> None:
    """The record first: without it there is no promotion; without the promotion it goes again."""
    from review.promotion.files import UnwrittenError, create, replace

    file = ROOT / target.sources.document.file
    kept = ROOT / record
    try:
        create(kept, text)
        try:
            replace(file, target.sources.document.text, proposal.text)
        except BaseException:
            kept.unlink(missing_ok=True)
            raise
    except UnwrittenError as error:
        raise UserError(str(error)) from error


def _moment(at: str | None) -> datetime:
    from settings.promotion import moment

    if at is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return moment(at)
    except (ValueError, OverflowError) as error:
        raise UserError(
            "--at must be a moment with its zone, for example 2026-12-18T16:00:00+01:00"
        ) from error


def _patterns(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Keys that can be about something; raise `UserError` for one that cannot."""
    from settings.checks.promotion import unknown_in

    for key in keys:
        try:
            fault = unknown_in(key)
        except ValueError as error:
            raise UserError(f"--key {key!r} {error}") from error
        if fault:
            raise UserError(f"--key {key!r} {fault[0]}; {fault[1]}")
    return keys


def _commit() -> str:
    """The commit that the project stands at; empty where nobody can tell."""
    try:
        found = subprocess.run(
            ["git", "rev-parse", "--verify", "HEAD"],
            cwd=Path(ROOT),
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()
