"""What a meaning says of a change that was planted in a shipped stack's plan."""

import copy
import pickle
import random
from dataclasses import replace

from review.plan import Plan
from review.report import AreaFinding, Fact
from tests.review.guard.plans import edited, plan

WEB, REDIS = "course-web-deployment", "course-redis-statefulset"


def told(meaning, head, base=None, **kwargs):
    """Facts and findings, in their order; both sides go through the cache's pickle.

    Each says what, of what, and in which chapter.
    """
    sides = [pickle.loads(pickle.dumps(meaning.of_plan(it))) for it in (base or plan(), head)]
    found = list(meaning.compare(*sides, **kwargs))
    for it in found:
        assert "" not in (it.message, it.resource), it
        assert it.area != "policy", it
    return found


def facts(meaning, head, base=None, **kwargs):
    return [it for it in told(meaning, head, base, **kwargs) if isinstance(it, Fact)]


def findings(meaning, head, base=None, **kwargs):
    return [it for it in told(meaning, head, base, **kwargs) if isinstance(it, AreaFinding)]


def messages(found):
    return [it.message for it in found]


def rules(found):
    return sorted({it.rule for it in found})


def one(found, **fields):
    """The only one with these fields."""
    kept = [it for it in found if all(getattr(it, key) == value for key, value in fields.items())]
    assert len(kept) == 1, messages(found)
    return kept[0]


def shuffled(plan, seed=1):
    rows = [*plan.resources]
    random.Random(seed).shuffle(rows)
    return replace(plan, resources=tuple(rows))


def reloaded(plan):
    """An equal plan that shares no object with it."""
    return Plan.from_json(plan.to_json())


def container(inputs, index=0):
    spec = inputs["spec"]
    job = spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec
    return job["template"]["spec"]["containers"][index]


def pod(inputs):
    spec = inputs["spec"]
    job = spec["jobTemplate"]["spec"] if "jobTemplate" in spec else spec
    return job["template"]["spec"]


def with_container(name, base=None, **fields):
    """The plan whose first container of one workload has other fields; `...` takes one away."""

    def change(inputs):
        it = container(inputs)
        for key, value in fields.items():
            if value is ...:
                it.pop(key, None)
            else:
                it[key] = copy.deepcopy(value)

    return edited(base or plan(), name, change)


def with_pod(name, base=None, **fields):
    def change(inputs):
        pod(inputs).update(copy.deepcopy(fields))

    return edited(base or plan(), name, change)


def with_spec(name, base=None, **fields):
    def change(inputs):
        for key, value in fields.items():
            if value is ...:
                inputs["spec"].pop(key, None)
            else:
                inputs["spec"][key] = copy.deepcopy(value)

    return edited(base or plan(), name, change)


def named(plan, ending, part=""):
    """Logical name of the only resource of a kind whose name has `part`."""
    [found] = [
        it.name for it in plan.resources if it.type.endswith(f":{ending}") and part in it.name
    ]
    return found
