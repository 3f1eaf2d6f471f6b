"""Reviews made by hand, for everything that shows one: a rich one, an empty one, and one of any size."""

from dataclasses import replace
from random import Random

from review.findings import Finding
from review.report import (
    AREAS,
    AreaFinding,
    Change,
    Edge,
    Exempted,
    Fact,
    Place,
    Review,
    Right,
    ranked_by_risk,
    ranked_facts,
)
from tests.review.renderers.parts_of_reviews import (
    _IMAGE,
    CLUSTER_URN,
    HOSTILE,
    POOL_URN,
    REDIS_URN,
    STACK,
    WEB_URN,
    _bar,
    _change,
    _guarded,
    _property,
    kubernetes,
)


def _changes():
    yield _change(
        "replace",
        "AgentPool wg1",
        POOL_URN,
        _property("vmSize", '"Standard_D4ds_v5"', '"Standard_D8ds_v5"', replaces=True),
        _property("maxCount", "5", "8"),
        component="aks-pool",
    )
    yield _change(
        "maybeReplace",
        "ManagedCluster aks-course-prod",
        CLUSTER_URN,
        _property("nodeResourceGroup", '"a"', "unknown before deployment", "unknown"),
        component="aks-cluster",
    )
    yield _change("delete", "StatefulSet course/redis", REDIS_URN, component="course-redis")
    yield _change(
        "delete",
        "ConfigMap course/authentication-env-6004f8516e",
        kubernetes("Workload", "core/v1:ConfigMap", "course-authentication-config-env-6004f8516e"),
        component="course-authentication",
    )
    yield _change(
        "move",
        "Service course/portal",
        kubernetes("Workload", "core/v1:Service", "course-portal-service"),
        component="course-portal",
        base_urn=kubernetes("Workload", "core/v1:Service", "course-web-service"),
    )
    yield _change(
        "update",
        "Deployment course/web",
        WEB_URN,
        _property("spec.replicas", "1", "3"),
        _property(_IMAGE, '"registry.example/web:5.1.0"', '"registry.example/web:5.2.0"'),
        _property("spec.template.spec.containers[web].env[TOKEN].value", alters="secret"),
        _property("spec.template.metadata.annotations[checksum]", "", '"sha"', "added"),
        _property("spec.template.spec.priorityClassName", '"high"', "", "removed"),
        component="course-web",
    )
    yield _change(
        "update",
        "Secret business-data/registry-credentials",
        kubernetes("Tenant", "core/v1:Secret", "business-data-pull-registry-credentials"),
        _property("stringData[.dockerconfigjson]", "[secret]", "[secret]", "secret"),
        component="business-data",
    )
    for kind, role in (("Service", "service"), ("ServiceAccount", "service-account")):
        yield _change(
            "create",
            f"{kind} course/catalogue",
            kubernetes("Workload", f"core/v1:{kind}", f"course-catalogue-{role}"),
            component="course-catalogue",
        )
    yield _change(
        "same",
        "Namespace course",
        kubernetes("Tenant", "core/v1:Namespace", "course-namespace"),
        component="course",
    )


def _found():
    def told(area, rule, resource, message, severity="mandatory", **rest):
        return AreaFinding(
            area=area, rule=rule, resource=resource, message=message, severity=severity, **rest
        )

    yield told(
        "data",
        "disk-deleted",
        "claim course/data-redis",
        "its disk of 8Gi is deleted with it: the class reclaims by Delete",
        why="what redis holds is lost",
        remedy="Take a backup, or set reclaimPolicy: Retain.",
        source="https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming",
    )
    yield told(
        "exposure",
        "tls-dropped",
        "host course.example",
        "would be served without TLS",
        path="spec.tls",
        urn=kubernetes("Ingress", "networking.k8s.io/v1:Ingress", "ingress-host-public"),
        why="passwords would cross the Internet in clear",
        remedy="Put ingress.tls back.",
    )
    for index in range(30):
        yield told(
            "policy",
            "image-has-digest",
            f"Deployment course/service-{index:02}",
            "the image has a tag and no digest",
            severity="advisory",
            path=f"spec.template.spec.containers[service-{index:02}].image",
            urn=kubernetes(
                "Workload", "apps/v1:Deployment", f"course-service-{index:02}-deployment"
            ),
            why="a tag can be moved under a running stack",
            remedy="Write the digest beside the tag: tag@sha256:...",
            source="https://kubernetes.io/docs/concepts/containers/images/",
        )
    yield told(
        "admission",
        "pods-refused",
        "Deployment course/web",
        "its pods would be refused: restricted:latest forbids privileged containers",
        path="spec.template.spec.containers[web].securityContext.privileged",
        urn=WEB_URN,
        why="the Deployment is accepted, and no pod comes up",
        remedy="Leave privileged out.",
    )
    yield told(
        "admission",
        "quota-exceeded",
        "namespace testing",
        "at the peak of a rollout requests.cpu is 1200m of 1",
        severity="advisory",
        verdict="unknown",
        why="pods over the quota are refused",
        remedy="spec.replicas of Deployment testing/runner must be known.",
    )
    yield told(
        "permissions",
        "escalation-gained",
        "group 6f1c03aa-4c1d-4e5b-9b57-0b6a5d3e7c03",
        "would read Secrets in course",
        urn=kubernetes("Tenant", "rbac.authorization.k8s.io/v1:Role", "course-role-deployer"),
        path="rules[0].resources",
    )
    yield told(
        "capacity", "pool-full", "pool wg1", "needs 6 nodes of at most 5", severity="advisory"
    )
    yield Finding(
        rule="program", severity="advisory", resource="the program", message="a secret is not set"
    )


