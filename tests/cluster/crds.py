"""Minimal structural CRDs of the third-party kinds that the stacks render, written by hand from their documentation.

A field that is not here is an unknown field, and strict validation refuses it.
"""

from typing import Any

STRING = {"type": "string"}
STRINGS = {"type": "object", "additionalProperties": STRING}


def crd(group: str, version: str, kind: str, plural: str, spec: dict[str, Any]) -> dict[str, Any]:
    """A namespaced CustomResourceDefinition whose `spec` has the properties `spec`."""
    schema = {"type": "object", "properties": {"spec": {"type": "object", "properties": spec}}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {
                "kind": kind,
                "listKind": f"{kind}List",
                "plural": plural,
                "singular": kind.lower(),
            },
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": True,
                    "schema": {"openAPIV3Schema": schema},
                }
            ],
        },
    }


SECRET_PROVIDER_CLASS = crd(
    "secrets-store.csi.x-k8s.io",
    "v1",
    "SecretProviderClass",
    "secretproviderclasses",
    {"provider": STRING, "parameters": STRINGS},
)
"""https://secrets-store-csi-driver.sigs.k8s.io/concepts#secretproviderclass , without `secretObjects`"""

_NAMES = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "matchName": {
                "type": "string",
                "maxLength": 255,
                "pattern": r"^([-a-zA-Z0-9_]+[.]?)+$",
            },
            "matchPattern": {
                "type": "string",
                "maxLength": 255,
                "pattern": r"^([-a-zA-Z0-9_*]+[.]?)+$",
            },
        },
    },
}
_PORTS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "ports": {
                "type": "array",
                "maxItems": 40,
                "items": {
                    "type": "object",
                    "required": ["port"],
                    "properties": {
                        "port": {"type": "string", "pattern": r"^(6553[0-5]|[0-9]{1,5})$"},
                        "protocol": {"type": "string", "enum": ["TCP", "UDP", "SCTP", "ANY"]},
                    },
                },
            },
            "rules": {"type": "object", "properties": {"dns": _NAMES}},
        },
    },
}
CILIUM_NETWORK_POLICY = crd(
    "cilium.io",
    "v2",
    "CiliumNetworkPolicy",
    "ciliumnetworkpolicies",
    {
        "endpointSelector": {"type": "object", "properties": {"matchLabels": STRINGS}},
        "egress": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "toEntities": {"type": "array", "items": STRING},
                    "toEndpoints": {
                        "type": "array",
                        "items": {"type": "object", "properties": {"matchLabels": STRINGS}},
                    },
                    "toFQDNs": _NAMES,
                    "toPorts": _PORTS,
                },
            },
        },
    },
)
"""https://docs.cilium.io/en/stable/security/policy/ : the parts about hosts in DNS and the node's DNS cache; patterns
as in the definition that Cilium ships (pkg/k8s/apis/cilium.io/client/crds/v2)."""

_UPSTREAMS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "service", "port"],
        "properties": {"name": STRING, "service": STRING, "port": {"type": "integer"}},
    },
}
_ACTION = {"type": "object", "properties": {"pass": STRING}}
_SPLITS = {
    "type": "array",
    "minItems": 2,
    "items": {
        "type": "object",
        "properties": {
            "weight": {"type": "integer", "minimum": 0, "maximum": 100},
            "action": _ACTION,
        },
    },
}
_CONDITIONS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["value"],
        "properties": {"header": STRING, "cookie": STRING, "value": STRING},
    },
}
_MATCHES = {
    "type": "array",
    "items": {"type": "object", "properties": {"conditions": _CONDITIONS, "action": _ACTION}},
}
_SUBROUTES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["path"],
        "properties": {"path": STRING, "action": _ACTION, "splits": _SPLITS, "matches": _MATCHES},
    },
}
VIRTUAL_SERVER = crd(
    "k8s.nginx.org",
    "v1",
    "VirtualServer",
    "virtualservers",
    {
        "ingressClassName": STRING,
        "host": STRING,
        "tls": {
            "type": "object",
            "properties": {
                "secret": STRING,
                "redirect": {"type": "object", "properties": {"enable": {"type": "boolean"}}},
            },
        },
        "routes": {
            "type": "array",
            "items": {"type": "object", "properties": {"path": STRING, "route": STRING}},
        },
    },
)
VIRTUAL_SERVER_ROUTE = crd(
    "k8s.nginx.org",
    "v1",
    "VirtualServerRoute",
    "virtualserverroutes",
    {"ingressClassName": STRING, "host": STRING, "upstreams": _UPSTREAMS, "subroutes": _SUBROUTES},
)
"""https://docs.nginx.com/nginx-ingress-controller/configuration/virtualserver-and-virtualserverroute-resources/"""

ALL = (
    SECRET_PROVIDER_CLASS,
    CILIUM_NETWORK_POLICY,
    VIRTUAL_SERVER,
    VIRTUAL_SERVER_ROUTE,
)
