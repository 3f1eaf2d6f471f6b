"""Generates an estate: the reference one in kind, of any size, the same bytes for the same seed.

Target kubeconfig, so that no Azure is planned. Teams of 20 share a namespace and a store; most of their workloads are
APIs with everything around a Deployment, the others the kinds of the catalogue. It passes every check of the settings,
and a workload comes to about 8 objects, its share of its tenant's included.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

STACK: Final = "bench"
TEAM_SIZE: Final = 20
"""Workloads a namespace; the first of each is the team's store."""

FIRST_NODE_PORT: Final = 30000
MOST_NODE_PORTS: Final = 2768
"""30000 to 32767: what Kubernetes hands out."""

_NOUNS: Final = (
    "account",
    "billing",
    "catalog",
    "course",
    "exam",
    "ledger",
    "lesson",
    "media",
    "quiz",
    "report",
)
_ROLES: Final = (
    "api",
    "shop",
    "entrance",
    "web",
    "api",
    "sync",
    "api",
    "web",
    "api",
    "tests",
    "api",
    "public",
    "api",
)
"""The kinds of workload in turn; 13 is prime to the size of a team, so that every team has another mix."""


@dataclass(frozen=True, kw_only=True)
class _Plot:
    """One workload before it is written down."""

    index: int
    role: str
    name: str

    @property
    def namespace(self) -> str:
        return f"team-{self.index // TEAM_SIZE:03d}"


def write(root: Path, count: int, *, seed: int = 1) -> None:
    """Write `Pulumi.bench.yaml` and `count` files in `workloads/` below `root`, which exists."""
    draw = random.Random(seed)
    plots = [_plot(index, draw) for index in range(count)]
    folder = root / "workloads"
    folder.mkdir()
    called = [it for it in plots if it.role in ("api", "entrance", "shop", "web")]
    for plot in plots:
        text = "\n".join(_workload(plot, plots, called, draw))
        (folder / f"{plot.name}.yaml").write_text(text + "\n", encoding="utf-8")
    stack = "\n".join(_stack(plots, draw))
    (root / f"Pulumi.{STACK}.yaml").write_text(stack + "\n", encoding="utf-8")


def _plot(index: int, draw: random.Random) -> _Plot:
    role = "store" if index % TEAM_SIZE == 0 else _ROLES[index % len(_ROLES)]
    return _Plot(index=index, role=role, name=f"{draw.choice(_NOUNS)}-{role}-{index:04d}")


def _workload(
    plot: _Plot, plots: list[_Plot], called: list[_Plot], draw: random.Random
) -> Iterator[str]:
    yield "# yaml-language-server: $schema=../docs/schemas/workload.schema.json"
    yield f"name: {plot.name}"
    yield f"version: 1.{draw.randrange(10)}.0"
    yield f"namespace: {plot.namespace}"
    yield from _KINDS[plot.role](plot, draw)
    store = plots[plot.index - plot.index % TEAM_SIZE]
    if plot.role not in ("store", "web", "public"):
        peers = draw.sample(called, min(2, len(called)))
        uses = [store.name, *(it.name for it in peers if it is not plot), '"sql-gateway:1433"']
        uses += ['"internet:443"'] * (draw.random() < 0.3)
        yield f"uses: [{', '.join(uses)}]"


def _api(plot: _Plot, draw: random.Random) -> Iterator[str]:
    yield from _served(plot, [f"{{host: public, path: /api/{plot.name}}}"])
    yield f"autoscale: {{min: 2, max: {draw.randint(3, 6)}, cpu: 70}}"
    yield from _config(plot)
    yield from _resources(draw)
    yield from _probes()
    if draw.random() < 0.15:
        yield "secrets:"
        yield "  AZURE-PASSWORD: {vault: shop-kv, mountPath: /mnt/secrets}"
    yield "volumes:"
    yield "  scratch: {mountPath: /tmp, emptyDir: {sizeLimit: 256Mi}}"


def _entrance(plot: _Plot, draw: random.Random) -> Iterator[str]:
    yield from _served(
        plot, [f"{{host: {host}, path: /{plot.name}}}" for host in ("public", "admin")]
    )
    yield "replicas: 2"
    yield "rollout: {maxSurge: 1, maxUnavailable: 0}"
    yield from _config(plot)
    yield from _resources(draw)
    yield from _probes()


