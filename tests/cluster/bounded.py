"""Namespaces for the admission oracle: LimitRanges, quotas with what is used, and objects that ask to come in."""

from hypothesis import strategies as st

from settings.quantity import amount

SIZES = {
    "cpu": ("0", "10m", "50m", "100m", "0.25", "1", "1500m", "2"),
    "memory": ("0", "16Mi", "64Mi", "100M", "128Mi", "1Gi", "1.5Gi"),
    "ephemeral-storage": ("1Gi", "2Gi", "3G"),
}
GPU = "example.com/gpu"
RATIOS = ("1", "1.5", "2", "4", "1250m", "10")
CLASSES = ("gold", "silver")
PRIORITIES = ("gold", "silver")
COMPUTE = tuple(SIZES)
TOTALS = {
    "cpu": ("1", "2", "3500m", "8"),
    "memory": ("256Mi", "1Gi", "4Gi", "8G"),
    "ephemeral-storage": ("2Gi", "5Gi"),
    GPU: ("0", "1", "4"),
}
COUNTS = ("0", "1", "2", "5")
OBJECTS = (
    "count/pods", "configmaps", "count/configmaps", "services", "services.nodeports", "services.loadbalancers",
    "count/services", "persistentvolumeclaims", "requests.storage", "count/persistentvolumeclaims",
    "gold.storageclass.storage.k8s.io/requests.storage", "gold.storageclass.storage.k8s.io/persistentvolumeclaims",
    "count/deployments.apps", "secrets",
)  # fmt: skip
POD_NAMES = (
    "pods",
    *COMPUTE,
    *(f"{side}.{key}" for side in ("requests", "limits") for key in COMPUTE),
)


def ordered(draw, values, count):
    """So many of `values`, the least first."""
    return sorted(
        draw(st.lists(st.sampled_from(values), min_size=count, max_size=count)), key=amount
    )


@st.composite
def container_bounds(draw):
    """An item of a LimitRange for containers: least, default request, default and most in order."""
    item = {"type": "Container"}
    for key in draw(st.lists(st.sampled_from(COMPUTE[:2]), max_size=2, unique=True)):
        values = ordered(draw, SIZES[key][1:], 4)
        names = ("min", "defaultRequest", "default", "max")
        for name, value in zip(names, values, strict=True):
            if draw(st.booleans()):
                item.setdefault(name, {})[key] = value
        if "default" not in item or key not in item["default"]:
            # A maximum would be the default, which a default request may not exceed.
            most = item.get("max", {}).get(key)
            asked = item.get("defaultRequest", {}).get(key)
            if most and asked and amount(asked) > amount(most):
                del item["defaultRequest"][key]
        _ratio(draw, item, key)
    return item


@st.composite
def pod_bounds(draw):
    item = {"type": "Pod"}
    for key in draw(st.lists(st.sampled_from(COMPUTE[:2]), min_size=1, max_size=2, unique=True)):
        least, most = ordered(draw, SIZES[key][1:], 2)
        for name, value in (("min", least), ("max", most)):
            if draw(st.booleans()):
                item.setdefault(name, {})[key] = value
        _ratio(draw, item, key)
    return item


def _ratio(draw, item, key):
    ratio = draw(st.sampled_from((None, None, *RATIOS)))
    least, most = (amount(item.get(name, {}).get(key, "0")) for name in ("min", "max"))
    if ratio and not (least and most and amount(ratio) > most / least):
        item.setdefault("maxLimitRequestRatio", {})[key] = ratio


@st.composite
def claim_bounds(draw):
    least, most = ordered(draw, ("1Gi", "2G", "5Gi"), 2)
    item = {"type": "PersistentVolumeClaim", "min": {"storage": least}, "max": {"storage": most}}
    dropped = draw(st.sampled_from((None, "min", "max")))
    item.pop(dropped, None)
    return item