def _facts():
    said = (
        ("connections", "gained", "course/web", "course/web may call course/redis on TCP 6379"),
        (
            "connections",
            "lost",
            "course/web",
            "course/web may no longer call sql-gateway on TCP 1433",
        ),
        ("exposure", "gained", "course/web", "course.example/api is served by course/web"),
        ("permissions", "gained", "deployer", "group deployer gets secrets in course: get, list"),
        ("permissions", "lost", "viewer", "group viewer loses pods/log in course: get"),
        (
            "capacity",
            "changed",
            "pool wg1",
            "pool wg1 at the rollout peak: 81% of CPU becomes 104%",
        ),
        ("restarts", "changed", "Deployment course/web", "1 pod of course/web restarts: image"),
        ("versions", "changed", "cluster", "Kubernetes 1.34 becomes 1.35: 3 APIs retire in 1.36"),
        ("images", "changed", "web", "registry.example/web 5.1.0 becomes 5.2.0"),
        ("data", "changed", "course/redis", "course/redis gets a new disk"),
    )
    for area, sign, resource, message in said:
        yield Fact(area=area, sign=sign, resource=resource, message=message)
    for index in range(45):
        yield Fact(
            area="restarts",
            sign="changed",
            resource=f"Deployment course/service-{index:02}",
            message=f"2 pods of course/service-{index:02} restart: configuration",
            rank=60,
            path="spec.template",
        )


