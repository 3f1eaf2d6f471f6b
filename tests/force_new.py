"""Every value of a stack that cannot change in place: recorded, so that none moves unseen."""

import json

from review.guard.changes import rows_of
from review.guard.lost import holds_data
from review.guard.table import EVERY_OBJECT, always
from review.guard.values import ABSENT, places
from review.plan import SECRET, UNKNOWN

WORDS = {"unknown": UNKNOWN, "secret": SECRET}


def force_new(plan):
    """By type and logical name, the fields of each resource that cannot change, with the values that hold.

    A value that nobody wrote is the service's own, where a row knows it: to write it out is no change. Fields that may
    go one way, such as a version, are left out.
    """
    found = {}
    for resource in plan.resources:
        values = {}
        for row in rows_of(resource.type):
            if row.effect == "inPlace" or row.when is not always or not is_grave(row, resource):
                continue
            if row.absent is not ABSENT and "[]" not in row.path:
                values[row.path] = row.absent
            at = places(resource.inputs, resource.inputs, row.path)
            values |= {path: word(value) for path, value, _ in at if value is not ABSENT}
        if values:
            found[key(resource)] = dict(sorted(values.items()))
    return dict(sorted(found.items()))


def key(resource):
    return f"{resource.type}::{resource.name}"


def is_grave(row, resource):
    return holds_data(resource) if row.type == EVERY_OBJECT else row.severity == "mandatory"


def word(value):
    return next((text for text, mark in WORDS.items() if value == mark), value)


def as_text(found):
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def moved(plan, recorded):
    """What moved or vanished since `recorded`, one line each with the safe path."""
    now = force_new(plan)
    rows = {key(it): rows_of(it.type) for it in plan.resources}
    for name, values in recorded.items():
        for at, value in values.items():
            if name not in now:
                yield f"{name}: is no longer in the plan"
                break
            new = now[name].get(at, "nothing")
            if new != value:
                [row, *_] = [it for it in rows[name] if at.startswith(it.path.partition("[]")[0])]
                yield f"{name}: {at}: {value!r} -> {new!r}: {row.effect}; {row.safe}"
