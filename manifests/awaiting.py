"""Where `pulumi up` waits, and how it is told not to."""

from collections.abc import Iterable

from manifests import Part

SKIP_AWAIT = "pulumi.com/skipAwait"
TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds"

AWAITED = frozenset(
    {
        "DaemonSet",
        "Deployment",
        "Ingress",
        "Job",
        "PersistentVolumeClaim",
        "ResourceQuota",
        "Service",
        "StatefulSet",
    }
)
"""Kinds whose creation the provider waits for and that we make: `awaiters` in
https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/await/awaiters.go . A quota is among
them: without a controller manager its status stays empty."""


def without_await(parts: Iterable[Part]) -> None:
    """Mark every awaited object of `parts`, in place, so that `pulumi up` takes it as it is."""
    for part in parts:
        manifest = part.manifest
        if manifest["kind"] in AWAITED:
            manifest["metadata"].setdefault("annotations", {})[SKIP_AWAIT] = "true"