@st.composite
def limit_ranges(draw):
    """None, one of several items, or two of which only the first fills anything in."""
    kinds = (container_bounds(), pod_bounds(), claim_bounds())
    chosen = draw(st.lists(st.sampled_from(range(3)), max_size=3, unique=True))
    first = [draw(kinds[it]) for it in chosen]
    found = [first] if first else []
    if draw(st.integers(0, 4)) == 0:
        found.append([draw(pod_bounds())])
    return [
        {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": f"limits-{index}"}, "spec": {"limits": items}}
        for index, items in enumerate(found)
    ]  # fmt: skip


SCOPES = (
    {}, {}, {}, {"scopes": ["Terminating"]}, {"scopes": ["NotTerminating"]}, {"scopes": ["NotBestEffort"]},
    {"scopes": ["BestEffort"]}, {"scopes": ["NotBestEffort", "Terminating"]},
    {"scopes": ["PriorityClass"]},
    *(
        {"scopeSelector": {"matchExpressions": [{"scopeName": "PriorityClass", "operator": operator, **values}]}}
        for operator, values in (
            ("In", {"values": ["gold"]}), ("NotIn", {"values": ["gold"]}), ("Exists", {}), ("DoesNotExist", {}),
        )
    ),
    {"scopeSelector": {"matchExpressions": [{"scopeName": "CrossNamespacePodAffinity", "operator": "Exists"}]}},
)  # fmt: skip


@st.composite
def quotas(draw):
    """Up to two, each with what it counts and what is used of it."""
    found = []
    for index in range(draw(st.sampled_from((0, 1, 1, 2, 2)))):
        scope = draw(st.sampled_from(SCOPES))
        names = ("pods",) if scope.get("scopes") == ["BestEffort"] else POD_NAMES
        if scope:
            names = tuple(it for it in names if not it.endswith("ephemeral-storage"))
        else:
            names = (*names, *OBJECTS, f"requests.{GPU}")
        hard = {}
        for name in draw(
            st.lists(
                st.sampled_from(names), min_size=1, max_size=6 if not scope else 3, unique=True
            )
        ):
            hard[name] = draw(st.sampled_from(_totals(name)))
        used = {name: draw(st.sampled_from(("0", "0", *_totals(name)))) for name in hard}
        quota = {
            "apiVersion": "v1",
            "kind": "ResourceQuota",
            "metadata": {"name": f"quota-{index}"},
            "spec": {"hard": hard, **scope},
        }
        found.append((quota, used))
    return found


def _totals(name):
    if name.endswith("requests.storage"):
        return ("1Gi", "4Gi", "10Gi")
    for key, values in TOTALS.items():
        if name.endswith(key):
            return values
    return COUNTS


@st.composite
def resources(draw):
    """Requests and limits of a container; rarely the first beyond the second."""
    found = {}
    for key in draw(st.lists(st.sampled_from(COMPUTE), max_size=3, unique=True)):
        low, high = draw(st.lists(st.sampled_from(SIZES[key]), min_size=2, max_size=2))
        if amount(low) > amount(high) and draw(st.integers(0, 15)):
            low, high = high, low
        sides = draw(st.sampled_from(("both", "requests", "limits", "both")))
        if sides != "limits":
            found.setdefault("requests", {})[key] = low
        if sides != "requests":
            found.setdefault("limits", {})[key] = high
    if draw(st.integers(0, 7)) == 0:
        count = draw(st.sampled_from(("1", "2")))
        for side in ("requests", "limits"):
            found.setdefault(side, {})[GPU] = count
    return found


@st.composite
def containers(draw):
    """A pod's spec with up to two containers, an init container and a sidecar."""
    spec = {"containers": [], "automountServiceAccountToken": False}
    for index in range(draw(st.integers(1, 2))):
        it = {"name": f"c-{index}", "image": "it", "resources": draw(resources())}
        spec["containers"].append(it)
    for name in draw(st.lists(st.sampled_from(("i-0", "s-0")), max_size=2, unique=True)):
        it = {"name": name, "image": "it", "resources": draw(resources())}
        if name == "s-0":
            it["restartPolicy"] = "Always"
        spec.setdefault("initContainers", []).append(it)
    return spec


@st.composite
def bounded_pods(draw):
    """A pod of any scope."""
    spec = draw(containers())
    if draw(st.integers(0, 3)) == 0:
        spec["activeDeadlineSeconds"] = 60
    if draw(st.integers(0, 2)) == 0:
        spec["priorityClassName"] = draw(st.sampled_from(PRIORITIES))
    if draw(st.integers(0, 6)) == 0:
        spec["runtimeClassName"] = "heavy"
    if draw(st.integers(0, 6)) == 0:
        _reach_out(draw, spec)
    if draw(st.integers(0, 5)) == 0:
        spec["resources"] = {
            side: {key: value for key, value in given.items() if key in COMPUTE[:2]}
            for side, given in draw(resources()).items()
        }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "it"}, "spec": spec}


def _reach_out(draw, spec):
    term = {"labelSelector": {"matchLabels": {"a": "b"}}, "topologyKey": "zone"}
    term |= draw(st.sampled_from(({}, {"namespaces": ["a"]}, {"namespaceSelector": {}})))
    kind = draw(st.sampled_from(("podAffinity", "podAntiAffinity")))
    rules = draw(
        st.sampled_from(
            (
                {"requiredDuringSchedulingIgnoredDuringExecution": [term]},
                {
                    "preferredDuringSchedulingIgnoredDuringExecution": [
                        {"weight": 1, "podAffinityTerm": term}
                    ]
                },
            )
        )
    )
    spec["affinity"] = {kind: rules}


