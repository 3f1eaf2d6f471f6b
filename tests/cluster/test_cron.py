"""A cron job's next turn while its last run hangs: skipped, or beside it, as its policy says."""

import copy
import datetime

from tests.cluster.control_plane.client import MERGE
from tests.cluster.counts import as_plan, computed, wait_until_counted
from tests.cluster.estate import HOLD, apply, one

BATCH = "business-data"
GRACE = "terminationGracePeriodSeconds"


def ago(minutes):
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(minutes=minutes)


def hourly(minutes=1):
    """So many minutes before this one, each hour: due once, however many minutes begin while a test looks on."""
    return f"{ago(minutes).minute} * * * *"


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


def run_often(prod, copied, namespace, policy=None, times=2):
    """Make so many turns of a cron job due, each while the runs before hang; the runs that are there then."""

    def hanging(it):
        if it["kind"] == "CronJob":
            it["spec"] |= {"schedule": hourly(times), "timeZone": "Etc/UTC"}
            it["spec"]["startingDeadlineSeconds"] = 600
            template = it["spec"]["jobTemplate"]["spec"]["template"]["metadata"]
            template.setdefault("annotations", {}).update(HOLD)
            if policy:
                it["spec"]["concurrencyPolicy"] = policy

    cron = one(copied(BATCH, "business-data-sync", change=hanging), "CronJob")

    def noted(count):
        # A change of the status before the controller has written there would cost it what it knows of the run.
        return len(prod.api.get(prod.api.path(cron))["status"].get("active", ())) >= count

    def skipped():
        events = prod.api.items(f"/api/v1/namespaces/{namespace}/events")
        return any(it["reason"] == "JobAlreadyActive" for it in events)

    turns = [hourly(it) for it in range(times, 0, -1)]
    due(prod, cron, turns[0])
    prod.plane.wait_for("the first run", lambda: noted(1))
    for count, schedule in enumerate(turns[1:], start=2):
        due(prod, cron, schedule)
        prod.plane.wait_for(f"turn {count}", lambda count=count: skipped() or noted(count))
    return len(jobs(prod, namespace))


def test_a_cron_job_does_not_start_while_its_last_run_hangs(prod, copied, namespace):
    assert run_often(prod, copied, namespace) == 1


def test_a_cron_job_that_may_overlap_is_seen_to_do_so(prod, copied, namespace):
    assert run_often(prod, copied, namespace, "Allow") == 2


def test_a_third_run_starts_beside_two_that_hang_and_the_quota_counts_every_one_as_we_do(
    prod, copied, namespace
):
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "quota", "namespace": namespace},
        "spec": {"hard": {"pods": "99", "requests.cpu": "99"}},
    }
    made = {}

    def with_quota(old, *names, change):
        made["objects"] = copied(old, *names, change=change)
        apply(prod.api, quota)
        return made["objects"]

    assert run_often(prod, with_quota, namespace, "Allow", times=3) == 3

    cron = copy.deepcopy(one(made["objects"], "CronJob"))
    cron["spec"] |= {"schedule": "* * * * *", "startingDeadlineSeconds": 1}
    cron["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"] = 90
    assert cron["spec"]["jobTemplate"]["spec"]["template"]["spec"][GRACE] == 30
    bounds = [it for it in made["objects"] if it["kind"] == "LimitRange"]
    ours = computed(as_plan([*bounds, cron, quota], prod.plan), "peak")
    assert ours[namespace, "pods"] == 3

    wanted = {name: ours[namespace, name] for name in quota["spec"]["hard"]}
    wait_until_counted(prod, namespace, wanted)

    cron["spec"]["jobTemplate"]["spec"]["activeDeadlineSeconds"] = 28
    fewer = computed(as_plan([*bounds, cron, quota], prod.plan), "peak")
    assert fewer[namespace, "pods"] == 1
