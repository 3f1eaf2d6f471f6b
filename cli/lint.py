"""`./aks lint`: the rules of `policy/` on a stack, or on anyone's manifests."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import click

from cli.environment import ROOT
from cli.errors import BAD_INPUT, UserError
from cli.options import Options, format_option, pass_options

if TYPE_CHECKING:
    from review.given import Tally
    from review.linting import Choice, Linted
    from settings.faults import Fault

_STYLES: Mapping[str, Mapping[str, Any]] = {
    "heading": {"bold": True},
    "faint": {"dim": True},
    "good": {"fg": "green"},
    "warning": {"fg": "yellow"},
    "bad": {"fg": "red", "bold": True},
}


@click.command(name="lint")
@click.argument("source", metavar="FILE|DIR|STACK|-", required=False)
@click.option("--rules", "names", metavar="RULE,...", help="Ask these rules alone.")
@click.option("--list", "list_", is_flag=True, help="List the rules and end.")
@click.option("--only-new", is_flag=True, help="Leave out what --base has, too.")
@click.option("--base", metavar="FILE|DIR|STACK", help="What --only-new compares with.")
@format_option("text", "json", "sarif")
@pass_options
def command(
    options: Options,
    source: str | None,
    names: str | None,
    list_: bool,
    only_new: bool,
    base: str | None,
    form: Literal["text", "json", "sarif"],
) -> int:
    """Say which rules manifests break, and what to do.

    SOURCE is a folder of YAML or JSON (hidden files left out), one file, - for standard input, or a stack. A stack is
    asked about Azure, too, and its policy/stacks/<stack>.json and policy/exemptions.yaml count; manifests are judged
    as the rules themselves say. docs/policies.md has every rule.

    JSON is {"findings": [{"rule", "severity", "kind", "namespace", "name", "path", "message", "verdict", "remedy",
    "source", "file", "line"}]}; verdict is "fail", or "unknown" where only a deployment tells.

    Exit code 0: nothing mandatory, 1: something mandatory, 2: something could not be read. That is named on stderr
    with file and line, the rest is judged and printed.
    """
    choice = _choice(names)
    paint = _painted if options.colored(sys.stdout) else _plain
    if list_:
        from review.renderers.lint import listed

        for line in listed(choice.rules, paint):
            click.echo(line, color=True)
        return 0
    if source is None:
        raise click.UsageError("Missing argument 'FILE|DIR|STACK|-'.")
    if only_new != (base is not None):
        raise click.UsageError("--only-new and --base NAME go together")
    linted, tally = _linted(source, choice)
    old = None
    if base is not None:
        linted, old = _without_old(linted, _linted(base, choice)[0])
    faults: list[Fault] = sorted({*tally.faults}, key=lambda it: (it.file, it.line or 0, it.rule))
    _print(form, linted, old, paint, faults)
    click.echo(tally.summary(), err=form != "text")
    for fault in faults:
        click.echo(f"error: {fault}", err=True)
    if faults:
        return BAD_INPUT
    return 1 if linted.mandatory else 0


def _choice(names: str | None) -> "Choice":
    from review import linting
    from settings.faults import did_you_mean

    wanted = [it.strip() for it in (names or "").split(",") if it.strip()]
    if names is not None and not wanted:
        raise UserError("--rules names no rule; ./aks lint --list has them")
    known = linting.names()
    lines = [
        f"there is no rule {it!r}; {did_you_mean(it, known) or './aks lint --list has them'}"
        for it in wanted
        if it not in known
    ]
    if lines:
        raise UserError("\n  ".join(lines))
    return linting.chosen(wanted)


def _linted(source: str, choice: "Choice") -> "tuple[Linted, Tally]":
    from review.given import GivenError, Tally, manifests
    from review.linting import KINDS, lint_given
    from settings.faults import SettingsError

    tally = Tally()
    try:
        if "/" not in source and (ROOT / f"Pulumi.{source}.yaml").is_file():
            return _of_stack(source, choice, tally), tally
        return lint_given(manifests(ROOT, source, KINDS, tally), choice), tally
    except (GivenError, SettingsError) as error:
        raise UserError(str(error)) from error


def _of_stack(stack: str, choice: "Choice", tally: "Tally") -> "Linted":
    from policy.faults import PolicyConfigError
    from review.linting import lint_plan
    from review.plan import PlanError
    from review.planner import plan_stacks
    from settings.load import check, read_sources, stacks

    sources = read_sources(ROOT, stack)
    version = check(sources).cluster.kubernetes_version
    plan = plan_stacks(ROOT, [stack], kubernetes_version=version, said=_unheard)[stack]
    if isinstance(plan, PlanError):
        raise UserError(f"{stack}: {plan}") from plan
    tally.objects = sum(
        it.type.startswith(("kubernetes:", "azure-native:")) for it in plan.resources
    )
    try:
        return lint_plan(ROOT, plan, sources, choice, list(stacks(ROOT)), date.today())
    except PolicyConfigError as error:
        raise UserError(str(error)) from error


def _unheard(_stack: str, _severity: str, _text: str) -> None:
    """What the program warns of is for `./aks preview`."""


def _without_old(linted: "Linted", base: "Linted") -> "tuple[Linted, int]":
    from dataclasses import replace

    from review.linting import LintFinding
    from review.policies import only_new

    new, old = only_new(linted.findings, base.findings)
    return replace(linted, findings=tuple(it for it in new if isinstance(it, LintFinding))), len(
        old
    )


def _print(form: str, linted: "Linted", old: int | None, paint: Any, faults: "list[Fault]") -> None:
    from review.renderers import lint

    if form == "json":
        click.echo(lint.as_json(linted, old), nl=False)
    elif form == "sarif":
        click.echo(lint.as_sarif_text(linted, map(str, faults)), nl=False)
    else:
        for line in lint.as_text(linted, paint, old):
            click.echo(line, color=True)


def _painted(text: str, style: str) -> str:
    return click.style(text, **_STYLES[style])


def _plain(text: str, _style: str) -> str:
    return text
