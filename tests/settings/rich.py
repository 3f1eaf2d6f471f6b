"""Two workload files that use what there is to use, short forms and long ones, and a stack that runs them."""

import yaml

from tests.settings.estate import SETTINGS, dump, shipped, stack_file

SHOP = """\
name: shop
version: 1.0.0
namespace: course
kind: deployment
image: registry.example/shop
availability: ha
command: [serve]
args: [--fast]
workingDir: /srv
ports: {http: 8080, grpc: 9000, quic: {port: 8080, protocol: UDP}}
service:
  type: NodePort
  ports:
    http: 80
    grpc: {port: 9000, nodePort: 30090}
    quic: {port: 80, protocol: UDP}
  sessionAffinity: ClientIP
  sessionAffinitySeconds: 600
  externalTrafficPolicy: Local
routes:
  - {host: public, path: /shop, port: http}
pool: wg1
affinity: {near: {redis: preferred}, nodes: {course.example/tier: [workers]}}
nodeSelector: {course.example/tier: workers}
priorityClass: first
resources: &amounts
  requests: {cpu: 50m, memory: 64Mi}
  limits: {cpu: 250m, memory: 128Mi}
probes:
  startup: {httpGet: {path: /started, port: http, headers: {X-Probe: "1"}}, failureThreshold: 30}
  readiness: /readyz
  liveness: {tcpSocket: {port: http}, terminationGracePeriodSeconds: 5}
preStop: 5
env:
  MODE: fast
  POD: {field: metadata.name}
  MEMORY: {resource: limits.memory}
  LEVEL: {config: LOG_LEVEL}
  PASSWORD: {secret: SHOP-PASSWORD}
config:
  env: {LOG_LEVEL: info}
  files: {shop.conf: "a = 1\\n"}
  mountPath: /etc/shop
secrets:
  SHOP-PASSWORD: {}
  AZURE-PASSWORD: {vault: shop-kv, mountPath: /mnt/secrets}
mounts:
  /srv/work: work
  /srv/pod: {volume: pod, readOnly: true}
scratch: [/tmp]
volumes:
  work: {emptyDir: {sizeLimit: 64Mi}}
  pod:
    projected:
      - {downward: {labels: metadata.labels, cpu: limits.cpu}}
      - {token: {audience: "api://shop"}}
  settings: {mountPath: /etc/common, readOnly: true, configMap: {name: common, optional: true}}
containers:
  migrate:
    image: registry.example/shop-migrate
    before: complete
    resources: *amounts
    env: {TARGET: database}
  proxy:
    image: registry.example/proxy
    before: {main: healthy, migrate: started}
    ports: {proxy: 15000}
    resources: *amounts
    probes: {startup: {tcpSocket: {port: proxy}}}
    mounts: {/pages: work}
uses: [redis, "sql-gateway:1433"]
release: {strategy: canary, steps: [25, 50, 100], step: 1}
rollout: {minReadySeconds: 5}
tolerations:
  - {key: gpu, operator: Equal, value: "yes", effect: NoSchedule}
hostAliases: {10.41.0.10: [legacy.internal.example]}
labels: {course.example/tier: shop}
"""

BATCH = """\
name: batch
namespace: testing
kind: cronjob
image: registry.example/batch
pool: wg1
resources:
  requests: {cpu: 50m, memory: 64Mi}
  limits: {cpu: 250m, memory: 128Mi}
cron: {schedule: "0 3 * * *", timeZone: Europe/Berlin}
job:
  cases: [login, upload, search]
  parallelism: 2
  backoffLimitPerIndex: 1
  maxFailedIndexes: 1
  successPolicy: {succeededIndexes: 0-1, succeededCount: 1}
  activeDeadlineSeconds: 600
  ttlSecondsAfterFinished: 600
"""

OVERRIDES = """\
shop:
  release: {step: 2}
  service: {sessionAffinitySeconds: 60}
  probes: {readiness: {periodSeconds: 5}}
  preStop: {exec: {command: [stop]}}
  mounts: {/srv/work: {readOnly: false}}
  scratch: {/tmp: 32Mi}
  env: {MODE: {field: metadata.namespace}}
  containers: {proxy: {before: {migrate: null}}}
batch:
  job: {cases: 4}
"""

IMAGES = """\
shop: {tag: "1.4", rollback: "1.2", tracks: {candidate: "1.5"}}
shop-migrate: {tag: "1.4"}
proxy: {tag: "2.0"}
batch: {tag: "3.1"}
"""


def rich_stack():
    """The shipped stack `dev` as data, with room for the two and what they need."""
    data = shipped()[stack_file("dev")]
    settings = data["config"][SETTINGS]
    settings["workloads"] |= yaml.safe_load(OVERRIDES)
    settings["images"] |= yaml.safe_load(IMAGES)
    settings["priorityClasses"] = {"first": {"value": 1000, "description": "what sells"}}
    settings["nodePools"]["wg1"]["max"] = 12
    for name in ("course", "testing", "logging"):
        settings["namespaces"][name]["quota"] = {
            "requests": {}, "limits": {}, "pods": 90, "nodePorts": 4
        }  # fmt: skip
    return data


def rich_files():
    """The texts of the two workloads and of a stack that runs them beside the shipped ones."""
    stack = {stack_file("dev"): dump(rich_stack())}
    return stack | {"workloads/shop.yaml": SHOP, "workloads/batch.yaml": BATCH}
