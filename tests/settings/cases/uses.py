"""Cases of `settings/checks/uses.py`."""

from tests.settings.cases.common import CRON_JOB, case

ANYWHERE = {"cidrs": ["198.51.100.7/32"]}
MONITORING = {"namespace": "kube-system", "podLabels": {"rsName": "ama-metrics"}}
CASES = [
    case("dev", "externals.web", ANYWHERE,
         "must differ from every workload, 'internet', 'kubernetes' or 'monitoring'; got 'web'"),
    case("dev", "externals.internet", ANYWHERE, "must differ from every workload, 'internet'"),
    case("internet", "", {**CRON_JOB, "name": "internet"}, "is reserved for 'uses'; got 'internet'", at="name"),
    case("web", "uses", ["redis", "redis"], "stands twice; got 'redis'", at="uses[1]"),
    case("web", "uses", ["web:80"], "names the workload itself; got 'web:80'", at="uses[0]"),
    case("web", "uses", ["internet:0"], "must have a port of 1 to 65535; got 'internet:0'", at="uses[0]"),
    case("web", "uses", ["internet:65536"], "must have a port of 1 to 65535", at="uses[0]"),
    case("web", "uses", ["internet"], "must name a port for the Internet; got 'internet'; write 'internet:443'",
         at="uses[0]"),
    case("web", "uses", ["mail"], "must name a port: the external has none of its own", at="uses[0]",
         before=(("dev", "externals.mail", ANYWHERE),)),
    case("web", "uses", ["web-feature-login"], "names a workload that this stack leaves out", at="uses[0]",
         before=(("dev", "workloads.web-feature-login", None),)),
    case("web", "uses", ["rediss"], "an external of the stack, 'internet', 'kubernetes' or 'monitoring'; got 'rediss'; "
         "did you mean 'redis'?", at="uses[0]"),
    case("web", "uses", ["zzz"], "add it to 'externals' of the stack", at="uses[0]"),
    case("web", "uses", ["log-agent"], "names log-agent, which has no 'service'; got 'log-agent'", at="uses[0]"),
    case("web", "uses", ["course/redis", "redis"], "is the same as 'course/redis'; got 'redis'; remove one",
         at="uses[1]"),
    case("web", "uses", ["course/web:80"], "names the workload itself; got 'course/web:80'", at="uses[0]"),
    case("web", "uses", ["cuorse/redis"], "must name a namespace of the stack before the '/'; got 'cuorse/redis'; did "
         "you mean 'course'?", at="uses[0]"),
    case("web", "uses", ["zzz/redis"], "got 'zzz/redis'; known here: course, ", at="uses[0]"),
    case("web", "uses", ["course/rediss:6379"], "must be a workload of course; got 'course/rediss:6379'; did you mean "
         "'redis'?", at="uses[0]"),
    case("web", "uses", ["course/sql-gateway"], "an external has no namespace; write its name", at="uses[0]"),
    case("web", "uses", ["testing/redis:6379"], "must name the namespace of redis, which is course; got "
         "'testing/redis:6379'; write 'course/redis:6379'", at="uses[0]"),
    case("web", "uses", ["logging/log-agent"], "names log-agent, which has no 'service'", at="uses[0]"),
    case("web", "uses", ["course/redis:80"], "must name a Service port of redis: 6379", at="uses[0]"),
    case("web", "uses", ["course/web-feature-login"], "names a workload that this stack leaves out", at="uses[0]",
         before=(("dev", "workloads.web-feature-login", None),)),
    case("web", "uses", ["dns"], "need not be said: every pod may ask for names; got 'dns'; remove it", at="uses[0]"),
    case("web", "uses", ["monitoring:9091"], "needs 'monitoring' in the stack; got 'monitoring:9091'", at="uses[0]"),
    case("web", "uses", ["monitoring"], "must name a port of monitoring; got 'monitoring'; write 'monitoring:9091'",
         at="uses[0]", before=(("dev", "monitoring", MONITORING),)),
    case("dev", "externals.monitoring", ANYWHERE, "must differ from every workload"),
    case("web", "uses", ["10.60.4.9:1433"], "must be a range, for one address with /32; got '10.60.4.9:1433'",
         at="uses[0]"),
    case("web", "uses", ["10.60.4.9/28:1433"], "without host bits; got '10.60.4.9/28:1433'; write '10.60.4.0/28' with "
         "the port", at="uses[0]"),
    case("web", "uses", ["10.60.4.0/28"], "must name a port; got '10.60.4.0/28'; write '10.60.4.0/28:443'",
         at="uses[0]"),
    case("web", "uses", ["10.60.4.0/28:65536"], "must have a port of 1 to 65535", at="uses[0]"),
    case("web", "uses", ["0.0.0.0/0:443"], "must not be every address: the cluster's own and Azure's would be among "
         "them; got '0.0.0.0/0:443'; write 'internet:443'", at="uses[0]"),
    case("web", "uses", ["10.200.4.0/28:80"], "must lie outside podCidr 10.200.0.0/16: policies select pods by label",
         at="uses[0]"),
    case("web", "uses", ["10.210.4.0/28:80"], "must lie outside serviceCidr 10.210.0.0/16", at="uses[0]"),
    case("web", "uses", ["10.40.0.4/32:22"], "must lie outside subnets.nodes 10.40.0.0/22: Cilium matches no node by "
         "address; got '10.40.0.4/32:22'", at="uses[0]"),
    case("dev", "externals.sql-gateway.cidrs", ["10.40.0.0/24"], "must lie outside subnets.nodes 10.40.0.0/22",
         at="externals.sql-gateway.cidrs[0]"),
    case("web", "uses", ["10.60.4.0/24:1433", "10.60.4.0/28:1433"], "must not overlap '10.60.4.0/24:1433', which "
         "stands above it; got '10.60.4.0/28:1433'", at="uses[1]"),
    case("web", "uses", ["redis.course.svc.cluster.local:6379"], "must not be a Service of the cluster: its name leads "
         "to pods", at="uses[0]"),
    case("web", "uses", ["api.example.com"], "must name a port: a host has none of its own; got 'api.example.com'; "
         "write 'api.example.com:443'", at="uses[0]"),
    case("web", "uses", ["api.example.com:443"], "must not be a host without 'fqdnPolicies: true' in the stack; got "
         "'api.example.com:443'; set it", at="uses[0]"),
    case("web", "uses", ["api.example.com:443"], "and Calico can hold no name; got 'api.example.com:443'; name an "
         "external with its 'cidrs'", at="uses[0]", before=(("dev", "cni", "calico"),)),
    case("web", "dnsPolicy", "Default", "must not be a host with 'dnsPolicy: Default'", at="uses[0]",
         before=(("dev", "fqdnPolicies", True), ("web", "uses", ["api.example.com:443"]))),
    case("dev", "fqdnPolicies", True, "needs 'cni: cilium': no other plugin holds a policy to a host name",
         before=(("dev", "cni", "azure"),)),
    case("dev", "localDns", True, "excludes 'localDns'", at="fqdnPolicies", before=(("dev", "fqdnPolicies", True),)),
    case("dev", "monitoring", {"namespace": "nginx-ingress"}, "must not be the ingress controller's, which lets "
         "nothing else in or out; got 'nginx-ingress'", at="monitoring.namespace"),
    case("web", "metrics", "htpp", "must be the name of a container port: 'http'; got 'htpp'; did you mean 'http'?",
         at=("web", "metrics")),
    case("web", "metrics", "dns", "must be a TCP port, and 'dns' is UDP: Prometheus asks over HTTP; got 'dns'",
         at=("web", "metrics"), before=(("web", "ports.dns", {"port": 53, "protocol": "UDP"}),)),
    case("web", "uses", ["redis:6379/UDP"], "must name a protocol that redis serves port 6379 with: TCP; got "
         "'redis:6379/UDP'; write 'redis:6379', which means every one of them", at="uses[0]"),
    case("web", "uses", ["redis:53/UDP"], "must name a Service port of redis: 6379; got 'redis:53/UDP'", at="uses[0]"),
    case("web", "uses", ["internet:443", "internet:443/TCP"], "is the same as 'internet:443'; got 'internet:443/TCP'",
         at="uses[1]"),
    case("web", "uses", ["internet:0/UDP"], "must have a port of 1 to 65535; got 'internet:0/UDP'", at="uses[0]"),
    case("web", "uses", ["kubernetes:443/UDP"], "must be called over TCP: the API server speaks nothing else; got "
         "'kubernetes:443/UDP'; write 'kubernetes:443'", at="uses[0]"),
    case("web", "uses", ["10.60.4.0/24:53/UDP", "10.60.4.0/28:53", "10.60.4.8/29:53/UDP"], "must not overlap "
         "'10.60.4.0/24:53', which stands above it; got '10.60.4.8/29:53/UDP'", at="uses[2]"),
    case("web", "uses", ["redis:80"], "must name a Service port of redis: 6379; got 'redis:80'", at="uses[0]"),
]  # fmt: skip
