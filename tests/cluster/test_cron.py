"""A cron job's next turn while its last run hangs: skipped, or beside it, as its policy says."""

import datetime

from tests.cluster.control_plane.client import MERGE
from tests.cluster.estate import HOLD, one

BATCH = "business-data"


def ago(minutes):
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes)


def hourly():
    """The minute before this one, each hour: a turn that is not the one that `* * * * *` has now."""
    return f"{ago(1).minute} * * * *"


def due(prod, cron, schedule):
    """Let the controller believe that it last ran five minutes ago, so that the last turn of `schedule` is due now.

    A turn's run is named for its minute, so two turns within one test are those of two schedules.
    """
    cron["spec"]["schedule"] = schedule
    prod.api.apply(cron)
    status = {"status": {"lastScheduleTime": ago(5).strftime("%Y-%m-%dT%H:%M:%SZ")}}
    prod.api.request("PATCH", f"{prod.api.path(cron)}/status", status, MERGE)


def jobs(prod, namespace):
    return [
        it
        for it in prod.api.items(f"/apis/batch/v1/namespaces/{namespace}/jobs")
        if not it.get("status", {}).get("conditions")
    ]


def run_twice(prod, copied, namespace, policy=None):
    """Make a run of a cron job due, and another while the first hangs; the runs that are there then."""

    def hanging(it):
        if it["kind"] == "CronJob":
            it["spec"] |= {"schedule": hourly(), "timeZone": "Etc/UTC"}
            template = it["spec"]["jobTemplate"]["spec"]["template"]["metadata"]
            template.setdefault("annotations", {}).update(HOLD)
            if policy:
                it["spec"]["concurrencyPolicy"] = policy

    cron = one(copied(BATCH, "business-data-sync", change=hanging), "CronJob")
    due(prod, cron, hourly())

    def noted():
        # A change of the status before the controller has written there would cost it what it knows of the run.
        return prod.api.get(prod.api.path(cron))["status"].get("active")

    prod.plane.wait_for("the first run", noted)
    due(prod, cron, "* * * * *")

    def second():
        events = prod.api.items(f"/api/v1/namespaces/{namespace}/events")
        skipped = any(it["reason"] == "JobAlreadyActive" for it in events)
        return skipped or len(jobs(prod, namespace)) > 1

    prod.plane.wait_for("the second turn", second)
    return len(jobs(prod, namespace))


def test_a_cron_job_does_not_start_while_its_last_run_hangs(prod, copied, namespace):
    assert run_twice(prod, copied, namespace) == 1


def test_a_cron_job_that_may_overlap_is_seen_to_do_so(prod, copied, namespace):
    assert run_twice(prod, copied, namespace, "Allow") == 2
