"""`./aks compare`: in what two stacks differ, and whether it is meant."""

import sys
from typing import TYPE_CHECKING, Literal

import click

from cli.environment import ROOT
from cli.errors import UserError
from cli.options import Options, format_option, pass_options

if TYPE_CHECKING:
    from review.promotion.comparison import Comparison
    from review.promotion.differences import Stack


@click.command(name="compare")
@click.argument("one", metavar="STACK")
@click.argument("other", metavar="STACK")
@click.option(
    "--all", "every", is_flag=True, help="Name every place and every property that is made of it."
)
@format_option("text", "json")
@pass_options
def command(
    options: Options, one: str, other: str, every: bool, form: Literal["text", "json"]
) -> int:
    """Say in what two stacks differ, and whether it is meant.

    Every setting that differs after catalogue, overrides and profiles, by the declaration that means it to; what none
    means is drift. Then what is made of them: the second stack is planned once more with the settings of the first,
    and what differs even so comes from no setting. Of secrets it says which key only one of them has set.

    Exit code 0: nothing differs but on purpose, 1: drift, 2: bad input.
    """
    from cli.preview import choose, load_all, painted
    from review.promotion.differences import Stack
    from review.renderers import comparison as renderer
    from review.renderers.preview import plain

    if one == other:
        raise UserError(f"both stacks are {one!r}; name two")
    choose([one, other])
    loaded = load_all([one, other])
    found = compared(*(Stack(it, *loaded[it]) for it in (one, other)), debug=options.debug)
    if form == "json":
        click.echo(renderer.as_json(found), nl=False)
    else:
        paint = painted if options.colored(sys.stdout) else plain
        for line in renderer.as_text(found, paint, every=every):
            click.echo(line, color=True)
    return 0 if found.clean else 1


def compared(one: "Stack", other: "Stack", *, debug: bool) -> "Comparison":
    """Both stacks, settings and plans; raise `UserError` where one of them cannot be planned."""
    from review.plan import Plan, PlanError
    from review.planner import plan_stacks
    from review.promotion.comparison import Comparison
    from review.promotion.differences import differences
    from review.promotion.rendered import rendered
    from settings.stack import PATH

    stacks = (one, other)
    versions = {it.name: it.settings.cluster.kubernetes_version for it in stacks}
    found = plan_stacks(
        ROOT,
        [it.name for it in stacks],
        kubernetes_version=versions,
        said=lambda *_: None,
        debug=debug,
    )
    plans: list[Plan] = []
    for name, plan in found.items():
        if isinstance(plan, PlanError):
            raise UserError(f"{name}: {plan}\n{plan.details if debug else ''}".rstrip())
        plans.append(plan)
    levelled = plan_stacks(
        ROOT,
        [other.name],
        config_overrides={PATH: one.sources.config[PATH]},
        kubernetes_version=versions[one.name],
        said=lambda *_: None,
    )[other.name]
    notes: tuple[str, ...] = ()
    if isinstance(levelled, PlanError):
        notes = (
            f"what no setting explains: {other.name} cannot be planned with the settings of {one.name}: "
            f"{' '.join(str(levelled).split())}",
        )
    return Comparison(
        one=one.name,
        other=other.name,
        settings=tuple(differences(one, other)),
        rendered=tuple(
            rendered(plans[0], plans[1], levelled if isinstance(levelled, Plan) else None)
        ),
        notes=notes,
    )
