"""Kubeconfigs as kubectl reads them: strictly by the published form, and by kubectl itself where the machine has one.

https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/
"""

import json
import shutil
import subprocess
import tempfile
from base64 import b64encode
from typing import Any

import jsonschema_rs
import yaml

CERTIFICATE = b64encode(b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n").decode()
SERVER = "https://course-dev-1a2b3c.hcp.westeurope.azmk8s.io:443"

TEXT = {"type": "string"}
FLAG = {"type": "boolean"}
TEXTS = {"type": ["array", "null"], "items": TEXT}
EXTENSIONS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": TEXT, "extension": {"type": "object"}},
        "required": ["name", "extension"],
        "additionalProperties": False,
    },
}


def _closed(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _entries(singular: str, **inner: Any) -> dict[str, Any]:
    entry = _closed(name=TEXT, **{singular: _closed(**inner, extensions=EXTENSIONS)})
    return {"type": ["array", "null"], "items": {**entry, "required": ["name", singular]}}


EXEC = _closed(
    command=TEXT,
    args=TEXTS,
    env={"type": ["array", "null"], "items": _closed(name=TEXT, value=TEXT)},
    apiVersion={
        "enum": ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
    },
    installHint=TEXT,
    provideClusterInfo=FLAG,
    interactiveMode={"enum": ["Never", "IfAvailable", "Always"]},
)

CONFIG = {
    **_closed(
        apiVersion={"const": "v1"},
        kind={"const": "Config"},
        preferences={"type": "object"},
        clusters=_entries(
            "cluster",
            **{
                "server": TEXT,
                "tls-server-name": TEXT,
                "insecure-skip-tls-verify": FLAG,
                "certificate-authority": TEXT,
                "certificate-authority-data": TEXT,
                "proxy-url": TEXT,
                "disable-compression": FLAG,
            },
        ),
        users=_entries(
            "user",
            **{
                "client-certificate-data": TEXT,
                "client-key-data": TEXT,
                "token": TEXT,
                "username": TEXT,
                "password": TEXT,
                "exec": EXEC,
            },
        ),
        contexts=_entries("context", cluster=TEXT, user=TEXT, namespace=TEXT),
        **{"current-context": TEXT},
    ),
    "required": ["apiVersion", "kind", "clusters", "users", "contexts"],
}

MINE = {
    "apiVersion": "v1",
    "kind": "Config",
    "preferences": {},
    "clusters": [
        {"name": "mine", "cluster": {"server": "https://127.0.0.1:6443"}},
        {"name": "aks-course-dev", "cluster": {"server": "https://other.example"}},
    ],
    "users": [{"name": "me", "user": {"token": "canary-5f2d"}}],
    "contexts": [{"name": "mine", "context": {"cluster": "mine", "user": "me", "namespace": "x"}}],
    "current-context": "mine",
}
"""What somebody has already."""


def read(text: str) -> dict[str, Any]:
    """`text` as data, after the strict reading and kubectl's own, if there is a kubectl."""
    data = yaml.safe_load(text)
    jsonschema_rs.validate(CONFIG, data)
    if shutil.which("kubectl"):
        kept = by_kubectl(text)
        for section in ("clusters", "users", "contexts"):
            names = sorted(it["name"] for it in data.get(section) or ())
            assert [it["name"] for it in kept[section] or ()] == names
        for it in kept["contexts"] or ():
            assert it["context"] == named(data, "contexts", it["name"])
    return data


def by_kubectl(text: str) -> dict[str, Any]:
    """What `kubectl config view` makes of it."""
    # A file: kubectl opens it more than once.
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(text)
        file.flush()
        command = ["kubectl", "config", "view", "--raw", "-o", "json", "--kubeconfig", file.name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def named(data: dict[str, Any], section: str, name: str) -> dict[str, Any]:
    """The one entry of that name."""
    [found] = [it for it in data[section] if it["name"] == name]
    return found[section.removesuffix("s")]
