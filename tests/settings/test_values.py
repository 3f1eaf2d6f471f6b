"""Every value type takes what its owner takes, refuses the rest, and says how it is done right."""

import re
from functools import cache
from ipaddress import IPv4Network
from typing import Annotated, get_origin

import pytest
from hypothesis import assume, example, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from settings import azure_values, schedule, values
from settings.quantity import CPU_PATTERN, MEMORY_PATTERN, amount

GROUP = "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shared/providers"
GUID = "6f1c01aa-4c1d-4e5b-9b57-0b6a5d3e7c01"
OF_ANOTHER_TYPE = [None, True, [], {}, ["x"], {"x": 1}]

TYPES = {
    "AbsolutePath": (
        ["/", "/mnt/secrets", "/a b/c", "/...", "/var/log/"],
        ["", "mnt", "./x", "/a//b", "/a:b", "/a/../b", "/..", "/./a", "/a\n", "/a\0b", 5],
    ),
    "AffinityTimeout": ([1, 86400], [0, 86401, "60"]),
    "AzureLocation": (["westeurope", "eastus2"], ["West Europe", "west-europe", "2us", "", "westeurope\n", 5]),
    "AzureResourceId": (
        [f"{GROUP}/Microsoft.KeyVault/vaults/kv", f"{GROUP}/Microsoft.Network/virtualNetworks/v/subnets/s"],
        ["kv", f"{GROUP}/Microsoft.KeyVault", f"{GROUP}/Microsoft.KeyVault/vaults", "/subscriptions/x", 5],
    ),
    "Capability": (["NET_BIND_SERVICE", "CHOWN"], ["CAP_CHOWN", "chown", "", "NET-ADMIN", 5]),
    "ChartReference": (
        ["oci://registry.example/charts/redis-exporter", "oci://localhost:5000/a"],
        ["redis", "https://registry.example/a", "oci://registry.example", "oci://registry.example/a:1", "oci://R/a", 5],
    ),
    "ChartVersion": (["2.6.4", "v1.0.0", "1.0.0-rc.1+b"], ["2.6", "^2.6.4", "2.x.x", "latest", "", 2.6]),
    "Cidr": (
        ["10.40.0.0/16", "0.0.0.0/0", "203.0.113.7/32"],
        ["10.40.0.1/16", "10.40.0.0", "10.40.0.0/33", "10.40.0.0/016", "010.0.0.0/8", "256.0.0.0/8", "::/0", "", 5],
    ),
    "ClientId": ([GUID], [GUID.upper(), GUID[:-1], "id-course-dev-web", f"{GUID}\n", 5]),
    "ClusterName": (["aks-course_dev", "a", "A1", "a" * 63], ["-a", "a-", "a.b", "a" * 64, "", 5]),
    "ConfigKey": (["app.properties", ".env", "A_b-c", "a..b"], ["", ".", "..", "..a", "a/b", "a b", "a" * 254, 5]),
    "Count": ([0, 1, 2**31 - 1], [-1, 2**31, 1.5, 1.0, "1"]),
    "CpuQuantity": (
        ["250m", "2", "0.5", "1.125", 2, 0.5],
        ["0", "0m", "0.000", 0, -1, "-1", "0.5m", "1.1234", "2Gi", "1k", "", " 1", "1\n", "1e3", "10" * 10, 1e30],
    ),
    "CronSchedule": (
        ["*/5 * * * *", "@daily", "0 0 1 1 0", "0-59/10 0,12 * jan-DEC mon-fri", "5/15 * * * *", "1  2 3 4 5"],
        ["* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 * ", "* * * 13 *",
         "* * * * 7", "5-1 * * * *", "*/0 * * * *", "* * * foo *", "jan * * * *", "@reboot", "", "a b c d e", 5],
    ),
    "DecimalQuantity": (["100", "500m", "1.5k", "2G"], ["0", "0m", "1Gi", "-1", "", "1e3", True]),
    "DiskGib": ([30, 128, 2048], [29, 2049, "128", 128.0]),
    "DnsLabel": (["a", "blob-service", "0", "a" * 63], ["", "A", "-a", "a-", "a.b", "a_b", "a" * 64, "a\n", "ä", 5]),
    "DnsPrefix": (["course-dev", "A1", "a" * 54], ["-a", "a-", "a_b", "a" * 55, "", 5]),
    "DnsSubdomain": (["course-tls", "a.b", "a" * 253], ["", "A", "-a", "a.", "a..b", "a_b", "a" * 254, 5]),
    "DrainMinutes": ([1, 1440], [0, 1441, "30"]),
    "EntraObjectId": ([GUID], [GUID.upper(), GUID[:-1], "developers", f"{GUID}\n", 5]),
    "EnvName": (["LOG_LEVEL", "_x", "a1"], ["1A", "A-B", "A.B", "", "A B", 5]),
    "FieldPath": (
        ["metadata.name", "status.podIP", "metadata.labels", "metadata.labels['course.example/tier']"],
        ["metadata", "spec.containers", "status.phase", "metadata.labels[tier]", "name", "", 5],
    ),
    "HeaderName": (["X-Probe", "a"], ["", "X Probe", "X:Y", "X_Y", "a" * 257, 5]),
    "HostAlias": (["legacy", "legacy.internal.example"], ["", "*.a", "A.b", "a..b", "a_b", "-a", 5]),
    "HostName": (
        ["dev.course.example", "*.course.example", "a.b", f"{'a' * 63}.example"],
        ["localhost", "Dev.course.example", "*", "*.*.example", "a..b", "-a.b", "a.b.", f"{'a' * 64}.example",
         f"{'a.' * 127}b", "a.b/c", "https://a.b", 5],
    ),
    "ImageDigest": (
        [f"sha256:{'0a' * 32}"],
        ["0a" * 32, f"sha256:{'0a' * 31}", f"sha256:{'0A' * 32}", f"md5:{'0' * 64}", 5],
    ),
    "ImageKey": (["blob-service", "my_app", "a.b", "a__b", "redis7"], ["a/b", "A", "-a", "a-", "a:1", "", "a..b", 5]),
    "ImageRepository": (
        ["registry.example/blob-service", "docker.io/library/redis", "localhost:5000/a", "localhost/a", "r:5000/b_c",
         "r.example/" + "a" * 245],
        ["redis", "library/redis", "registry.example/a:1", "registry.example/a@sha256:0", "registry.example/",
         "https://registry.example/a", "registry.example/A", "r.example/" + "a" * 246, "", 5],
    ),
    "ImageTag": (["1.4.3", "latest", "_x", "5.2.0-login.7"], ["", "-a", ".a", "a b", "a:b", "a" * 129, 1.4, 5]),
    "IndexRanges": (["0", "0-2,5", "1,3,5-7"], ["", "a", "0-", "-1", "0,,1", "0, 1", 5]),
    "IntOrPercent": ([0, 1, "0%", "25%", "100%"], [-1, 2**31, "1", "101%", "-1%", "%", "1.5%", 1.5]),
    "IpAddress": (
        ["10.41.0.10", "0.0.0.0", "255.255.255.255"],
        ["10.41.0", "10.41.0.256", "10.41.0.01", "::1", "", 5],
    ),
    "KubernetesVersion": (["1.35"], ["1.35.2", "v1.35", "1.5", "2.0", "", 1.35, 1]),
    "LabelKey": (
        ["agentpool", "course.example/tier", "A.b_c-d", f"{'a.' * 126}b/{'a' * 63}"],
        ["", "/a", "a/", "a/b/c", "-a", "a-", "A.Example/x", "a" * 64, "a b", f"{'a.' * 127}/x",
         f"{'a.' * 126}bc/{'a' * 63}", 5],
    ),
    "LabelValue": (["", "wg1", "A.b_c-d", "a" * 63], ["-a", "a-", "a b", "a" * 64, "a/b", 5]),
    "MemoryQuantity": (
        ["256Mi", "8Gi", "1.5G", "100k", "1Ki", "2T"],
        ["0Mi", "0.0Gi", "512", 512, "100m", "8GB", "8gi", "-1Mi", "1.Gi", "Gi", "", "1Mi\n", "1" * 13 + "Mi"],
    ),
    "MetricName": (["http_requests_per_second", "a.b/c|d"], ["", "-a", "a-", "a b", "a" * 254, 5]),
    "Namespace": (["course", "kube", "defaults"], ["default", "kube-system", "kube-x", "Course", "", "a" * 64, 5]),
    "NodePort": ([30000, 32767], [29999, 32768, "30080"]),
    "ObjectReference": (
        ["Deployment", "ConfigMap/web-1a2b"],
        ["", "deployment", "Deployment/", "A/b/c", "Deployment/B", 5],
    ),
    "Percent": ([1, 100], [0, 101, "70", "70%", 70.0]),
    "PodsANode": ([30, 250], [29, 251, "110"]),
    "PolicyPeriod": ([1, 1800], [0, 1801, "60"]),
    "PoolName": (["wg1", "a", "a" * 12], ["1a", "A", "a-b", "a" * 13, "", 5]),
    "Port": ([1, 8080, 65535], [0, 65536, "80", 80.0, -1]),
    "PortName": (["http", "h2c-tls", "1a", "a" * 15], ["", "80", "HTTP", "a--b", "-a", "a-", "a_b", "a" * 16, 5]),
    "Positive": ([1, 2**31 - 1], [0, -1, 2**31, "1", 1.0]),
    "Priority": ([-5, 0, 1_000_000_000], [1_000_000_001, -(2**31) - 1, "5", 1.5]),
    "ProbePath": (["/", "/healthz?full=1", "/a%20b"], ["healthz", "", "/a b", "/ä", "/\n", 5]),
    "ProjectedPath": (["token", "conf/app.yaml", "..a"], ["", "/a", "a//b", "a/../b", "..", ".", "a/", "a\n", 5]),
    "RegistryId": (
        [f"{GROUP}/Microsoft.ContainerRegistry/registries/courseregistry"],
        ["courseregistry", f"{GROUP}/Microsoft.KeyVault/vaults/kv", 5],
    ),
    "ResourceField": (["limits.memory", "requests.ephemeral-storage"], ["memory", "limits.gpu", "limit.cpu", "", 5]),
    "ResourceGroupName": (["rg-course-dev", "a.b", "(x)_1", "a" * 63], ["a.", "", "a b", "a/b", "a" * 64, 5]),
    "RoleScope": (
        [f"{GROUP}/Microsoft.Storage/storageAccounts/a", f"{GROUP}/Microsoft.Sql/servers/s/databases/d",
         GROUP.removesuffix("/providers"), GROUP.partition("/resourceGroups")[0]],
        ["a", "/subscriptions/x", GROUP, f"{GROUP}/Microsoft.Storage", f"{GROUP}/Microsoft.Storage/storageAccounts",
         "/providers/Microsoft.Management/managementGroups/m", "/", "", 5],
    ),
    "RouteTableId": (
        [f"{GROUP}/Microsoft.Network/routeTables/rt"],
        ["rt", f"{GROUP}/Microsoft.KeyVault/vaults/kv", 5],
    ),
    "Seconds": ([0, 30], [-1, "30", 1.5]),
    "SemanticVersion": (["1.0.0", "10.20.30"], ["1.0", "v1.0.0", "1.0.0-rc", "1.0.0.0", "", 1.0, 1]),
    "StabilizationWindow": ([0, 3600], [-1, 3601, "60"]),
    "Taint": (
        ["CriticalAddonsOnly=true:NoSchedule", "gpu:NoExecute", "a.b/c=:PreferNoSchedule"],
        ["gpu", "gpu=yes", "gpu=yes:Never", "=yes:NoSchedule", "gpu=a b:NoSchedule", "", 5],
    ),
    "Target": (
        ["redis", "sql-gateway:1433", "internet:443", "shop/redis", "shop/redis:6379", "10.64.4.0/28:1433",
         "10.64.4.9:1433", "api.example.com:443", "*.example.com:443", "a.b"],
        ["Redis", "redis:", ":80", "redis:http", "", 5, "a/b/c", "/redis", "shop/", "10.64.4.0/33:80", "*:443",
         "api.*.com:443", "*.:443", "10.64.4.0/28:", "shop/api.example.com", "api.example.com/redis"],
    ),
    "TimeZone": (
        ["Etc/UTC", "Europe/Berlin", "America/Argentina/Salta"],
        ["+01:00", "../UTC", "Europe//Berlin", "", 5],
    ),
    "TokenLife": ([600, 86400], [599, 86401, "3600"]),
    "UrlPath": (
        ["/", "/api/internal-course/video", "/a/", "/a.b", "/...", "/.well-known/x", "/a/..b"],
        ["", "api", "/a//b", "/..", "/a/../b", "/a/.", "/a b", "/a?b", "/%2f", "/" + "a" * 1024, 5],
    ),
    "LogWorkspaceId": (
        [f"{GROUP}/Microsoft.OperationalInsights/workspaces/log-course"],
        ["log-course", f"{GROUP}/Microsoft.Monitor/accounts/log-course", 5],
    ),
    "MonitorWorkspaceId": (
        [f"{GROUP}/Microsoft.Monitor/accounts/amw-course"],
        ["amw-course", f"{GROUP}/Microsoft.OperationalInsights/workspaces/amw-course", 5],
    ),
    "VaultId": ([f"{GROUP}/Microsoft.KeyVault/vaults/kv"], ["kv", f"{GROUP}/Microsoft.Network/routeTables/rt", 5]),
    "VaultName": (["abc", "a-b", "Course-kv1", "a" * 24], ["ab", "1ab", "a--b", "ab-", "-ab", "a_b", "a" * 25, "", 5]),
    "VaultSecretName": (["AZURE-PASSWORD", "1", "a" * 127], ["", "A_B", "a.b", "a b", "a" * 128, 5]),
    "VmSize": (
        ["Standard_D4ds_v5", "Standard_E8-2ds_v5"],
        ["D4ds_v5", "standard_D4", "Standard_", "Standard_D4 v5", "", 5],
    ),
}  # fmt: skip


