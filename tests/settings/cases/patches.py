"""Cases of `settings/checks/patches.py`."""

from tests.settings.cases.common import case


def patched(merge, says, path, kind="Deployment"):
    """A case of a patch of one of web's objects, with its fault at `path` below `merge`."""
    given = {kind: {"reason": "no setting has this field", "merge": merge}}
    at = ("patch", kind, "merge", *path) if isinstance(path, tuple) else f"patch.{kind}.merge{path}"
    return case("web", "patch", given, says, at=("web", at))


def template(metadata):
    return {"spec": {"template": {"metadata": metadata}}}


POD = ".spec.template.metadata"
STEPS = ("spec", "template", "metadata")
OTHER = "must not be patched: with another it is another object, or has other pods"
WHOLE = "must be a map: what is in it stays"
DIRECTIVE = "must not be used here: selectors and labels of the platform would go, too"

CASES = [
    patched({}, "must say what to merge; add a field, or remove the patch", ""),
    patched({"metadata": {"name": "other"}}, OTHER, ".metadata.name"),
    patched({"metadata": {"namespace": "other"}}, OTHER, ".metadata.namespace"),
    patched({"kind": "StatefulSet"}, OTHER, ".kind"),
    patched({"apiVersion": "v2"}, OTHER, ".apiVersion"),
    patched({"spec": {"selector": {"app": "web"}}}, OTHER, ".spec.selector", "Service"),
    patched({"spec": {"podSelector": {}}}, OTHER, ".spec.podSelector", "NetworkPolicy"),
    patched({"data": {"A": "b"}}, "must not be patched: the object is named by its content; change 'config'", ".data",
            "ConfigMap"),
    patched(template({"labels": {"app.kubernetes.io/name": "x"}}), "is the platform's own; choose another key, or use "
            "'labels'", (*STEPS, "labels", "app.kubernetes.io/name")),
    patched(template({"annotations": {"aks-platform/patched": "x"}}), "is the platform's own",
            (*STEPS, "annotations", "aks-platform/patched")),
    patched({"spec": None}, WHOLE, ".spec"),
    patched(template({"labels": None}), WHOLE, f"{POD}.labels"),
    patched({"spec": {"template": {"$patch": "replace"}}}, DIRECTIVE, ".spec.template.$patch"),
    patched({"$patch": "delete"}, DIRECTIVE, ".$patch"),
]  # fmt: skip
