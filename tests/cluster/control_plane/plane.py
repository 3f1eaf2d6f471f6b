"""A real Kubernetes control plane on loopback: etcd and Kubernetes' own programs; kwok plays the kubelets.

Admission, RBAC, quotas, scheduling, rollouts, Jobs and garbage collection are real; nothing is executed in a pod.
No container runtime and no rights of root are needed.
"""

import base64
import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.cluster.control_plane.client import Api, ApiError
from tests.cluster.control_plane.errors import ControlPlaneError
from tests.cluster.control_plane.nodes import Node
from tests.cluster.control_plane.programs import leash

HOST = "127.0.0.1"
STAGES = Path(__file__).parent / "stages.yaml"
SERVICES = "198.19.0.0/16"
"""Of addresses for benchmarks, RFC 2544: no real host has one."""

# Every program runs in the folder of its control plane, so file names are relative to that.
_ETCD = "--data-dir=etcd --listen-peer-urls=http://127.0.0.1:0 --unsafe-no-fsync --log-level=warn"
# Managed clusters allow privileged pods and leave the rest to pod security, and authorise by node and role. A
# loopback address may not be published as an endpoint, hence no reconciler.
_APISERVER = f"""
    --bind-address={HOST} --cert-dir=. --endpoint-reconciler-type=none --service-cluster-ip-range={SERVICES}
    --service-account-issuer=https://kubernetes.default.svc --service-account-key-file=accounts.key
    --service-account-signing-key-file=accounts.key --token-auth-file=tokens.csv
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true
"""
_CLIENT = "--kubeconfig=kubeconfig --secure-port=0 --leader-elect=false"
# By default it makes 20 requests a second and looks at autoscalers and volumes every 15 s: an estate would wait for it.
_CONTROLLERS = """
    --service-account-private-key-file=accounts.key --root-ca-file=apiserver.crt
    --kube-api-qps=200 --kube-api-burst=300 --horizontal-pod-autoscaler-sync-period=2s
    --pvclaimbinder-sync-period=1s
"""
# Without renewed leases the nodes are NotReady after 50 s.
_KWOK = "--kubeconfig=kubeconfig --manage-all-nodes --node-lease-duration-seconds=40"
_KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: aks-platform-local
clusters:
  - {{name: aks-platform-local, cluster: {{server: "{server}", certificate-authority-data: "{authority}"}}}}
users:
  - {{name: admin, user: {{token: "{token}"}}}}
contexts:
  - {{name: aks-platform-local, context: {{cluster: aks-platform-local, user: admin}}}}