EVERY = {
    name: it
    for module in (values, azure_values)
    for name, it in vars(module).items()
    if get_origin(it) is Annotated
}


@cache
def adapter(name):
    return TypeAdapter(EVERY[name])


def reads(name, value):
    return adapter(name).validate_python(value)


def refusal(name, value):
    """The sentence that states our rule among pydantic's alternatives."""
    with pytest.raises(ValidationError) as caught:
        reads(name, value)
    said = [error["msg"] for error in caught.value.errors() if error["type"] == "rule"]
    assert said, f"{value!r} is refused in pydantic's words: {caught.value}"
    return said[0]


def test_every_value_type_is_in_the_table():
    assert set(EVERY) == set(TYPES)


@pytest.mark.parametrize(
    ("name", "good"), [(name, it) for name, rows in TYPES.items() for it in rows[0]]
)
def test_a_good_value_is_kept(name, good):
    read = reads(name, good)
    assert str(read) == str(good)
    assert type(read) is (str if name == "CpuQuantity" else type(good))


@pytest.mark.parametrize(
    ("name", "bad"), [(name, it) for name, rows in TYPES.items() for it in rows[1]]
)
def test_a_bad_value_is_refused_with_an_example(name, bad):
    assert "for example" in refusal(name, bad)


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("other", OF_ANOTHER_TYPE, ids=repr)
def test_another_type_is_refused_with_an_example(name, other):
    assert "for example" in refusal(name, other)