def _shop(plot: _Plot, draw: random.Random) -> Iterator[str]:
    """Two versions side by side, each pod with a migration before it and a proxy beside it."""
    yield from _served(plot, [f"{{host: public, path: /{plot.name}}}"])
    yield "availability: ha"
    yield f"replicas: {draw.randint(2, 4)}"
    yield "release: {strategy: canary, step: 2}"
    yield "env:"
    yield "  NODE: {field: spec.nodeName}"
    yield "  MEMORY_BYTES: {resource: limits.memory}"
    yield "scratch: [/tmp, /var/cache]"
    yield "preStop: 10"
    yield "containers:"
    yield "  migrate:"
    yield "    before: complete"
    yield "    args: [migrate, --wait]"
    yield "    resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: 250m, memory: 128Mi}}"
    yield "  proxy:"
    yield "    before: healthy"
    yield "    image: docker.io/envoyproxy/envoy"
    yield "    ports: {proxy: 9901}"
    yield "    probes: {startup: tcp}"
    yield "    resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {cpu: 250m, memory: 128Mi}}"
    yield from _config(plot)
    yield from _resources(draw)
    yield "probes: {startup: /healthz, readiness: /readyz, liveness: tcp}"


def _web(plot: _Plot, draw: random.Random) -> Iterator[str]:
    yield from _served(plot, [f"{{host: public, path: /{plot.name}}}"])
    yield f"replicas: {draw.randint(1, 3)}"
    yield "env:"
    yield f"  BASE_PATH: /{plot.name}"
    yield from _resources(draw)
    yield from _probes()
    yield "volumes:"
    yield "  tmp: {mountPath: /tmp, emptyDir: {sizeLimit: 64Mi}}"


def _public(plot: _Plot, draw: random.Random) -> Iterator[str]:
    port = FIRST_NODE_PORT + plot.index % MOST_NODE_PORTS
    yield "kind: deployment"
    yield f"image: registry.example/{plot.name}"
    yield "ports: {http: 80}"
    yield f"service: {{type: NodePort, port: 8080, targetPort: http, nodePort: {port}, sessionAffinity: ClientIP}}"
    yield "pool: wg1"
    yield "replicas: 2"
    yield "config:"
    yield "  mountPath: /etc/nginx/conf.d"
    yield "  files:"
    yield "    default.conf: |"
    yield "      server {"
    yield "        listen 80;"
    yield f"        location /{plot.name} {{ root /usr/share/nginx/html; index index.html; }}"
    yield "      }"
    yield from _resources(draw)
    yield from _probes()
    yield "security: {runAsUser: 101, runAsGroup: 101, addCapabilities: [NET_BIND_SERVICE]}"


def _store(_: _Plot, draw: random.Random) -> Iterator[str]:
    yield "kind: statefulset"
    yield "image: docker.io/library/redis"
    yield "args: [redis-server, --dir, /data, --maxmemory, 384mb, --maxmemory-policy, volatile-lru]"
    yield "ports: {redis: 6379}"
    yield "service: {port: 6379, targetPort: redis}"
    yield "pool: wg1"
    yield "replicas: 1"
    yield from _resources(draw)
    yield "probes:"
    yield "  startup: {tcpSocket: {port: redis}, periodSeconds: 2, failureThreshold: 60}"
    yield "  readiness: {exec: {command: [redis-cli, ping]}, timeoutSeconds: 2}"
    yield "  liveness: {tcpSocket: {port: redis}}"
    yield "security: {runAsUser: 999, runAsGroup: 999, fsGroup: 999}"
    yield "volumes:"
    yield "  data: {mountPath: /data, disk: {size: 8Gi, storageClass: managed-csi-premium}}"


def _sync(plot: _Plot, draw: random.Random) -> Iterator[str]:
    yield "kind: cronjob"
    yield f"image: registry.example/{plot.name}"
    yield 'args: [sync, --batch-size, "500"]'
    yield "pool: wg1"
    yield f'cron: {{schedule: "{draw.randrange(60)} * * * *", concurrencyPolicy: Forbid}}'
    yield "job: {restartPolicy: OnFailure, backoffLimit: 3, activeDeadlineSeconds: 240}"
    yield from _config(plot)
    yield from _resources(draw)
    yield "imagePullSecrets: [registry-credentials]"