"""
_POLL_SECONDS = 0.1
_TRIES = 3


class ControlPlane:
    """A context manager: inside the block the nodes are Ready and `api` and `kubeconfig` are the administrator's.

    `directory` is a new one of mode 0700 for state and logs, removed at the end; a `port` of 0 is a free one.
    """

    def __init__(
        self,
        programs: Path,
        nodes: Sequence[Node],
        *,
        directory: Path | None = None,
        port: int = 0,
        timeout_seconds: float = 120,
    ) -> None:
        """Note what to start; entering the block starts it."""
        self.programs, self.nodes, self.port = programs, [*nodes], port
        self.timeout_seconds = timeout_seconds
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._given = directory
        self.start_seconds = 0.0
        self.directory: Path
        self.kubeconfig: Path
        self.api: Api

    def __enter__(self) -> Self:
        """Start everything and wait; raise ControlPlaneError, and then nothing is left running."""
        begin, wanted = time.monotonic(), self.port
        nodes = self.nodes
        for tries_left in range(_TRIES - 1, -1, -1):
            try:
                self._enter()
                break
            except ControlPlaneError as error:
                # Somebody may take a free port before its program does.
                if wanted or not tries_left or "address already in use" not in str(error):
                    raise
                self.port, self.nodes = 0, nodes
        self.start_seconds = time.monotonic() - begin
        return self

    def _enter(self) -> None:
        self.directory = self._given or Path(tempfile.mkdtemp(prefix="control-plane-"))
        self.directory.mkdir(mode=0o700, exist_ok=True)
        self.kubeconfig = self.directory / "kubeconfig"
        try:
            self._start()
        except BaseException as error:
            self.__exit__()
            if isinstance(error, OSError):
                raise ControlPlaneError(
                    f"the control plane cannot start in {self.directory}: {error.strerror or error}"
                ) from error
            raise

    def __exit__(self, *_: object) -> None:
        """Kill what was started, by process id, and remove the folder: an orderly end costs 5 s and saves nothing."""
        if hasattr(self, "api"):
            self.api.close()
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()
        self.processes.clear()
        shutil.rmtree(self.directory, ignore_errors=True)

    def add(self, nodes: Sequence[Node]) -> None:
        """Let more nodes join, and wait until they are Ready."""
        for index, node in enumerate(nodes, len(self.nodes)):
            self.api.request("POST", "/api/v1/nodes", node.manifest(index))
        self.nodes += nodes
        self._await_nodes()

    def died(self) -> str:
        """Which program ended, and its last line; empty while all run."""
        for name, process in self.processes.items():
            if process.poll() is not None:
                said = self._said(name)
                return f"{name} ended with status {process.returncode}: {said[-1] if said else 'no word'}"
        return ""

    def wait_for(
        self, what: str, holds: Callable[[], object], timeout_seconds: float | None = None
    ) -> None:
        """Poll until `holds`. A failed request counts as not yet, and so does a field that no controller has
        written so far; a dead program or no more time raises ControlPlaneError with `what`.
        """
        limit = timeout_seconds or self.timeout_seconds
        deadline = time.monotonic() + limit
        reason = ""
        while time.monotonic() < deadline:
            if dead := self.died():
                raise ControlPlaneError(dead)
            try:
                if holds():
                    return
                reason = ""
            except (OSError, ApiError) as error:
                reason = f" ({error})"
            except (LookupError, TypeError, AttributeError) as error:
                reason = f" ({error!r})"
            time.sleep(_POLL_SECONDS)
        raise ControlPlaneError(f"still waiting after {limit:.0f} s for {what}{reason}")

    def _said(self, name: str) -> list[str]:
        with contextlib.suppress(OSError):
            text = (self.directory / f"{name}.log").read_text(errors="replace")
            return [line for line in text.splitlines() if line.strip()]
        return []

    def _start(self) -> None:
        store, port = _free_ports(self.port)
        self.port = port
        token = secrets.token_hex(16)
        _private(self.directory / "tokens.csv", f'{token},admin,admin,"system:masters"\n')
        _private(self.directory / "accounts.key", _new_ec_key())
        etcd = f"http://{HOST}:{store}"
        self._spawn("etcd", f"{_ETCD} --listen-client-urls={etcd} --advertise-client-urls={etcd}")
        self._spawn("kube-apiserver", f"{_APISERVER} --etcd-servers={etcd} --secure-port={port}")
        certificate = self.directory / "apiserver.crt"
        self.api = Api(f"{HOST}:{port}", str(certificate), token)
        self.wait_for("the API server", lambda: self.api.get("/readyz") == "ok")
        text = _KUBECONFIG.format(
            server=f"https://{HOST}:{port}",
            token=token,
            authority=base64.b64encode(certificate.read_bytes()).decode(),
        )
        _private(self.kubeconfig, text)
        self._spawn("kube-controller-manager", f"{_CLIENT} {_CONTROLLERS}")
        self._spawn("kube-scheduler", _CLIENT)
        self._spawn("kwok", _KWOK, f"--config={STAGES}")
        nodes, self.nodes = self.nodes, []
        self.add(nodes)
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        self.wait_for("the default service account", lambda: self.api.get(account))

    def _await_nodes(self) -> None:
        def ready() -> bool:
            return all(map(_is_ready, self.api.items("/api/v1/nodes")))

        self.wait_for("the nodes", ready)

    def _spawn(self, name: str, flags: str, *more: str) -> None:
        command = [*leash(), str(self.programs / name), *flags.split(), *more]
        with (self.directory / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,  # a Ctrl-C is for the parent, which ends its children
            )


def _free_ports(wanted: int) -> tuple[int, int]:
    """One port for etcd and one for the API server, which is `wanted` unless that is 0."""
    with socket.create_server((HOST, 0)) as one:
        try:
            with socket.create_server((HOST, wanted)) as two:
                return one.getsockname()[1], two.getsockname()[1]
        except OSError as error:
            raise ControlPlaneError(
                f"port {wanted} of {HOST} cannot be had: {error.strerror}; choose another"
            ) from error


def _private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read, from its first moment."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)


def _is_ready(node: Mapping[str, Any]) -> bool:
    """Whether the kubelet says Ready and the node controller has taken the not-ready taint away."""
    conditions = {it["type"]: it["status"] for it in node["status"].get("conditions", ())}
    taints = {it["key"] for it in node["spec"].get("taints", ())}
    return conditions.get("Ready") == "True" and "node.kubernetes.io/not-ready" not in taints


def _new_ec_key() -> str:
    """A fresh P-256 private key as PEM: SEC 1's ECPrivateKey without the public half, which its reader computes."""
    head = bytes.fromhex("30310201010420")
    der = head + secrets.token_bytes(32) + bytes.fromhex("a00a06082a8648ce3d030107")
    text = base64.b64encode(der).decode()
    return f"-----BEGIN EC PRIVATE KEY-----\n{text}\n-----END EC PRIVATE KEY-----\n"