@pytest.mark.parametrize("name", TYPES)
def test_the_examples_in_an_error_are_good_values(name):
    said = refusal(name, []).partition("for example ")[2].split(";")[0]
    numbers = re.findall(r"\b[0-9]+\b", re.sub(r"'[^']*'", "", said))
    examples = [*re.findall(r"'([^']+)'", said), *map(int, numbers)]
    assert examples
    for it in examples:
        reads(name, it)


@pytest.mark.parametrize(
    ("name", "bad", "says"),
    [
        ("CpuQuantity", "0m", "must be more than zero"),
        ("Cidr", "10.40.0.1/16", "must be an IPv4 range without host bits, for example '10.40.0.0/16'"),
        ("CronSchedule", "60 * * * *", "the minute takes 0 to 59"),
        ("CronSchedule", "* * * * 7", "the day of week takes 0 to 6"),
        ("Namespace", "kube-system", "nor begin with 'kube-'"),
        ("DnsLabel", "a" * 64, f"at most {values.DNS_LABEL_MAX_CHARACTERS} characters"),
        ("PoolName", "a" * 13, f"at most {azure_values.POOL_NAME_MAX_CHARACTERS} lower-case letters"),
        ("ImageRepository", "registry.example/a:1.0", "the version belongs to 'images' of the stack"),
        ("KubernetesVersion", 1.35, "in quotes"),
        ("EntraObjectId", "developers", "not a name"),
    ],
)  # fmt: skip
def test_an_error_says_what_is_wrong_with_this_value(name, bad, says):
    assert says in refusal(name, bad)


