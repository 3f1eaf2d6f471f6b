"""The cases of a batch: one ConfigMap, of which each pod of an Indexed job sees the single key that is its own."""

from typing import Any, Final

from manifests import Part
from manifests.names import DNS_SUBDOMAIN_MAX_CHARACTERS, content_hash, shortened
from settings.checks.jobs import CASES_VOLUME, INDEX
from settings.workload import Workload

CASES: Final = "cases"
"""Role."""

INDEX_ANNOTATION: Final = "batch.kubernetes.io/job-completion-index"
"""Of every pod of an Indexed job: https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode"""


def parts(workload: Workload, labels: dict[str, str]) -> list[Part]:
    """The ConfigMap with key `0` to `n-1`; none for a count, whose pods find their case by their index alone.

    Its name is made of its content: other cases are another ConfigMap, and so another job.
    """
    cases = workload.job.cases if workload.job else None
    if cases is None or not cases.texts:
        return []
    data = {str(index): text for index, text in enumerate(cases.texts)}
    name = shortened(f"{workload.name}-cases-{content_hash(data)}", DNS_SUBDOMAIN_MAX_CHARACTERS)
    manifest = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": workload.namespace, "labels": {**labels}},
        "data": data,
        "immutable": True,
    }
    return [Part(CASES, manifest)]


def mount(workload: Workload, template: dict[str, Any], found: list[Part]) -> None:
    """Give the workload's own container in `template`, in place, the case of its index as one file.

    The variable is the one that the Job controller sets, which keeps one that is there: said here, so that a template
    that is read by itself, or sent by anything but that controller, does not mount a path that expands to nothing.
    """
    cases = workload.job.cases if workload.job else None
    if cases is None or not found:
        return
    spec = template["spec"]
    own = spec["containers"][0]
    field = {"fieldPath": f"metadata.annotations['{INDEX_ANNOTATION}']"}
    own.setdefault("env", []).append({"name": INDEX, "valueFrom": {"fieldRef": field}})
    own.setdefault("volumeMounts", []).append(
        {
            "name": CASES_VOLUME,
            "mountPath": cases.mount_path,
            "subPathExpr": f"$({INDEX})",
            "readOnly": True,
        }
    )
    [part] = found
    volume = {"name": CASES_VOLUME, "configMap": {"name": part.manifest["metadata"]["name"]}}
    spec.setdefault("volumes", []).append(volume)
