"""What runs to its end."""

from policy.objects import Object, dig
from policy.rule import Subjects


def jobs(it: Object) -> Subjects:
    """The spec of a Job, or of the jobs that a CronJob makes."""
    steps = ("spec",) if it.kind == "Job" else ("spec", "jobTemplate", "spec")
    found = dig(it.manifest, *steps)
    if isinstance(found, dict):
        yield ".".join(steps), found