@given(st.from_regex(CPU_PATTERN.replace("$", r"\Z"), alphabet="0123456789.m"))
def test_every_cpu_quantity_is_kept_unless_it_is_nothing(text):
    if amount(text):
        assert reads("CpuQuantity", text) == text
    else:
        assert "more than zero" in refusal("CpuQuantity", text)


@given(st.from_regex(MEMORY_PATTERN.replace("$", r"\Z"), alphabet="0123456789.kKMGTi"))
def test_every_memory_quantity_is_kept_unless_it_is_nothing(text):
    if amount(text):
        assert reads("MemoryQuantity", text) == text
    else:
        assert "more than zero" in refusal("MemoryQuantity", text)


@given(st.integers(1, 10**6) | st.integers(1, 10**6).map(lambda it: it / 8))
def test_a_number_of_cpus_is_read_as_its_shortest_text(number):
    read = reads("CpuQuantity", number)
    assert amount(read) == amount(f"{number:f}")
    assert not read.endswith(".0")


@given(st.ip_addresses(v=4), st.integers(0, 32))
@example(ip=IPv4Network("10.40.0.0/16")[0], prefix=16)
def test_a_range_is_kept_exactly_where_it_has_no_host_bits(ip, prefix):
    text = f"{ip}/{prefix}"
    own = str(IPv4Network(text, strict=False))
    if text == own:
        assert reads("Cidr", text) == text
    else:
        assert f"'{own}'" in refusal("Cidr", text)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_an_address_is_ipv4(ip):
    if ip.version == 4:
        assert reads("IpAddress", str(ip)) == str(ip)
    else:
        refusal("IpAddress", str(ip))