OVERHEAD = {"cpu": "100m", "memory": "32Mi"}


@st.composite
def others(draw):
    """A claim, a Service or a ConfigMap."""
    kind = draw(st.sampled_from(("PersistentVolumeClaim", "Service", "ConfigMap", "Deployment")))
    it = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "it"}}
    if kind == "PersistentVolumeClaim":
        size = draw(st.sampled_from(("1Gi", "2G", "3Gi", "6Gi", "0.5Gi")))
        name = draw(st.sampled_from((None, *CLASSES)))
        storage = {"storageClassName": name} if name else {}
        claim = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
        return {**it, "spec": {**claim, **storage}}
    if kind == "Service":
        kinds = ("ClusterIP", "NodePort", "LoadBalancer")
        ports = [{"name": f"p-{it}", "port": 80 + it} for it in range(draw(st.integers(1, 3)))]
        spec = {"type": draw(st.sampled_from(kinds)), "ports": ports}
        if spec["type"] == "LoadBalancer" and draw(st.booleans()):
            spec["allocateLoadBalancerNodePorts"] = False
        return {**it, "spec": spec}
    if kind == "Deployment":
        labels = {"a": "b"}
        pod = {"containers": [{"name": "c", "image": "i"}]}
        template = {"metadata": {"labels": labels}, "spec": pod}
        spec = {"selector": {"matchLabels": labels}, "template": template}
        return {**it, "apiVersion": "apps/v1", "spec": spec}
    return it


@st.composite
def cases(draw):
    """LimitRanges, quotas with what is used, and objects that ask to come in."""
    asked = [draw(bounded_pods()) for _ in range(5)] + [draw(others()) for _ in range(2)]
    return draw(limit_ranges()), draw(quotas()), asked


def _quota(hard, **scope):
    metadata = {"name": "quota-0"}
    spec = {"hard": hard, **scope}
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": spec}
    return [(quota, dict.fromkeys(hard, "0"))]


def _pod(requests=None, limits=None, **spec):
    given = {"requests": requests or {}, "limits": limits or {}}
    container = {"name": "c-0", "image": "it", "resources": given}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "it"},
        "spec": {"containers": [container], "automountServiceAccountToken": False, **spec},
    }


ONE = {"cpu": "1", "memory": "64Mi", "ephemeral-storage": "1Gi"}
ELSEWHERE = {"labelSelector": {}, "topologyKey": "zone", "namespaces": ["a"]}
AFFINITY = {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [ELSEWHERE]}}
CROSSING = {"scopeName": "CrossNamespacePodAffinity", "operator": "Exists"}
TIGHT = {"ephemeral-storage": "512Mi", "cpu": "500m", "memory": "1Mi"}
CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "2Gi"}}}
EDGES = [
    ([], _quota({"requests.cpu": "1"}), [_pod(ONE, ONE, runtimeClassName="heavy")]),
    ([], _quota({"limits.cpu": "1"}), [_pod(ONE, ONE, runtimeClassName="heavy")]),
    (
        [],
        _quota({"pods": "0"}, scopeSelector={"matchExpressions": [CROSSING]}),
        [_pod(affinity=AFFINITY), _pod()],
    ),
    ([], _quota({"pods": "0"}, scopes=["BestEffort"]), [_pod(), _pod(ONE)]),
    *(([], _quota({name: TIGHT[name]}), [_pod(ONE)]) for name in TIGHT),
    *(
        ([], _quota({f"{side}.{name}": "8"}), [_pod(), _pod(**{side: {name: "1"}})])
        for side in ("requests", "limits")
        for name in ("cpu", "memory")
    ),
    ([], _quota({"cpu": "8"}), [_pod(), _pod(resources={"requests": {"cpu": "1"}})]),
    (
        [],
        _quota({"requests.cpu": "100m"}),
        [_pod(resources={"requests": {"cpu": "1"}}), _pod(resources={"limits": {"cpu": "1"}})],
    ),
    ([], _quota({"memory": "8Gi"}), [_pod()]),
    (
        [],
        _quota({"requests.storage": "1Gi"}),
        [{"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "it"}, "spec": CLAIM}],
    ),
]  # fmt: skip
"""Cases that each tell right arithmetic from one that is wrong in one place."""
