"""Value types of settings, each named for the thing and with an example in its error.

The patterns run in pydantic's Rust core: a thousand workloads validate without a Python call a field, save where a
grammar needs one (networks, schedules, time zones).
"""

from ipaddress import IPv4Network
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from settings.constraint import Number, Text
from settings.quantity import CPU_PATTERN, MEMORY_PATTERN
from settings.schedule import CronSchedule as CronSchedule
from settings.schedule import TimeZone as TimeZone

DNS_LABEL_MAX_CHARACTERS = 63
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names"""

CRON_JOB_NAME_MAX_CHARACTERS = 52
"""https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ : the controller appends 11 characters."""


_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_HOST_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_HOST = rf"(\*\.)?({_HOST_LABEL}\.)+{_HOST_LABEL}"
_IMAGE_NAME = r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*"
_NOT_DOTS = r"(\.{0,2}[A-Za-z0-9_~-][A-Za-z0-9._~-]*|\.{3}[A-Za-z0-9._~-]*)"
"""One part of a URL path that is neither `.` nor `..`: the API server refuses both, and `//`."""


def _number_as_text(value: object) -> object:
    """`cpu: 2` is as good as `cpu: "2"`: Kubernetes reads both. The engine hands out 2.0 as 2, so both are `2`."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _positive(quantity: str) -> str:
    if not quantity.strip("0.mkKMGTi"):
        raise PydanticCustomError("rule", "must be more than zero, for example '100m' or '128Mi'")
    return quantity


CpuQuantity = Annotated[
    str,
    Text(CPU_PATTERN, "must be CPUs, for example '250m' or '2'"),
    BeforeValidator(
        _number_as_text, json_schema_input_type=Annotated[str, Field(pattern=CPU_PATTERN)] | float
    ),
    AfterValidator(_positive),
]
MemoryQuantity = Annotated[
    str,
    Text(MEMORY_PATTERN, "must be bytes with a unit, for example '256Mi' or '8Gi'"),
    AfterValidator(_positive),
]

DnsLabel = Annotated[
    str,
    Text(
        rf"^{_LABEL}$",
        f"must be an RFC 1123 label of at most {DNS_LABEL_MAX_CHARACTERS} characters, for example 'blob-service'",
        DNS_LABEL_MAX_CHARACTERS,
    ),
]


def _not_reserved(namespace: str) -> str:
    if namespace.startswith("kube-") or namespace == "default":
        raise PydanticCustomError(
            "rule",
            "must not be 'default' nor begin with 'kube-': those are the cluster's own, for example 'course'",
        )
    return namespace


Namespace = Annotated[DnsLabel, AfterValidator(_not_reserved)]

PortName = Annotated[
    str,
    Text(
        r"^([a-z0-9]+-)*[a-z0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        "must be at most 15 characters of a-z, 0-9 and single hyphens with a letter in it, for example 'http'",
        15,
    ),
]
"""https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ (IANA service name)"""

Port = Annotated[int, Number("must be a port from 1 to 65535, for example 8080", 1, 65535)]
NodePort = Annotated[
    int, Number("must be a node port from 30000 to 32767, for example 30080", 30000, 32767)
]
Percent = Annotated[
    int, Number("must be a percentage from 1 to 100 without its sign, for example 70", 1, 100)
]
_INT32_MAX = 2**31 - 1
Count = Annotated[
    int, Number(f"must be a whole number from 0 to {_INT32_MAX}, for example 2", 0, _INT32_MAX)
]
Positive = Annotated[
    int, Number(f"must be a whole number from 1 to {_INT32_MAX}, for example 2", 1, _INT32_MAX)
]
Seconds = Annotated[
    int, Number(f"must be whole seconds from 0 to {_INT32_MAX}, for example 30", 0, _INT32_MAX)
]
PolicyPeriod = Annotated[int, Number("must be seconds from 1 to 1800, for example 60", 1, 1800)]
StabilizationWindow = Annotated[
    int, Number("must be seconds from 0 to 3600, for example 300", 0, 3600)
]
AffinityTimeout = Annotated[
    int, Number("must be seconds from 1 to 86400, for example 10800", 1, 86400)
]
TokenLife = Annotated[
    int, Number("must be seconds from 600 to 86400, for example 3600", 600, 86400)
]
Priority = Annotated[
    int,
    Number("must be a whole number up to 1000000000, for example 1000", -2147483648, 1_000_000_000),
]
"""https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass"""


