"""Value types of settings, each named for the thing and with an example in its error.

The patterns run in pydantic's Rust core: a thousand workloads validate without a Python call a field.
"""

from ipaddress import IPv4Network
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from settings.quantity import CPU_PATTERN, MEMORY_PATTERN

DNS_LABEL_MAX_CHARACTERS = 63
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names"""

CRON_JOB_NAME_MAX_CHARACTERS = 52
"""https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ : the controller appends 11 characters."""

POOL_NAME_MAX_CHARACTERS = 12
"""https://learn.microsoft.com/azure/aks/create-node-pools (Linux)"""

_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_CRON_FIELD = r"(\*|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/[0-9]+)?"


class _Text:
    """A string that fits `pattern`; `rule` is what the error says, with an example. Stands first in `Annotated`."""

    def __init__(self, pattern: str, rule: str, most: int | None = None) -> None:
        self.pattern, self.rule, self.most = pattern, rule, most

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        text = core_schema.str_schema(pattern=self.pattern, max_length=self.most, strict=True)
        return core_schema.custom_error_schema(text, "rule", custom_error_message=self.rule)


def _number_as_text(value: object) -> object:
    """`cpu: 2` is as good as `cpu: "2"`: Kubernetes reads both."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _positive(quantity: str) -> str:
    if not quantity.strip("0.mkKMGTi"):
        raise PydanticCustomError("rule", "must be more than zero, for example '100m' or '128Mi'")
    return quantity


CpuQuantity = Annotated[
    str,
    _Text(CPU_PATTERN, "must be CPUs, for example '250m' or '2'"),
    BeforeValidator(
        _number_as_text, json_schema_input_type=Annotated[str, Field(pattern=CPU_PATTERN)] | float
    ),
    AfterValidator(_positive),
]
MemoryQuantity = Annotated[
    str,
    _Text(MEMORY_PATTERN, "must be bytes with a unit, for example '256Mi' or '8Gi'"),
    BeforeValidator(
        _number_as_text, json_schema_input_type=Annotated[str, Field(pattern=MEMORY_PATTERN)] | int
    ),
    AfterValidator(_positive),
]

DnsLabel = Annotated[
    str,
    _Text(
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
    _Text(
        r"^([a-z0-9]+-)*[a-z0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$",
        "must be at most 15 characters of a-z, 0-9 and single hyphens with a letter in it, for example 'http'",
        15,
    ),
]
"""https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/ (IANA service name)"""

Port = Annotated[int, Field(ge=1, le=65535)]
NodePort = Annotated[int, Field(ge=30000, le=32767)]
Percent = Annotated[int, Field(ge=1, le=100)]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Seconds = Annotated[int, Field(ge=0)]

IntOrPercent = Annotated[
    int
    | Annotated[
        str,
        _Text(r"^(100|[1-9]?[0-9])%$", "must be a count or a percentage, for example 1 or '25%'"),
    ],
    Field(union_mode="left_to_right"),
]

HostName = Annotated[
    str,
    _Text(
        rf"^(\*\.)?({_LABEL}\.)+{_LABEL}$",
        "must be a lower-case DNS name, for example 'dev.course.example'",
        253,
    ),
]

UrlPath = Annotated[
    str,
    _Text(
        r"^/[A-Za-z0-9/._~-]*$",
        "must be an absolute URL path, for example '/api/internal-course'",
        1024,
    ),
]

AbsolutePath = Annotated[
    str,
    _Text(
        r"^/([^/:\x00]+/)*[^/:\x00]*$",
        "must be an absolute file path, for example '/mnt/secrets'",
        4096,
    ),
]

CronSchedule = Annotated[
    str,
    _Text(
        rf"^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|({_CRON_FIELD}(,{_CRON_FIELD})*)"
        rf"( +{_CRON_FIELD}(,{_CRON_FIELD})*){{4}})$",
        "must be a cron schedule of five fields, for example '*/5 * * * *'",
    ),
]

AzureLocation = Annotated[
    str,
    _Text(
        r"^[a-z]+[a-z0-9]*$",
        "must be an Azure location in its short form, for example 'westeurope'",
    ),
]

PoolName = Annotated[
    str,
    _Text(
        r"^[a-z][a-z0-9]*$",
        f"must be at most {POOL_NAME_MAX_CHARACTERS} lower-case letters and digits, a letter first, for example 'wg1'",
        POOL_NAME_MAX_CHARACTERS,
    ),
]

ImageRepository = Annotated[
    str,
    _Text(
        r"^[a-z0-9.-]+(:[0-9]+)?(/[a-z0-9]+([._-]+[a-z0-9]+)*)+$",
        "must be a registry and repository without tag or digest, for example 'registry.example/blob-service'; "
        "the version belongs to 'images' of the stack",
        255,
    ),
]

ImageTag = Annotated[
    str,
    _Text(
        r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$",
        "must be an image tag, in quotes if it looks like a number, for example '1.4.3'",
        128,
    ),
]

ImageDigest = Annotated[
    str,
    _Text(r"^sha256:[0-9a-f]{64}$", "must be an image digest, 'sha256:' and 64 hexadecimal digits"),
]

EntraObjectId = Annotated[
    str,
    _Text(
        r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "must be an Entra object id, not a name, for example '0f8fad5b-d9cb-469f-a165-70867728950e'",
    ),
]

AzureResourceId = Annotated[
    str,
    _Text(
        r"^/subscriptions/[0-9a-fA-F-]{36}/resourceGroups/[^/]+/providers/[^/]+(/[^/]+/[^/]+)+$",
        "must be an Azure resource id, for example '/subscriptions/00000000-0000-0000-0000-000000000000/"
        "resourceGroups/rg-shared/providers/Microsoft.KeyVault/vaults/course-kv'",
    ),
]

KubernetesVersion = Annotated[
    str, _Text(r"^1\.[0-9]{2}$", "must be a Kubernetes minor version in quotes, for example '1.35'")
]

SemanticVersion = Annotated[
    str,
    _Text(r"^[0-9]+\.[0-9]+\.[0-9]+$", "must be a version of three numbers, for example '1.0.0'"),
]

ResourceGroupName = Annotated[
    str,
    _Text(
        r"^[A-Za-z0-9_().-]*[A-Za-z0-9_()-]$",
        "must be a resource group name of at most 63 characters that does not end with a full stop, "
        "for example 'rg-course-dev'",
        63,
    ),
]
"""Azure allows 90; overlay networking with an own subnet allows 63 (facts of AKS, section 5)."""

ClusterName = Annotated[
    str,
    _Text(
        r"^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?$",
        "must be at most 63 letters, digits, hyphens and underscores, for example 'aks-course-dev'",
        63,
    ),
]

DnsPrefix = Annotated[
    str,
    _Text(
        r"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$",
        "must be at most 54 letters, digits and hyphens, for example 'course-dev'",
        54,
    ),
]

VaultName = Annotated[
    str,
    _Text(
        r"^[A-Za-z]([A-Za-z0-9]|-[A-Za-z0-9]){2,23}$",
        "must be a Key Vault name of 3 to 24 letters, digits and single hyphens, a letter first, "
        "for example 'course-kv'",
        24,
    ),
]

VaultSecretName = Annotated[
    str,
    _Text(
        r"^[0-9A-Za-z-]+$",
        "must be a Key Vault secret name of letters, digits and hyphens, for example 'AZURE-PASSWORD'",
        127,
    ),
]

ConfigKey = Annotated[
    str,
    _Text(
        r"^[-._A-Za-z0-9]+$",
        "must be letters, digits, '-', '_' or '.', for example 'app.properties'",
        253,
    ),
]

EnvName = Annotated[
    str,
    _Text(r"^[A-Za-z_][A-Za-z0-9_]*$", "must be a variable name, for example 'LOG_LEVEL'"),
]

LabelKey = Annotated[
    str,
    _Text(
        rf"^(({_LABEL}\.)*{_LABEL}/)?[A-Za-z0-9]([A-Za-z0-9_.-]{{0,61}}[A-Za-z0-9])?$",
        "must be a Kubernetes label key, for example 'agentpool' or 'course.example/tier'",
    ),
]

LabelValue = Annotated[
    str,
    _Text(
        r"^([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?$",
        "must be a label value of at most 63 letters, digits, '-', '_' and '.', for example 'wg1'",
        63,
    ),
]

Taint = Annotated[
    str,
    _Text(
        r"^[A-Za-z0-9][A-Za-z0-9./_-]*(=[A-Za-z0-9_.-]*)?:(NoSchedule|PreferNoSchedule|NoExecute)$",
        "must be key=value:Effect, for example 'CriticalAddonsOnly=true:NoSchedule'",
    ),
]

Target = Annotated[
    str,
    _Text(
        rf"^{_LABEL}(:[0-9]{{1,5}})?$",
        "must be a workload, an external of the stack, 'internet' or 'kubernetes', with an optional port, "
        "for example 'redis' or 'sql-gateway:1433'",
    ),
]


def _network(text: str) -> str:
    try:
        IPv4Network(text)
    except ValueError as error:
        reason = "host bits are set" if "host bits" in str(error) else "not an IPv4 range"
        raise PydanticCustomError(
            "rule",
            "must be an IPv4 range in CIDR form, for example '10.40.0.0/16' ({reason})",
            {"reason": reason},
        ) from None
    return text


Cidr = Annotated[
    str,
    _Text(
        r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$",
        "must be an IPv4 range in CIDR form, for example '10.40.0.0/16'",
    ),
    AfterValidator(_network),
]

IpAddress = Annotated[
    str,
    _Text(
        r"^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])$",
        "must be an IPv4 address, for example '10.41.0.10'",
    ),
]
