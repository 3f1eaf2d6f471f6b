"""Properties as Pulumi's engine sends them to a policy pack, as plain data with marks.

Numbers come as floats, unknowns as one of seven texts, secrets as maps with a signature
(`sdk/go/common/resource/properties.go` of pulumi/pulumi, `sdk/python/lib/pulumi_policy/proxy.py` of pulumi-policy).
The SDK of policy packs unwraps secrets; here they become marks, so that no rule can print one.

Providers give back more as a secret than the program said: that of Kubernetes makes a secret of the whole `data` of a
Secret, and of a whole list in which anything is one, as `containers` with one variable. So a secret that holds others
keeps its keys and its items, and of the lists of a pod only that is hidden in which a secret may stand.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from policy.kinds import TEMPLATES
from policy.objects import Object, object_of, resource_of
from policy.unknown import COVERED, SECRET, UNKNOWN

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


_POD_LISTS: Final = frozenset({"containers", "initContainers", "ephemeralContainers", "volumes"})
_MAY_HOLD_SECRETS: Final = frozenset(
    {"args", "command", "httpHeaders", "value", "volumeAttributes"}
)
"""Keys below a pod's lists whose texts are anybody's; all others name things, or choose one of a few words
(https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#podspec-v1-core)."""

_ANY: Final = ""
"""In place of a key: every text."""

_Read = Callable[[Any], Any]


def plain(value: Any) -> Any:
    """A property without what the wire adds."""
    return _plain(value, _hidden)


def plain_pod(value: Any) -> Any:
    """The same of what makes pods, whose lists a provider may have covered."""
    return _plain(value, _hidden, _of_pods)


def _plain(value: Any, hidden: _Read, of_pods: _Read | None = None, key: str = "") -> Any:
    """`hidden` reads what a secret holds, `of_pods` what it holds where it is a list of a pod."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        return dict(UNKNOWN) if value in UNKNOWNS else value
    if isinstance(value, list):
        return [_plain(it, hidden, of_pods) for it in value]
    if not isinstance(value, Mapping):
        return value
    signature = value.get(SIGNATURE)
    if signature == SECRET_SIGNATURE:
        inner = value.get("value")
        if of_pods and key in _POD_LISTS and isinstance(inner, list):
            return of_pods(inner)
        return hidden(inner)
    if signature == OUTPUT_SIGNATURE:
        if value.get("secret"):
            return hidden(value.get("value"))
        return _plain(value["value"], hidden, of_pods, key) if "value" in value else dict(UNKNOWN)
    return {
        name: _plain(it, hidden, of_pods, name)
        for name, it in value.items()
        if not name.startswith(_INTERNAL)
    }


def _hidden(value: Any) -> Any:
    """What a secret holds: its keys and items, every value of them a secret."""
    if isinstance(value, list):
        return [_hidden(it) for it in value]
    if not isinstance(value, Mapping):
        return dict(SECRET)
    if SIGNATURE in value:
        return _plain(value, _hidden)
    return {name: _hidden(it) for name, it in value.items() if not name.startswith(_INTERNAL)}


def _of_pods(items: list[Any]) -> list[Any]:
    """A list of a pod that a provider made a secret of: without what may be the secret, or, where nothing of that kind
    is in it, without all its texts."""
    found = [_covered(it) for it in items]
    return found if _hides(found) else [_covered(it, _ANY) for it in items]


def _covered(value: Any, key: str = "-") -> Any:
    if isinstance(value, list):
        return [_covered(it, key) for it in value]
    if isinstance(value, Mapping) and SIGNATURE not in value:
        inside = key == _ANY or key in _MAY_HOLD_SECRETS
        return {name: _covered(it, key if inside else name) for name, it in value.items()}
    if isinstance(value, str) and (key == _ANY or key in _MAY_HOLD_SECRETS):
        return dict(COVERED)
    return _plain(value, _hidden)


def _hides(value: Any) -> bool:
    """Whether a part of it is hidden already."""
    if value in (COVERED, SECRET):
        return True
    if isinstance(value, dict):
        return any(_hides(it) for it in value.values())
    return isinstance(value, list) and any(_hides(it) for it in value)


def object_sent(
    type_: str, urn: str, properties: Any, options: Mapping[str, Any] = _NONE
) -> Object | None:
    """What rules read of a resource; None of components, providers and the like.

    An Azure resource is titled by type and logical name: of its own name the engine does not say which property it is.
    """
    package, _, rest = type_.partition(":")
    version, _, kind = rest.partition(":")
    makes_pods = package == "kubernetes" and kind in TEMPLATES
    inputs = plain_pod(properties) if makes_pods else plain(properties)
    if not isinstance(inputs, dict):
        return None
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
