"""Cases of `settings/checks/availability.py`."""

from tests.settings.cases.common import DISK, PLENTY, case

ROOMY = ("dev", "namespaces.course.quota", PLENTY | {"nodePorts": 1})
HA = ("authentication", "availability", "ha")
DISK_QUOTA = (
    "dev",
    "namespaces.course.quota",
    PLENTY | {"nodePorts": 1, "persistentVolumeClaims": 1},
)
ALONE = (("authentication", "availability", "single"), ("authentication", "replicas", 1))
CANARY = (ROOMY, ("authentication", "replicas", 4), ("authentication", "disruption", {"minAvailable": 1}),
          ("authentication", "release", {"strategy": "canary", "step": 2, "steps": [25, 50, 100]}),
          ("dev", "images.authentication.tracks", {"candidate": "2.4.0"}))  # fmt: skip
CASES = [
    case("log-agent", "availability", "ha", "goes with deployment and statefulset only; got 'ha'; remove it or change "
         "'kind: daemonset'"),
    case("regression-tests", "availability", "single", "goes with deployment and statefulset only; got 'single'"),
    case("authentication", "replicas", 1, "must be at least 2 with 'availability: ha': of 1 none is left while a node "
         "is drained; got 1; write 2, remove it, or write 'availability: single'", before=(HA,)),
    case("blob-service", "autoscale.min", 1, "must be at least 2 with 'availability: ha': of 1 none is left",
         before=(("blob-service", "availability", "ha"),)),
    case("authentication", "spread", {"zones": "Off"}, "must not be Off with 'availability: ha': all pods could be "
         "lost with one of the zones; got 'Off'", at="spread.zones", before=(HA,)),
    case("authentication", "spread", {"nodes": "Off"}, "with one of the nodes; got 'Off'", at="spread.nodes",
         before=(HA,)),
    case("dev", "nodePools.wg1", {"vmSize": "Standard_D16ds_v5", "min": 1, "max": 1},
         "must have 2 nodes for 'availability: ha', and wg1 has at most 1; got 'wg1'; raise 'nodePools.wg1.max'",
         at=("authentication", "pool"), before=(HA,)),
    case("local", "workloads.authentication.spread.zones", "DoNotSchedule", "leaves every pod pending where nodes have "
         "no zone label, and pool wg1 names no zones; got 'DoNotSchedule'", before=(
             ("local", "nodePools.wg1", {"min": 1, "max": 2, "capacity": {"cpu": "6", "memory": "12Gi"}}),
             ("local", "workloads.authentication", {"availability": "ha", "spread": {"zones": "ScheduleAnyway"}}))),
    case("authentication", "volumes.data", DISK, "can be held by one pod only; use a statefulset, which has a disk for "
         "each pod", at="volumes.data.disk", before=(HA, DISK_QUOTA)),
    case("authentication", "rollout.maxUnavailable", 2, "must leave a pod with 'availability: ha': of 2 all 2 may be "
         "missing while rolling; got 2; write at most 1", before=(HA,)),
    case("authentication", "rollout.maxUnavailable", "100%", "of 2 all 2 may be missing while rolling; got '100%'",
         before=(HA,)),
    case("authentication", "replicas", 2, "must be 1 with 'availability: single'; got 2; remove it, or write "
         "'availability: ha'", before=ALONE),
    case("blob-service", "autoscale.max", 2, "must be 1 with 'availability: single'; got 2",
         before=(("blob-service", "autoscale", {"max": 1, "cpu": 70}), ("blob-service", "availability", "single"))),
    case("authentication", "disruption", {"maxUnavailable": 1}, "has no use with 'availability: single': it could only "
         "block the drain of the one pod", before=ALONE),
    case("authentication", "disruption", {}, "must have exactly one of minAvailable, maxUnavailable"),
    case("authentication", "disruption", {"minAvailable": 1, "maxUnavailable": 1}, "must have exactly one of"),
    case("authentication", "disruption", {"maxUnavailable": 0},
         "blocks every drain, and with it upgrades of the nodes; "
         "got 0", at="disruption.maxUnavailable"),
    case("authentication", "disruption", {"minAvailable": "51%"},
         "blocks every drain, and with it upgrades of the nodes: at "
         "its smallest the workload has 2; got '51%'", at="disruption.minAvailable"),
    case("authentication", "disruption.minAvailable", 2, "blocks every drain, and with it upgrades of the nodes: at "
         "its smallest version stable has 2; got 2", before=CANARY),
    case("authentication", "disruption", {"minAvailable": 0}, "lets all 2 pods go at once, which 'availability: ha' "
         "must not; got 0", at="disruption.minAvailable", before=(HA,)),
    case("authentication", "disruption", {"maxUnavailable": "51%"}, "lets all go at once, which 'availability: ha' "
         "must not: at its smallest the workload has 2; got '51%'; write at most 1", at="disruption.maxUnavailable",
         before=(HA,)),
]  # fmt: skip
