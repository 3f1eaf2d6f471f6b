"""What test_exposure and test_exposure_further share."""

from tests.review.guard.plans import adding, edited, obj, plan, put

WEB_SERVICE = "course-web-service"

WEB_ROUTE = "course-web-route-public"

HOST = "ingress-host-public"

CONTROLLER = "ingress-controller"

INTERNAL = "service.beta.kubernetes.io/azure-load-balancer-internal"


def with_(name, path, value, base=None):
    return edited(base or plan(), name, lambda it: put(it, path, value))


def path(where, service="web", port=80, kind="Prefix"):
    backend = {"service": {"name": service, "port": {"number": port}}}
    return {"path": where, "pathType": kind, "backend": backend}


def with_paths(*paths, name=WEB_ROUTE, base=None):
    return with_(name, "spec.rules[].http.paths", [*paths], base)


def on_host(host, *paths, tls=False, **metadata):
    """One more Ingress."""
    spec = {"ingressClassName": "nginx", "rules": [{"host": host, "http": {"paths": [*paths]}}]}
    if tls:
        spec["tls"] = [{"hosts": [host], "secretName": "new-tls"}]
    name = metadata.get("name", "more")
    return obj("networking.k8s.io/v1", "Ingress", name, {"spec": spec})


def balancer(**spec):
    """The plan with one more Service of type LoadBalancer for `web`, whose policy lets everybody in."""
    opened = edited(plan(), "course-web-network-ingress", _open)
    return adding(opened, service("more", type="LoadBalancer", **spec)), opened


def service(name, annotations=None, **spec):
    selector = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "course-web"}
    body = {"selector": selector, "ports": [{"port": 80, "targetPort": "http"}], **spec}
    made = obj("v1", "Service", name, {"spec": body})
    made.inputs["metadata"]["annotations"] = annotations or {}
    return made


def _open(inputs):
    inputs["spec"]["ingress"].append({"ports": [{"port": 8080}]})


CLUSTER = "aks-cluster-managed-cluster"

RANGES = "apiServerAccessProfile.authorizedIPRanges"