def _tests(plot: _Plot, draw: random.Random) -> Iterator[str]:
    yield "kind: job"
    yield f"image: registry.example/{plot.name}"
    yield f"args: [run, --group, {plot.name}]"
    yield "pool: wg1"
    yield "job: {cases: [login, upload, search, quiz, export, delete], parallelism: 3, backoffLimitPerIndex: 2}"
    yield from _config(plot)
    yield from _resources(draw)


_KINDS: Final = {
    "api": _api,
    "entrance": _entrance,
    "public": _public,
    "shop": _shop,
    "store": _store,
    "sync": _sync,
    "tests": _tests,
    "web": _web,
}


def _served(plot: _Plot, routes: list[str]) -> Iterator[str]:
    yield "kind: deployment"
    yield f"image: registry.example/{plot.name}"
    yield "ports: {http: 8080}"
    yield "service: {port: 80, targetPort: http}"
    yield "routes:"
    yield from (f"  - {route}" for route in routes)
    yield "pool: wg1"


def _config(plot: _Plot) -> Iterator[str]:
    yield "config:"
    yield "  env:"
    yield "    LOG_LEVEL: info"
    yield '    TOKEN_LIFETIME_MINUTES: "30"'
    yield f"    QUEUE: redis://{plot.namespace}/{plot.index}"


def _resources(draw: random.Random) -> Iterator[str]:
    yield "resources:"
    yield f"  requests: {{cpu: {draw.choice((50, 100, 250))}m, memory: {draw.choice((64, 128, 256))}Mi}}"
    yield "  limits: {cpu: 500m, memory: 512Mi}"


def _probes() -> Iterator[str]:
    yield "probes:"
    yield "  startup: {httpGet: {path: /healthz, port: http}, periodSeconds: 5, failureThreshold: 24}"
    yield "  readiness: {httpGet: {path: /readyz, port: http}}"
    yield "  liveness: {tcpSocket: {port: http}}"


def _stack(plots: list[_Plot], draw: random.Random) -> Iterator[str]:
    teams = sorted({it.namespace for it in plots})
    images = {it.name: "" for it in plots if it.role != "store"}
    images["redis"] = ""
    for plot in plots:
        if plot.role == "shop":
            images[plot.name] = ', tracks: {candidate: "10.0.0"}'
            images["envoy"] = ""
    yield "# yaml-language-server: $schema=docs/schemas/stack.schema.json"
    yield "config:"
    yield from (
        f"  aks-platform:{team}-registry-credentials: {{secure: djE6YmVuY2g=}}" for team in teams
    )
    yield from _FRAME.splitlines()
    yield "    namespaces:"
    for team in teams:
        # 7 pods of the largest size a workload: six replicas and one of the rollout.
        size = 7 * TEAM_SIZE
        yield f"      {team}:"
        yield "        quota:"
        yield f'          requests: {{cpu: "{size}", memory: {size}Gi}}'
        yield f'          limits: {{cpu: "{size}", memory: {size}Gi}}'
        yield f"          pods: {size}"
        yield f"          nodePorts: {TEAM_SIZE}"
        yield "        pullSecrets: {registry-credentials: {}}"
    yield "    images:"
    for image, tracks in sorted(images.items()):
        tag = f"{draw.randrange(9)}.{draw.randrange(20)}.{draw.randrange(20)}"
        yield f'      {image}: {{tag: "{tag}"{tracks}}}'
    entrances = [it.name for it in plots if it.role == "entrance"]
    if entrances:
        yield "    workloads:"
    yield from (f"      {name}: {{replicas: 1}}" for name in entrances)


_FRAME: Final = """\
  aks-platform:settings:
    environment: bench
    platform: course
    target: kubeconfig
    kubeconfig: {context: none}
    disks: emptyDir
    skipAwait: true
    cluster:
      kubernetesVersion: "1.35"
    nodePools:
      wg1: {min: 1, max: 100, zones: ["1", "2", "3"], capacity: {cpu: "16", memory: 64Gi}}
    ingress:
      controller: none
      className: nginx
      hosts:
        public: course.bench.example
        admin: admin.course.bench.example
    externals:
      sql-gateway: {cidrs: [10.60.4.0/28], ports: [1433]}
    keyVaults:
      shop-kv: {}"""