LABEL = re.compile(
    r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
)  # Kubernetes' own, apimachinery/pkg/util/validation
ALMOST = st.text("ab09-_.A:/%é\n", max_size=66)


@given(ALMOST | st.text("a-", min_size=60, max_size=66))
def test_a_label_is_what_kubernetes_calls_one(text):
    if LABEL.fullmatch(text) and len(text) <= 63:
        assert reads("DnsLabel", text) == text
    else:
        refusal("DnsLabel", text)


@given(
    ALMOST | st.lists(st.sampled_from(["a", "b-c", "-d", "", "A", "*"]), max_size=5).map(".".join)
)
def test_a_host_name_is_labels_with_dots_and_at_most_one_star_first(text):
    parts = text.removeprefix("*.").split(".")
    good = len(parts) > 1 and all(LABEL.fullmatch(it) and len(it) <= 63 for it in parts)
    if good and len(text) <= 253:
        assert reads("HostName", text) == text
    else:
        refusal("HostName", text)


SPANS = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)]
MONTHS = list(schedule._MONTHS)


@st.composite
def cron_items(draw, span):
    """An item of a field, and whether it is right."""
    low, high = span
    first, last = draw(st.integers(0, high + 2)), draw(st.integers(0, high + 2))
    step = draw(st.integers(0, 70))
    text, good = draw(
        st.sampled_from(
            [
                ("*", True),
                (f"{first}", low <= first <= high),
                (f"{first}-{last}", low <= first <= last <= high),
            ]
        )
    )
    return (f"{text}/{step}", good and step > 0) if draw(st.booleans()) else (text, good)


@hypothesis(max_examples=50)
@given(st.data())
def test_a_schedule_is_kept_exactly_where_each_item_of_each_field_is_in_its_span(data):
    fields = [data.draw(st.lists(cron_items(span), min_size=1, max_size=3)) for span in SPANS]
    text = " ".join(",".join(item for item, _ in field) for field in fields)
    if all(good for field in fields for _, good in field):
        assert reads("CronSchedule", text) == text
    else:
        assert "takes" in refusal("CronSchedule", text)


@given(st.sampled_from(MONTHS), st.sampled_from(MONTHS))
def test_months_go_by_name_in_their_order(first, last):
    text = f"0 0 1 {first.upper()}-{last} *"
    if MONTHS.index(first) <= MONTHS.index(last):
        assert reads("CronSchedule", text) == text
    else:
        refusal("CronSchedule", text)


@given(
    st.sampled_from(sorted(TYPES)),
    st.text() | st.integers() | st.floats() | st.binary() | st.none(),
)
def test_whatever_is_given_is_kept_or_refused_in_our_words(name, value):
    try:
        read = reads(name, value)
    except ValidationError:
        refusal(name, value)
    else:
        assume(name not in ("CpuQuantity", "DecimalQuantity"))  # numbers there become text
        assert read == value


@pytest.mark.parametrize(
    ("known", "kept"), [({"Europe/Berlin", "Etc/UTC"}, False), (set(), True)], ids=["zones", "none"]
)
def test_a_zone_that_is_not_known_is_refused_where_the_machine_knows_any(monkeypatch, known, kept):
    monkeypatch.setattr("settings.schedule._is_zone", known.__contains__)
    if kept:
        assert reads("TimeZone", "Europe/Berln") == "Europe/Berln"
    else:
        assert "for example 'Europe/Berlin'" in refusal("TimeZone", "Europe/Berln")
