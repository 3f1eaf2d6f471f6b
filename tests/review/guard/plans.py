"""The shipped stacks' plans, edited: what a change of the program would plan."""

import copy
import itertools
from dataclasses import replace
from functools import cache

from review.plan import Plan, Resource
from tests.engine import GOLDEN

URN = "urn:pulumi:{stack}::aks-platform::aks-platform:tests:Made${type}::{name}"


@cache
def plan(stack="prod"):
    """As its golden file has it: recording it takes a second, and the guard reads nothing else."""
    return Plan.from_json((GOLDEN / f"plan-{stack}.json").read_text(encoding="utf-8"))


def find(plan, name):
    [found] = [it for it in plan.resources if it.name == name]
    return found


def of_type(plan, ending):
    return [it for it in plan.resources if it.type.endswith(f":{ending}")]


def edited(plan, name, edit=None, **options):
    """`plan` with one resource changed: `edit` gets its inputs; an option of None is taken away."""

    def changed(it):
        inputs = copy.deepcopy(dict(it.inputs))
        if edit is not None:
            edit(inputs)
        kept = {**it.options, **options}
        return replace(it, inputs=inputs, options={k: v for k, v in kept.items() if v is not None})

    return replacing(plan, name, changed)


def replacing(plan, name, change):
    find(plan, name)
    rows = (change(it) if it.name == name else it for it in plan.resources)
    return replace(plan, resources=tuple(it for it in rows if it is not None))


def without(plan, *names):
    for name in names:
        plan = replacing(plan, name, lambda _: None)
    return plan


def adding(plan, *resources):
    return replace(plan, resources=(*plan.resources, *resources))


def made(type_, name, inputs, **kwargs):
    """A resource of its own, outside any component of the program."""
    urn = URN.format(stack="prod", type=type_, name=name)
    return Resource(urn=urn, type=type_, name=name, inputs=inputs, **kwargs)


def obj(api_version, kind, name, body, namespace="course", **kwargs):
    """A Kubernetes object."""
    group = api_version if "/" in api_version else f"core/{api_version}"
    metadata = {"name": name, "namespace": namespace} if namespace else {"name": name}
    inputs = {"apiVersion": api_version, "kind": kind, "metadata": metadata, **body}
    return made(f"kubernetes:{group}:{kind}", name, inputs, **kwargs)


def put(inputs, path, value):
    """Set the value at a path; `x[]` is the first item of `x`, made where there is none. `...` takes it away."""
    *above, last = path.replace("[]", ".[]").split(".")
    at = inputs
    for step, then in itertools.pairwise([*above, last]):
        if step == "[]":
            at = at[0]
            continue
        below = at.get(step)
        if not isinstance(below, dict | list) or "$unknown" in below:
            below = at[step] = [{"name": "first"}] if then == "[]" else {}
        at = below
    if value is ...:
        at.pop(last, None)
    else:
        at[last] = value


def get(inputs, path):
    at = inputs
    for step in path.replace("[]", ".0").split("."):
        if isinstance(at, list):
            at = at[int(step)] if len(at) > int(step) else ...
        else:
            at = at.get(step, ...) if isinstance(at, dict) else ...
    return at
