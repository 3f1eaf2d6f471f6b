"""What test_permissions and test_permissions_further share."""

from hypothesis import strategies as st

from settings.api_resources import served_by
from tests.review.guard.plans import edited, obj, plan

RBAC = "rbac.authorization.k8s.io"

VIEWER, VIEWERS = "course-role-viewer", "course-binding-viewer"

GROUP = "Entra group 6f1c02aa-4c1d-4e5b-9b57-0b6a5d3e7c02"

CLUSTER = "aks-cluster-managed-cluster"

TABLE = served_by("1.35")


def line(resources, *verbs, groups=("",), **more):
    return {"apiGroups": [*groups], "resources": [*resources], "verbs": [*verbs], **more}


def gives(*lines, name=VIEWER, base=None):
    """The plan with further rules in a role."""
    return edited(base or plan(), name, lambda it: it["rules"].extend(lines))


def role(name, *lines, namespace="course", **metadata):
    kind = "Role" if namespace else "ClusterRole"
    made = obj(f"{RBAC}/v1", kind, name, {"rules": [*lines]}, namespace)
    made.inputs["metadata"].update(metadata)
    return made


def binding(name, refers, *subjects, namespace="course", kind="Role"):
    body = {"roleRef": {"kind": kind, "name": refers}, "subjects": [*subjects]}
    made_kind = "RoleBinding" if namespace else "ClusterRoleBinding"
    return obj(f"{RBAC}/v1", made_kind, name, body, namespace)


def robot(name="web", namespace="course"):
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def group(name="team"):
    return {"kind": "Group", "name": name}


SPACES = ("a", "b")

subjects = st.sampled_from([robot("x", "a"), robot("y", "b"), group("team")])

lines = st.builds(
    lambda resource, verbs, names: line(
        [resource], *verbs, **({"resourceNames": [names]} if names else {})
    ),
    st.sampled_from(("pods", "secrets", "nodes", "*", "pods/exec")),
    st.lists(st.sampled_from(("get", "list", "create", "*")), min_size=1, max_size=2, unique=True),
    st.sampled_from(("", "", "one")),
)


@st.composite
def estates(draw):
    found = []
    for number in range(draw(st.integers(1, 3))):
        home = draw(st.sampled_from((*SPACES, "")))
        found.append(role(f"r{number}", *draw(st.lists(lines, max_size=2)), namespace=home).inputs)
    for number in range(draw(st.integers(0, 4))):
        home = draw(st.sampled_from((*SPACES, "")))
        kind = draw(st.sampled_from(("Role", "ClusterRole"))) if home else "ClusterRole"
        name = f"r{draw(st.integers(0, 3))}"
        who = draw(st.lists(subjects, min_size=1, max_size=2))
        found.append(binding(f"b{number}", name, *who, namespace=home, kind=kind).inputs)
    return found
