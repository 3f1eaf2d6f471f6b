"""Whether two pod templates are one to the API server, and where they differ: what decides whether pods restart.

`completed` fills in what the server fills in and leaves out what it does not store (`pkg/apis/core/v1/defaults.go` of
Kubernetes 1.36); a controller rolls its pods exactly where two completed templates differ, order of lists included
(`EqualIgnoreHash` of the Deployment controller). Left out: sources of volumes that no cloud of ours has.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple

from review.meaning.controllers import is_mark, known
from review.plan import UNKNOWN
from settings.quantity import amount

Map = Mapping[str, Any]
Sure = Literal["yes", "maybe"]


class Difference(NamedTuple):
    """One place of two templates that is not the same."""

    path: str
    """From the template, items by name: `spec.containers[api].image`."""

    old: Any
    """None where there is nothing."""

    new: Any

    @property
    def sure(self) -> Sure:
        """`maybe`: a side is known after deployment only."""
        return "maybe" if UNKNOWN in (self.old, self.new) else "yes"


_POD: Final[Map] = {
    "restartPolicy": "Always",
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    "terminationGracePeriodSeconds": 30,
    "enableServiceLinks": True,
    "securityContext": {},
}
_CONTAINER: Final[Map] = {
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}
_PROBE: Final[Map] = {
    "timeoutSeconds": 1,
    "periodSeconds": 10,
    "successThreshold": 1,
    "failureThreshold": 3,
}
_HTTP: Final[Map] = {"path": "/", "scheme": "HTTP"}
_MODE: Final[Map] = {"defaultMode": 0o644}
_VOLUMES: Final[Mapping[str, Map]] = {
    "configMap": _MODE,
    "secret": _MODE,
    "downwardAPI": _MODE,
    "projected": _MODE,
    "hostPath": {"type": ""},
    "azureDisk": {
        "cachingMode": "ReadWrite",
        "fsType": "ext4",
        "kind": "Shared",
        "readOnly": False,
    },
}

_EMPTY_MAPS: Final = frozenset(
    {
        "annotations",
        "labels",
        "limits",
        "matchLabels",
        "metadata",
        "nodeSelector",
        "overhead",
        "requests",
        "resources",
        "volumeAttributes",
    }
)
"""Maps that are the same as none. An empty one of any other key is an object of its own: `emptyDir: {}`."""

_ZEROS: Final = frozenset(
    {
        "effect",
        "hostIP",
        "hostIPC",
        "hostNetwork",
        "hostPID",
        "hostPort",
        "hostname",
        "initialDelaySeconds",
        "key",
        "medium",
        "nodeName",
        "operator",
        "priorityClassName",
        "stdin",
        "stdinOnce",
        "subPath",
        "subPathExpr",
        "subdomain",
        "tty",
        "value",
        "workingDir",
    }
)
"""Fields that are no pointers: false, 0 and the empty text are not stored."""

_AMOUNTS: Final = frozenset({"limits", "requests", "overhead"})
_AMOUNT: Final = frozenset({"sizeLimit", "divisor"})


def completed(template: Map) -> dict[str, Any]:
    """A copy of `template` as the API server has it."""
    made: dict[str, Any] = _pruned(template)
    spec = made.get("spec")
    if isinstance(spec, dict) and not is_mark(spec):
        _complete_pod(spec)
    made.setdefault("metadata", {})
    return made


def _pruned(value: Any, key: str = "") -> Any:
    """Without what is not stored, amounts in one spelling."""
    if is_mark(value):
        return value
    if isinstance(value, Mapping):
        if key in _AMOUNTS:
            return {name: _amount(it) for name, it in value.items()}
        found = {}
        for name, it in value.items():
            made = _pruned(it, name)
            if not _is_nothing(name, made):
                found[name] = made
        return found
    if isinstance(value, list | tuple):
        return [_pruned(it) for it in value]
    return _amount(value) if key in _AMOUNT else value


def _is_nothing(key: str, value: Any) -> bool:
    if value is None or value == []:
        return True
    if isinstance(value, Mapping):
        return not value and key in _EMPTY_MAPS
    return key in _ZEROS and (value is False or value in ("", 0))


def _amount(value: Any) -> Any:
    if is_mark(value) or isinstance(value, bool):
        return value
    try:
        return f"{amount(str(value)).normalize():f}"
    except ValueError:
        return value


def _complete_pod(spec: dict[str, Any]) -> None:
    _fill(spec, _POD)
    if spec.get("serviceAccount") == spec.get("serviceAccountName"):
        spec.pop("serviceAccount", None)
    for key in ("initContainers", "containers", "ephemeralContainers"):
        for it in _maps(spec.get(key)):
            _complete_container(it)
    for it in _maps(spec.get("volumes")):
        _complete_volume(it)


def _complete_container(it: dict[str, Any]) -> None:
    _fill(it, _CONTAINER)
    if isinstance(image := it.get("image"), str):
        _fill(it, {"imagePullPolicy": pull_policy(image)})
    for port in _maps(it.get("ports")):
        _fill(port, {"protocol": "TCP"})
    for env in _maps(it.get("env")):
        source = env.get("valueFrom")
        if isinstance(source, dict):
            _fill_field(source)
    for key in ("startupProbe", "readinessProbe", "livenessProbe"):
        probe = it.get(key)
        if isinstance(probe, dict) and not is_mark(probe):
            _fill(probe, _PROBE)
            _complete_handler(probe)
            if isinstance(grpc := probe.get("grpc"), dict):
                _fill(grpc, {"service": ""})
    for hook in (known(it.get("lifecycle")) or {}).values():
        if isinstance(hook, dict):
            _complete_handler(hook)


def pull_policy(image: str) -> str:
    """What is filled in: `Always` for the tag `latest` and for no tag at all, unless there is a digest alone."""
    name, at, _ = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return "Always" if tag == "latest" or not (tag or at) else "IfNotPresent"


def _complete_handler(handler: dict[str, Any]) -> None:
    http = handler.get("httpGet")
    if isinstance(http, dict) and not is_mark(http):
        for key, value in _HTTP.items():
            http[key] = http.get(key) or value


def _complete_volume(volume: dict[str, Any]) -> None:
    if not set(volume) - {"name"}:
        volume["emptyDir"] = {}
    for key, defaults in _VOLUMES.items():
        source = volume.get(key)
        if isinstance(source, dict) and not is_mark(source):
            _fill(source, defaults)
    for it in _maps(known(volume.get("downwardAPI")).get("items")):
        _fill_field(it)
    for source in _maps(known(volume.get("projected")).get("sources")):
        if isinstance(token := source.get("serviceAccountToken"), dict):
            _fill(token, {"expirationSeconds": 3600})
        for it in _maps(known(source.get("downwardAPI")).get("items")):
            _fill_field(it)
    claim = known(known(volume.get("ephemeral")).get("volumeClaimTemplate")).get("spec")
    if isinstance(claim, dict):
        _fill(claim, {"volumeMode": "Filesystem"})


def _fill_field(holder: dict[str, Any]) -> None:
    if isinstance(field := holder.get("fieldRef"), dict):
        _fill(field, {"apiVersion": "v1"})


def _fill(target: dict[str, Any], defaults: Map) -> None:
    if not is_mark(target):
        for key, value in defaults.items():
            target.setdefault(key, {} if value == {} else value)


def _maps(value: Any) -> list[dict[str, Any]]:
    return [it for it in value if isinstance(it, dict)] if isinstance(value, list) else []


def _port_key(it: Map) -> str:
    return f"{it.get('containerPort')}/{it.get('protocol')}"


def _by(key: str) -> Callable[[Map], str]:
    return lambda it: str(it[key]) if isinstance(it.get(key), str | int) else ""


_KEYS: Final[Mapping[str, Callable[[Map], str]]] = {
    "containers": _by("name"),
    "initContainers": _by("name"),
    "env": _by("name"),
    "volumes": _by("name"),
    "volumeMounts": _by("mountPath"),
    "volumeDevices": _by("devicePath"),
    "ports": _port_key,
    "imagePullSecrets": _by("name"),
    "topologySpreadConstraints": _by("topologyKey"),
    "hostAliases": _by("ip"),
    "items": _by("key"),
}
"""What Kubernetes merges these lists by."""


def differences(old: Any, new: Any, at: str = "", key: str = "") -> Iterator[Difference]:
    """The smallest places where two completed templates differ; `[order]` where only the order of a list does."""
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return
    if key in _EMPTY_MAPS:
        old, new = {} if old is None else old, {} if new is None else new
    if is_mark(old) or is_mark(new):
        yield Difference(at, old, new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted({*old, *new}):
            below = f"{at}.{name}" if at else name
            yield from differences(old.get(name), new.get(name), below, name)
    elif isinstance(old, list | None) and isinstance(new, list | None) and key in _KEYS:
        yield from _items(old or [], new or [], at, _KEYS[key])
    else:
        yield Difference(at, old, new)


def _items(
    old: list[Any], new: list[Any], at: str, key: Callable[[Map], str]
) -> Iterator[Difference]:
    before, after = _keyed(old, key), _keyed(new, key)
    if before is None or after is None:
        yield Difference(at, old or None, new or None)
        return
    found = False
    for name in sorted({*before, *after}):
        for it in differences(before.get(name), after.get(name), f"{at}[{name}]"):
            found = True
            yield it
    if not found or [it for it in before if it in after] != [it for it in after if it in before]:
        yield Difference(f"{at}[order]", list(before), list(after))


def _keyed(items: list[Any], key: Callable[[Map], str]) -> dict[str, Any] | None:
    """None where items cannot be told apart."""
    found = {}
    for it in items:
        name = key(it) if isinstance(it, Mapping) and not is_mark(it) else ""
        if not name or name in found:
            return None
        found[name] = it
    return found
