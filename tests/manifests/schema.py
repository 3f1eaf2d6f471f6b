"""What the API server would refuse, from Kubernetes' own schemas.

The schemas are those of kubernetes-validate, strict; its own `validate` reads 2 MB for each object, so each kind is
compiled once here, and a test holds the two to one answer.
"""

from functools import cache
from typing import Any

import jsonschema_rs
from kubernetes_validate.utils import all_versions, schema_contents

from tests.manifests.samples import KUBERNETES

# From the CustomResourceDefinitions of the two projects: every field that we set, nothing beside it.
_OBJECT = {"type": "object", "additionalProperties": False}
_TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
_METADATA = {
    **_OBJECT,
    "required": ["name", "namespace", "labels"],
    "properties": {"name": {"type": "string"}, "namespace": {"type": "string"}, "labels": _TEXTS},
}
_PORT = {
    **_OBJECT,
    "properties": {
        "port": {"type": "string", "pattern": "^[0-9]+$"},
        "protocol": {"enum": ["TCP", "UDP"]},
    },
}
_NAMES = {
    "type": "array",
    "minItems": 1,
    "items": {
        **_OBJECT,
        "minProperties": 1,
        "properties": {"matchName": {"type": "string"}, "matchPattern": {"type": "string"}},
    },
}
_EGRESS = {
    **_OBJECT,
    "properties": {
        "toEntities": {"type": "array", "items": {"enum": ["host", "kube-apiserver"]}},
        "toEndpoints": {
            "type": "array",
            "items": {**_OBJECT, "properties": {"matchLabels": _TEXTS}},
        },
        "toFQDNs": _NAMES,
        "toPorts": {
            "type": "array",
            "items": {
                **_OBJECT,
                "properties": {
                    "ports": {"type": "array", "items": _PORT},
                    "rules": {**_OBJECT, "properties": {"dns": _NAMES}},
                },
            },
        },
    },
}
_SYNCED = {
    **_OBJECT,
    "properties": {
        "secretName": {"type": "string"},
        "type": {"const": "Opaque"},
        "labels": _TEXTS,
        "data": {
            "type": "array",
            "items": {
                **_OBJECT,
                "properties": {"objectName": {"type": "string"}, "key": {"type": "string"}},
            },
        },
    },
}
_STRING = {"type": "string"}


def _fields(*required: str, **optional: Any) -> dict[str, Any]:
    """An object of texts with further fields."""
    properties = {**dict.fromkeys(required, _STRING), **optional}
    return {**_OBJECT, "required": list(required), "properties": properties}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 1}


_ACTION = _fields("pass")
_SPLITS = {
    **_list(
        {
            **_OBJECT,
            "required": ["weight", "action"],
            "properties": {
                "weight": {"type": "integer", "minimum": 0, "maximum": 100},
                "action": _ACTION,
            },
        }
    ),
    "minItems": 2,
}
_MATCH = _fields(conditions=_list(_fields("value", header=_STRING, cookie=_STRING)), action=_ACTION)
_SUBROUTE = _fields("path", action=_ACTION, splits=_SPLITS, matches=_list(_MATCH))
_UPSTREAM = _fields("name", "service", port={"type": "integer"})
CUSTOM = {
    ("k8s.nginx.org/v1", "VirtualServer"): _fields(
        "host",
        ingressClassName=_STRING,
        tls=_fields("secret", redirect=_fields(enable={"type": "boolean"})),
        routes=_list(_fields("path", "route")),
    ),
    ("k8s.nginx.org/v1", "VirtualServerRoute"): _fields(
        "host",
        ingressClassName=_STRING,
        upstreams=_list(_UPSTREAM),
        subroutes=_list(_SUBROUTE),
    ),
    ("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass"): {
        **_OBJECT,
        "required": ["provider", "parameters"],
        "properties": {
            "provider": {"const": "azure"},
            "parameters": _TEXTS,
            "secretObjects": {"type": "array", "items": _SYNCED},
        },
    },
    ("cilium.io/v2", "CiliumNetworkPolicy"): {
        **_OBJECT,
        "required": ["endpointSelector"],
        "properties": {
            "endpointSelector": {"type": "object"},
            "egress": {"type": "array", "items": _EGRESS},
        },
    },
}


@cache
def definitions(minor: str, flavour: str = "local-strict") -> tuple[str, Any]:
    """Folder and definitions of the newest schemas of a Kubernetes minor version."""
    version = [it for it in all_versions() if it.startswith(f"{minor}.")][-1]
    folder = f"kubernetes-json-schema/v{version}-{flavour}"
    return folder, schema_contents(f"{folder}/_definitions.json", version)


@cache
def _validator(api_version: str, kind: str) -> jsonschema_rs.Draft202012Validator:
    custom = CUSTOM.get((api_version, kind))
    if custom:
        keys = {"apiVersion": {}, "kind": {}, "metadata": _METADATA, "spec": custom}
        return jsonschema_rs.Draft202012Validator(
            {**_OBJECT, "required": list(keys), "properties": keys}
        )
    folder, shared = definitions(KUBERNETES)
    group, _, version = api_version.rpartition("/")
    short = group.partition(".")[0]
    file = f"{folder}/{kind.lower()}-{short + '-' if short else ''}{version}.json"
    registry = jsonschema_rs.Registry([(shared["$id"], shared)])
    return jsonschema_rs.Draft202012Validator(schema_contents(file, KUBERNETES), registry=registry)


def faults(manifest: dict[str, Any]) -> list[str]:
    """Where `manifest` is not what its kind allows, misspelt keys included; empty: it is good."""
    found = _validator(manifest["apiVersion"], manifest["kind"]).iter_errors(manifest)
    return [f"{'.'.join(map(str, fault.instance_path))}: {fault.message}" for fault in found]