IntOrPercent = Annotated[
    Annotated[int, Field(ge=0, le=_INT32_MAX, strict=True)]
    | Annotated[
        str,
        Text(r"^(100|[1-9]?[0-9])%$", "must be a count or a percentage, for example 1 or '25%'"),
    ],
    Field(union_mode="left_to_right"),
]

HostName = Annotated[
    str,
    Text(
        rf"^{_HOST}$",
        "must be a lower-case DNS name, for example 'dev.course.example'",
        253,
    ),
]

HostAlias = Annotated[
    str,
    Text(
        rf"^({_HOST_LABEL}\.)*{_HOST_LABEL}$",
        "must be a lower-case host name, for example 'legacy.internal.example'",
        253,
    ),
]

UrlPath = Annotated[
    str,
    Text(
        rf"^/({_NOT_DOTS}(/{_NOT_DOTS})*/?)?$",
        "must be an absolute URL path, for example '/api/internal-course'",
        1024,
    ),
]

ProbePath = Annotated[
    str,
    Text(
        r"^/[!-~]*$",
        "must be an absolute URL path, its query included, for example '/healthz'",
        1024,
    ),
]


def _no_dots(path: str) -> str:
    if not {".", ".."}.isdisjoint(path.split("/")):
        raise PydanticCustomError(
            "rule", "must be a file path without '.' and '..', for example '/mnt/secrets'"
        )
    return path


AbsolutePath = Annotated[
    str,
    Text(
        r"^/([^/:\x00-\x1f]+/)*[^/:\x00-\x1f]*$",
        "must be an absolute file path, for example '/mnt/secrets'",
        4096,
    ),
    AfterValidator(_no_dots),
]


ImageRepository = Annotated[
    str,
    Text(
        rf"^([a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9-]+:[0-9]+|localhost)(:[0-9]+)?(/{_IMAGE_NAME})+$",
        "must be a registry and repository without tag or digest, for example 'registry.example/blob-service'; "
        "the version belongs to 'images' of the stack",
        255,
    ),
]

ImageKey = Annotated[
    str,
    Text(
        rf"^{_IMAGE_NAME}$",
        "must be the last part of an image's repository, for example 'blob-service'",
        255,
    ),
]

ImageTag = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$",
        "must be an image tag, in quotes if it looks like a number, for example '1.4.3'",
        128,
    ),
]

ImageDigest = Annotated[
    str,
    Text(
        r"^sha256:[0-9a-f]{64}$",
        "must be an image digest, 'sha256:' and 64 hexadecimal digits, for example "
        "'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
    ),
]


KubernetesVersion = Annotated[
    str, Text(r"^1\.[0-9]{2}$", "must be a Kubernetes minor version in quotes, for example '1.35'")
]

SemanticVersion = Annotated[
    str,
    Text(r"^[0-9]+\.[0-9]+\.[0-9]+$", "must be a version of three numbers, for example '1.0.0'"),
]


ConfigKey = Annotated[
    str,
    Text(
        r"^\.?[-_A-Za-z0-9][-._A-Za-z0-9]*$",
        "must be letters, digits, '-', '_' or '.', for example 'app.properties'",
        253,
    ),
]

EnvName = Annotated[
    str, Text(r"^[A-Za-z_][A-Za-z0-9_]*$", "must be a variable name, for example 'LOG_LEVEL'")
]

DnsSubdomain = Annotated[
    str,
    Text(
        r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$",
        "must be an RFC 1123 subdomain of at most 253 characters, for example 'course-tls'",
        253,
    ),
]

ObjectReference = Annotated[
    str,
    Text(
        r"^[A-Z][A-Za-z]+(/[a-z0-9][a-z0-9.-]*)?$",
        "must be a kind, or a kind and a name, for example 'Deployment' or 'Service/redis-headless'",
        317,
    ),
]

ChartReference = Annotated[
    str,
    Text(
        rf"^oci://[a-z0-9.-]+(:[0-9]+)?(/{_IMAGE_NAME})+$",
        "must be an OCI reference without version, for example 'oci://registry.example/charts/redis-exporter'",
        255,
    ),
]

ChartVersion = Annotated[
    str,
    Text(
        r"^v?[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$",
        "must be one full version and no range, for example '2.6.4'",
        128,
    ),
]

