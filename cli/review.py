"""`./aks review`: what changed between a base and a stack, and what it means in the running system."""

import contextlib
import gc
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import click

from cli.environment import ROOT
from cli.errors import UserError
from cli.options import Options, format_option, pass_options

if TYPE_CHECKING:
    from review.report import Place, Review
    from settings.load import Sources

Form = Literal["text", "markdown", "html", "json", "sarif"]
FORMS: Final[tuple[Form, ...]] = ("text", "markdown", "html", "json", "sarif")


@click.command(name="review")
@click.argument("stack")
@click.option(
    "--base",
    required=True,
    metavar="REF|PLAN|STACK",
    help="What there was: a commit, branch or tag; a file that `./aks plan STACK --json` or `pulumi preview "
    "--json` wrote, or -; another stack. `ref:`, `file:` or `stack:` before the name says which.",
)
@format_option(*FORMS)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False),
    help="Write to this file instead of stdout.",
)
@click.option("--no-cache", is_flag=True, help="Work everything out anew, and keep nothing.")
@pass_options
def command(
    options: Options, stack: str, base: str, form: Form, output: str | None, no_cache: bool
) -> int:
    """Say what changed in STACK since a base, and what it means in the running system.

    What is replaced and what goes with it, who can reach whom, what is exposed, who may do what, what admission would
    refuse, what no longer fits, which pods restart and why, what data is at risk. It is a prediction from two plans:
    what Azure, admission webhooks and autoscalers do afterwards is not in them.

    Plans and what is worked out from one of them are kept in .aks-cache by content.

    Exit code 0: nothing mandatory, 1: a mandatory finding, 2: bad input.
    """
    # Two plans of 1,000 workloads are 700,000 objects, hardly one of them in a cycle: a tenth of a review went into
    # looking for one.
    gc.disable()
    review = _review(options, stack, base, keep=not no_cache)
    text = _rendered(review, form, options, to_file=output is not None, keep=not no_cache)
    if output is None:
        sys.stdout.write(text)
    else:
        _write(Path(output), text)
        click.echo(f"{output}: {_summary(review)}", err=True)
    return 1 if review.mandatory else 0


def _review(options: Options, stack: str, base: str, *, keep: bool) -> "Review":
    from cli.preview import choose, load_all, progress_on_terminal
    from policy.faults import PolicyConfigError
    from review.origins import asked_of, identified, places
    from review.plan import PlanError
    from review.policies import policies_of
    from review.reviewing import Compared, review_plans
    from review.sources.cache import FOLDER, Cache
    from review.sources.files import sources_of
    from review.sources.named import named_in
    from review.sources.sides import SideError, Wanted, kind_of, sides
    from review.stack_config import project_name
    from settings.load import stacks

    [name] = choose([stack])
    cache = Cache(ROOT / FOLDER if keep else None)
    sources = sources_of(ROOT, name, cache)
    wanted = Wanted(
        root=ROOT,
        stack=name,
        base=base,
        kubernetes_version=_kubernetes_version(sources),
        debug=options.debug,
    )
    try:
        policies = policies_of(ROOT, name, stacks(ROOT))
    except PolicyConfigError as error:
        raise UserError(str(error)) from None
    try:
        with progress_on_terminal(options) as progress:
            before, after = sides(wanted, cache, progress=progress)
    except SideError as error:
        raise UserError(str(error)) from None
    except PlanError as error:
        load_all([name])  # says it better, where the settings are at fault
        raise UserError(f"{error}\n{error.details if options.debug else ''}".rstrip()) from None
    if not after.foreign and before.plan.project != after.plan.project:
        raise UserError(
            f"{before.label} is of project {before.plan.project!r}, and this is {after.plan.project!r}: "
            "name a plan, a state or a preview of this one"
        )
    compared = [
        Compared(
            plan=it.plan,
            label=it.label,
            content=it.content,
            said=it.said,
            foreign=it.foreign,
            notes=it.notes,
            previewed=it.previewed,
        )
        for it in (before, after)
    ]
    review = review_plans(*compared, today=date.today(), policies=policies, cache=cache)
    if after.plan.project != project_name(ROOT):
        return review  # somebody else's preview: nothing of it was written here
    review = identified(review, after.plan, before.plan)
    kind, ref = kind_of(ROOT, base)
    described = partial(named_in, ROOT, ref) if kind == "ref" else dict[str, "Place"]
    found = places(asked_of(review), after.plan, sources, before.plan, described)
    return replace(review, places=found)


def _kubernetes_version(sources: "Sources") -> str:
    """As the settings have it; checking all of them takes as long as planning what changed, and the program does it."""
    from cli.preview import load_all

    cluster = sources.root.get("cluster")
    said = cluster.get("kubernetesVersion") if isinstance(cluster, dict) else None
    if isinstance(said, str) and re.fullmatch(r"1\.\d+", said):
        return said
    [(_, settings)] = load_all([sources.stack]).values()
    return settings.cluster.kubernetes_version


def _rendered(review: "Review", form: Form, options: Options, *, to_file: bool, keep: bool) -> str:
    if form == "markdown":
        from review.renderers.review_markdown import as_markdown

        return as_markdown(review)
    if form == "html":
        from review.renderers.html.page import as_html
        from review.sources.cache import FOLDER, Cache

        return as_html(review, Cache(ROOT / FOLDER if keep else None))
    if form == "json":
        from review.renderers.review_json import as_json

        return as_json(review)
    if form == "sarif":
        from review.renderers.lint import rule_texts
        from review.renderers.review_sarif import as_sarif

        return as_sarif(review, rule_texts())
    from cli.preview import painted
    from review.renderers.preview import plain
    from review.renderers.review_text import as_text

    colored = not to_file and options.colored(sys.stdout)
    terminal = not to_file and sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else None
    lines = as_text(review, painted if colored else plain, width)
    return "".join(f"{line}\n" for line in lines)


def _summary(review: "Review") -> str:
    from review.renderers.review_words import verdict

    return verdict(review)


def _write(path: Path, text: str) -> None:
    """Whole or not at all."""
    try:
        with _beside(path) as beside:
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def _beside(path: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(dir=path.parent or ".", prefix=f".{path.name}.")
    os.close(handle)
    mask = os.umask(0)
    os.umask(mask)
    Path(name).chmod(0o666 & ~mask)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
