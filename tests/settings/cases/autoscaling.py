"""Cases of `settings/checks/autoscaling.py`."""

from tests.settings.cases.common import case
from tests.settings.estate import GONE

LAB = ("dev", "namespaces.lab", {
    "quota": {"requests": {"cpu": "2"}, "limits": {"cpu": "4"}, "pods": 20},
    "limits": {"defaultRequest": {"cpu": "50m"}, "default": {"cpu": "250m"}},
})  # fmt: skip
POLICY = {"scaleUp": {"policies": [{"pods": 1}]}}
CASES = [
    case("blob-service", "replicas", 2, "must be absent beside 'autoscale', which owns the number; got 2"),
    case("blob-service", "autoscale.min", 6, "must not exceed max (5); got 6; lower it"),
    case("blob-service", "autoscale", {"max": 1, "cpu": 70},
         "must not exceed max (1); got 2; raise max: 'availability: ha' runs at least 2 pods", at="autoscale.min",
         before=(("blob-service", "availability", "ha"),)),
    case("blob-service", "autoscale.cpu", GONE, "must have a target: cpu, memory or metrics; add 'cpu: 70'",
         at="autoscale"),
    case("blob-service", "autoscale.memory", 60, "is a share of the memory request, and there is none", before=(
        LAB, ("blob-service", "namespace", "lab"), ("blob-service", "resources", {"requests": {"cpu": "100m"}}))),
    case("blob-service", "autoscale.cpu", 182, "is never passed: pods are added from 182 % x 250m + 10% tolerance = "
         "501m on, and the limit is 500m; got 182; write at most 181, or raise the limit"),
    case("blob-service", "autoscale.memory", 182, "and the limit is 512Mi; got 182; write at most 181"),
    case("blob-service", "autoscale.metrics.rate", {}, "must have exactly one of averageValue, value; got none; add"),
    case("blob-service", "autoscale.metrics.rate", {"averageValue": 1, "value": 1},
         "must have exactly one of averageValue, value; got both; keep one"),
    case("blob-service", "autoscale.metrics.rate", {"value": 1}, "goes with type External or Object only: of pods "
         "there is an average; got '1'; write 'averageValue'", at="autoscale.metrics.rate.value"),
    case("blob-service", "autoscale.metrics.rate", {"type": "Object", "value": 1}, "is required with type Object",
         at="autoscale.metrics.rate.object"),
    case("blob-service", "autoscale.metrics.rate", {"averageValue": 1, "object": "v1/Service/web"},
         "goes with type Object only; got 'v1/Service/web'", at="autoscale.metrics.rate.object"),
    case("blob-service", "autoscale.behavior.scaleUp.policies[0]", {}, "must have exactly one of pods, percent; got "
         "none; add 'pods'", before=(("blob-service", "autoscale.behavior", POLICY),)),
    case("blob-service", "autoscale.behavior.scaleUp.policies[0].percent", 100, "got both; keep one",
         at="autoscale.behavior.scaleUp.policies[0]", before=(("blob-service", "autoscale.behavior", POLICY),)),
    case("blob-service", "autoscale.behavior.scaleUp.selectPolicy", "Disabled",
         "must not be Disabled beside 'policies', which then count for nothing",
         before=(("blob-service", "autoscale.behavior", POLICY),)),
]  # fmt: skip