MetricName = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9]([A-Za-z0-9_./|-]*[A-Za-z0-9])?$",
        "must be a metric's name, for example 'http_requests_per_second'",
        253,
    ),
]

DecimalQuantity = Annotated[
    str,
    Text(r"^[0-9]+(\.[0-9]+)?(m|k|M|G)?$", "must be a quantity, for example '100' or '500m'"),
    BeforeValidator(
        _number_as_text,
        json_schema_input_type=Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)?(m|k|M|G)?$")]
        | float,
    ),
    AfterValidator(_positive),
]

IndexRanges = Annotated[
    str,
    Text(
        r"^[0-9]{1,6}(-[0-9]{1,6})?(,[0-9]{1,6}(-[0-9]{1,6})?)*$",
        "must be indexes and ranges of them, in quotes, for example '0-2,5'",
        65_536,
    ),
]

HeaderName = Annotated[
    str, Text(r"^[-A-Za-z0-9]+$", "must be a header name, for example 'X-Probe'", 256)
]

FieldPath = Annotated[
    str,
    Text(
        r"^(metadata\.(name|namespace|uid|labels|annotations|(labels|annotations)\['[^']+'\])"
        r"|spec\.(nodeName|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs))$",
        "must be a field of the downward API, for example 'metadata.name' or 'status.podIP'",
    ),
]
"""https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#available-fields"""

ResourceField = Annotated[
    str,
    Text(
        r"^(requests|limits)\.(cpu|memory|ephemeral-storage)$",
        "must be a request or limit, for example 'limits.memory'",
    ),
]

ProjectedPath = Annotated[
    str,
    Text(
        r"^[^/\x00-\x1f]+(/[^/\x00-\x1f]+)*$",
        "must be a relative path, for example 'conf/app.yaml'",
        4096,
    ),
    AfterValidator(_no_dots),
]


def _no_prefix(capability: str) -> str:
    if capability.startswith("CAP_"):
        raise PydanticCustomError(
            "rule", "must be a Linux capability without 'CAP_', for example 'NET_BIND_SERVICE'"
        )
    return capability


Capability = Annotated[
    str,
    Text(
        r"^[A-Z][A-Z_]*$",
        "must be a Linux capability without 'CAP_', for example 'NET_BIND_SERVICE'",
    ),
    AfterValidator(_no_prefix),
]

LabelKey = Annotated[
    str,
    Text(
        rf"^(({_LABEL}\.)*{_LABEL}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9])?$",
        "must be a Kubernetes label key, for example 'agentpool' or 'course.example/tier'",
        317,  # a prefix of 253, the slash, a name of 63
    ),
]

LabelValue = Annotated[
    str,
    Text(
        r"^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$",
        "must be a label value of at most 63 letters, digits, '-', '_' and '.', for example 'wg1'",
        63,
    ),
]

Taint = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9][A-Za-z0-9./_-]*(=[A-Za-z0-9_.-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$",
        "must be key=value:Effect, for example 'CriticalAddonsOnly=true:NoSchedule'",
    ),
]

Target = Annotated[
    str,
    Text(
        rf"^(({_LABEL}/)?{_LABEL}|({_OCTET}\.){{3}}{_OCTET}/(3[0-2]|[12]?[0-9])|{_HOST})"
        r"(:[0-9]{1,5}(/(TCP|UDP|SCTP))?)?$",
        "must be a workload, an external of the stack, 'internet', 'kubernetes', 'monitoring', an IPv4 range or a host "
        "name, with a port where it has none of its own and '/UDP' or '/SCTP' behind it where it is not TCP, for "
        "example 'redis', 'sql-gateway:1433', '10.64.4.0/28:123/UDP' or 'api.example.com:443'",
    ),
]


def _network(text: str) -> str:
    try:
        IPv4Network(text)
    except ValueError:
        own = str(IPv4Network(text, strict=False))
        raise PydanticCustomError(
            "rule", "must be an IPv4 range without host bits, for example '{own}'", {"own": own}
        ) from None
    return text


Cidr = Annotated[
    str,
    Text(
        rf"^({_OCTET}\.){{3}}{_OCTET}/(3[0-2]|[12]?[0-9])$",
        "must be an IPv4 range in CIDR form, for example '10.40.0.0/16'",
    ),
    AfterValidator(_network),
]

IpAddress = Annotated[
    str, Text(rf"^({_OCTET}\.){{3}}{_OCTET}$", "must be an IPv4 address, for example '10.41.0.10'")
]