def rich() -> Review:
    """Every area, operation, verdict and kind of row, long lists, and hostile text."""
    hostile = tuple(
        Change(
            operation="update",
            resource=f"ConfigMap course/{text}",
            type="kubernetes:core/v1:ConfigMap",
            urn=f"{STACK}kubernetes:core/v1:ConfigMap::{text}",
            properties=(_property(f"data[{text}]", text, text[::-1]),),
            component=text,
        )
        for text in HOSTILE
    )
    odd = [
        AreaFinding(
            area=AREAS[at % len(AREAS)],
            rule="label-is-plain",
            severity="mandatory" if at % 5 == 0 else "advisory",
            resource=f"ConfigMap course/{text}",
            message=f"is called {text}",
            path=f"metadata.labels[{text}]",
            why=text,
            remedy=text,
            source="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/",
            urn=hostile[at].urn,
        )
        for at, text in enumerate(HOSTILE)
    ]
    facts = [Fact(area="images", sign="changed", resource=it, message=it) for it in HOSTILE]
    return Review(
        project="aks-platform",
        stack="prod",
        base="main (3f2c1ab)",
        head="working tree",
        changes=(*_changes(), *hostile),
        findings=ranked_by_risk([*_guarded(), *_found(), *odd]),
        facts=ranked_facts([*_facts(), *facts]),
        unchanged=187,
        old_findings=4,
        exempted=(
            Exempted(
                finding=Finding(
                    rule="host-path",
                    severity="mandatory",
                    resource="DaemonSet logging/log-agent",
                    message="mounts a folder of the node",
                    path="spec.template.spec.volumes[node-logs]",
                ),
                reason="log files lie on the node",
                owner="platform-team",
                expires="2027-03-31",
            ),
        ),
        edges=(
            Edge(source="internet", target="course/web", ports="TCP 443", sign="gained"),
            Edge(source="course/web", target="course/redis", ports="TCP 6379"),
            Edge(source="course/web", target="10.60.4.0/28", ports="TCP 1433", sign="lost"),
            *(Edge(source=it, target="course/web", ports="TCP 80") for it in HOSTILE[:3]),
        ),
        bars=(
            _bar("pool wg1", "CPU requests, peak", "cores", 12.96, 16.64, 16, 16),
            _bar("pool wg1", "memory requests, peak", "GiB", 20, 21.5, 64, 64),
            _bar("namespace course", "requests.cpu", "cores", 3.4, 3.6, 4, 4),
            _bar("namespace new", "pods", "", None, 2, None, 6),
            _bar("namespace old", "pods", "", 2, None, 6, None),
            _bar(HOSTILE[0], HOSTILE[2], "", 1, 2, None, None),
        ),
        rights=(
            Right(
                subject="group 6f1c03aa",
                namespace="course",
                resources="secrets",
                verbs_before=(),
                verbs_after=("get", "list"),
            ),
            Right(
                subject="ServiceAccount course/web",
                namespace="",
                resources="pods/exec",
                verbs_before=("create",),
                verbs_after=(),
            ),
            Right(
                subject=HOSTILE[0],
                namespace=HOSTILE[2],
                resources=HOSTILE[3],
                verbs_before=("get",),
                verbs_after=("get", HOSTILE[8]),
            ),
        ),
        places=(
            (POOL_URN, Place(file="Pulumi.prod.yaml", line=38)),
            (f"{POOL_URN}#vmSize", Place(file="Pulumi.prod.yaml", line=38)),
            (WEB_URN, Place(file="workloads/web.yaml", line=1)),
            (f"{WEB_URN}#spec.replicas", Place(file="Pulumi.prod.yaml", line=120)),
            (f"{WEB_URN}#{_IMAGE}", Place(file="Pulumi.prod.yaml", line=110)),
        ),
        notes=(
            "charts are compared by their values: what they render was not looked at",
            f"a note with {HOSTILE[0]} in it",
        ),
    )


def empty() -> Review:
    """A change that changes nothing."""
    return Review(
        project="aks-platform",
        stack="dev",
        base="main (3f2c1ab)",
        head="working tree",
        changes=(),
        findings=(),
        facts=(),
        unchanged=159,
    )


def many(workloads: int = 1000) -> Review:
    """Eight changes, two findings and two facts a workload, half of the findings mandatory."""
    operations = ("update", "update", "create", "delete", "update", "replace", "create", "update")
    changes, findings, facts, places = [], [], [], []
    for number in range(workloads):
        name = f"team-{number % 40:02}/service-{number:04}"
        for index, operation in enumerate(operations):
            urn = kubernetes("Workload", "apps/v1:Deployment", f"service-{number:04}-{index}")
            lines = tuple(
                _property(f"spec.template.spec.containers[app].env[KEY_{it}].value", '"a"', '"b"')
                for it in range(6 if operation in ("update", "replace") else 0)
            )
            kind = f"Kind{index}"
            changes.append(
                _change(operation, f"{kind} {name}", urn, *lines, component=f"service-{number:04}")
            )
            places.append((urn, Place(file=f"workloads/service-{number:04}.yaml", line=1)))
        for index, severity in enumerate(("mandatory", "advisory")):
            findings.append(
                AreaFinding(
                    area=AREAS[number % len(AREAS)],
                    rule=f"rule-{number % 60}-{index}",
                    severity=severity,
                    resource=f"Deployment {name}",
                    message=f"something is wrong with {name}",
                    path="spec.template.spec.containers[app].image",
                    urn=changes[-8].urn,
                    why="it matters",
                    remedy="mend it",
                    source="https://kubernetes.io/docs/",
                )
            )
            facts.append(
                Fact(
                    area=AREAS[(number + index) % len(AREAS)],
                    sign="changed",
                    resource=name,
                    message=f"{name} may call another on TCP {8000 + index}",
                )
            )
    return replace(
        empty(),
        changes=tuple(changes),
        findings=ranked_by_risk(findings),
        facts=ranked_facts(facts),
        places=tuple(places),
    )


def shuffled(review: Review, seed: int = 1) -> Review:
    """The same review with every list in another order."""
    random = Random(seed)

    def mixed(rows):
        return tuple(random.sample(rows, len(rows)))

    return replace(
        review,
        **{
            key: mixed(getattr(review, key))
            for key in (
                "changes",
                "findings",
                "facts",
                "exempted",
                "edges",
                "bars",
                "rights",
                "places",
                "notes",
            )
        },
    )
