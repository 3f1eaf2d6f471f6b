"""Cases of `settings/checks/uses.py`."""

from tests.settings.cases.common import CRON_JOB, case

ANYWHERE = {"cidrs": ["198.51.100.7/32"]}
CASES = [
    case("dev", "externals.web", ANYWHERE, "must differ from every workload, 'internet' and 'kubernetes'; got 'web'"),
    case("dev", "externals.internet", ANYWHERE, "must differ from every workload, 'internet' and 'kubernetes'"),
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
    case("web", "uses", ["rediss"], "an external of the stack, 'internet' or 'kubernetes'; got 'rediss'; did you mean "
         "'redis'?", at="uses[0]"),
    case("web", "uses", ["zzz"], "add it to 'externals' of the stack", at="uses[0]"),
    case("web", "uses", ["log-agent"], "names log-agent, which has no 'service'; got 'log-agent'", at="uses[0]"),
    case("web", "uses", ["redis:80"], "must name a Service port of redis: 6379; got 'redis:80'", at="uses[0]"),
]  # fmt: skip
