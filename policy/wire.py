"""Properties as Pulumi's engine sends them to a policy pack, as plain data with marks.

Numbers come as floats, unknowns as one of seven texts, secrets as maps with a signature
(`sdk/go/common/resource/properties.go` of pulumi/pulumi, `sdk/python/lib/pulumi_policy/proxy.py` of pulumi-policy).
The SDK of policy packs unwraps secrets; here they become marks, so that no rule can print one.
"""

from collections.abc import Mapping
from typing import Any, Final

from policy.objects import Object, object_of, resource_of
from policy.unknown import SECRET, UNKNOWN

UNKNOWNS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
"""Of booleans, numbers, texts, lists, assets, archives and maps."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"

_NONE: Final[Mapping[str, Any]] = {}
_INTERNAL: Final = "__"
"""What keys begin with that are the provider's own: `__defaults`, `__inputs`."""


def plain(value: Any) -> Any:
    """A property without what the wire adds."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        return dict(UNKNOWN) if value in UNKNOWNS else value
    if isinstance(value, list):
        return [plain(it) for it in value]
    if not isinstance(value, Mapping):
        return value
    signature = value.get(SIGNATURE)
    if signature == SECRET_SIGNATURE:
        return dict(SECRET)
    if signature == OUTPUT_SIGNATURE:
        if value.get("secret"):
            return dict(SECRET)
        return plain(value["value"]) if "value" in value else dict(UNKNOWN)
    return {key: plain(it) for key, it in value.items() if not key.startswith(_INTERNAL)}


def object_sent(
    type_: str, urn: str, properties: Any, options: Mapping[str, Any] = _NONE
) -> Object | None:
    """What rules read of a resource; None of components, providers and the like.

    An Azure resource is titled by type and logical name: of its own name the engine does not say which property it is.
    """
    inputs = plain(properties)
    if not isinstance(inputs, dict):
        return None
    package, _, rest = type_.partition(":")
    version, _, kind = rest.partition(":")
    if package == "kubernetes" and not type_.startswith("kubernetes:helm.sh/"):
        api_version = version.removeprefix("core/")
        manifest = {"apiVersion": api_version, "kind": kind, **inputs}
        return object_of(manifest, urn=urn, options=options)
    if package in ("kubernetes", "azure-native"):
        return resource_of(type_, inputs, f"{kind} {urn.rpartition('::')[2]}", urn, options)
    return None


def stack_of(urn: str) -> str:
    """`prod` of `urn:pulumi:prod::project::type::name`; empty for what is no URN."""
    return urn.removeprefix("urn:pulumi:").partition("::")[0] if urn.startswith("urn:") else ""
