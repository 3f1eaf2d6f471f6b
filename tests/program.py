"""The plans of the shipped stacks, recorded once for all tests of a run."""

from functools import cache
from pathlib import Path

from review.plan import Plan
from review.planner import plan_stacks
from settings.load import load, stacks

ROOT = Path(__file__).parents[1]
STACKS = tuple(stacks(ROOT))


@cache
def planned(stack: str) -> Plan:
    """The plan of one stack; raises what hinders it."""
    version = load(ROOT, stack).cluster.kubernetes_version
    plan = plan_stacks(ROOT, [stack], kubernetes_version=version)[stack]
    if isinstance(plan, Exception):
        raise plan
    return plan
