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
]  # fmt: skip
