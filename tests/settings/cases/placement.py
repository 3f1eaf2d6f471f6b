"""Cases of `settings/checks/placement.py`."""

from tests.settings.cases.common import LARGE, case
from tests.settings.estate import GONE

TAINTED = ("dev", "nodePools.gpu", LARGE | {"taints": ["gpu=yes:NoSchedule"]})
CASES = [
    case("web", "pool", GONE, "is required for a deployment; name one of wg1"),
    case("web", "pool", "system", "must be a worker pool: system pools carry the cluster's own pods; got 'system'"),
    case("dev", "ingress.pool", "system", "must be a worker pool: system pools carry the cluster's own pods"),
    case("web", "pool", "wg2", "must be a worker pool of this stack: wg1; got 'wg2'; did you mean 'wg1'?"),
    case("web", "tolerations", [{"operator": "Exists"}],
         "tolerates the taint of system pools, which only a daemonset may",
         at="tolerations[0]"),
    case("web", "tolerations", [{"key": "CriticalAddonsOnly"}], "got 'CriticalAddonsOnly'", at="tolerations[0]"),
    case("web", "tolerations", [{"key": "a", "operator": "Equal"}], "needs 'key' and 'value' with operator Equal",
         at="tolerations[0]"),
    case("web", "tolerations", [{"key": "a", "value": "b"}], "goes with operator Equal only; got 'b'",
         at="tolerations[0].value"),
    case("dev", "nodePools.wg1.capacity", {"cpu": "240m", "memory": "12Gi"},
         "must fit one node of wg1, which has 240m for "
         "pods; got '250m'", at=("blob-service", "resources.requests.cpu")),
    case("dev", "nodePools.wg1.capacity", {"cpu": "4", "memory": "511Mi"},
         "must fit one node of wg1, which has 511Mi for "
         "pods; got '512Mi'", at=("redis", "resources.requests.memory")),
    case("web", "pool", "gpu", "must tolerate 'gpu=yes:NoSchedule' of pool gpu; add {key: gpu, operator: Exists}",
         at="tolerations", before=(TAINTED,)),
    case("web", "tolerations", [{"key": "gpu", "operator": "Equal", "value": "no"}],
         "must tolerate 'gpu=yes:NoSchedule'",
         before=(TAINTED, ("web", "tolerations", [{"key": "gpu"}]), ("web", "pool", "gpu"))),
    case("web", "tolerations", [{"key": "gpu", "tolerationSeconds": 5}], "goes with effect NoExecute only",
         at="tolerations[0].tolerationSeconds"),
    case("web", "nodeSelector", {"agentpool": "wg1"}, "must not be 'agentpool': the pool is 'pool'",
         at="nodeSelector.agentpool"),
    case("web", "affinity.nodes", {"agentpool": ["wg1"]}, "must not be 'agentpool'", at="affinity.nodes.agentpool"),
    case("web", "affinity.preferredNodes", {"tier": []}, "must name at least one value",
         at="affinity.preferredNodes.tier"),
    case("web", "affinity.near", {"rediss": "preferred"}, "must be a workload of namespace course; got 'rediss'; did "
         "you mean 'redis'?", at="affinity.near.rediss"),
    case("web", "affinity.apart", {"log-agent": "required"}, "must be a workload of namespace course",
         at=("web", ("affinity", "apart", "log-agent"))),
    case("web", "affinity.near", {"web": "required"}, "names the workload itself, whose replicas keep apart",
         at="affinity.near.web"),
    case("web", "affinity", {"near": {"redis": "preferred"}, "apart": {"redis": "preferred"}},
         "must not stand under 'apart', too", at="affinity.near.redis"),
    case("web", "affinity.near", {"redis": "required"},
         "is required, and redis must have no node with web: its 'apart'",
         at="affinity.near.redis", before=(("redis", "affinity.apart.web", "required"),)),
    case("web", "affinity.near", {"redis": "required"}, "is required, and redis runs in pool extra, not in wg1",
         at="affinity.near.redis", before=(("dev", "nodePools.extra", LARGE), ("redis", "pool", "extra"))),
    case("web", "priorityClass", "hihg", "must be a key in 'priorityClasses' of the stack: high; got 'hihg'; did you "
         "mean 'high'?", before=(("dev", "priorityClasses.high", {"value": 10, "description": "first"}),)),
    case("dev", "priorityClasses.system-high", {"value": 10, "description": "first"},
         "must not begin with 'system-': those are the cluster's own"),
]  # fmt: skip
