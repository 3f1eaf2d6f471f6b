"""What test_capacity and test_capacity_told share."""

import copy
from dataclasses import replace

from tests.review.guard.plans import edited, plan
from tests.review.meaning.telling import named


def scaled(least=3, most=8, base=None):
    """Other bounds of an autoscaler."""
    name = named(plan(), "HorizontalPodAutoscaler", "blob-service")

    def change(inputs):
        inputs["spec"] |= {"minReplicas": least, "maxReplicas": most}

    return edited(base or plan(), name, change)


def pool(base=None, **fields):
    """Another row of the output `nodePools` for the workers."""
    base = base or plan()
    outputs = copy.deepcopy(dict(base.outputs))
    outputs["nodePools"][2].update(fields)
    return replace(base, outputs=outputs)


def hard(base=None, **amounts):
    """Other amounts of the quota of the course."""
    name = named(plan(), "ResourceQuota", "course-quota")

    def change(inputs):
        inputs["spec"]["hard"].update({key.replace("_", "."): it for key, it in amounts.items()})

    return edited(base or plan(), name, change)
