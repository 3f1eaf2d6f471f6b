"""What a preview could not show, or would ask Azure for, is not in any component."""

import ast
from pathlib import Path

import pytest

from tests.engine import ROOT

FILES = sorted((ROOT / "components").rglob("*.py"))
SDKS = ("pulumi", "pulumi_azure_native", "pulumi_kubernetes")


def from_sdk(tree):
    """Names in a module that are an SDK's, or a module of one."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            rows = [(it.name, it.asname or it.name.partition(".")[0]) for it in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            rows = [(str(node.module), it.asname or it.name) for it in node.names]
        else:
            continue
        found |= {name for module, name in rows if module.partition(".")[0] in SDKS}
    return found


def called(node):
    """`a.b.C(...)` as `("a", "C")`; None for anything else."""
    if not isinstance(node, ast.Call):
        return None
    place = node.func
    last = place.attr if isinstance(place, ast.Attribute) else getattr(place, "id", "")
    while isinstance(place, ast.Attribute):
        place = place.value
    return (place.id, last) if isinstance(place, ast.Name) else None


def made_inside_an_apply(tree):
    """Lines on which a function that is given to `apply` makes a resource: no preview would show it."""
    sdk = from_sdk(tree)
    functions = {it.name: it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef)}
    for node in ast.walk(tree):
        is_apply = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "apply"
        for given in node.args if is_apply else ():
            body = functions.get(given.id) if isinstance(given, ast.Name) else given
            for inner in ast.walk(body) if body else ():
                name = called(inner)
                if name and name[0] in sdk and name[1][:1].isupper():
                    yield inner.lineno


def asks_at_once(tree):
    """Lines with an invoke that does not wait for outputs: it calls Azure already in a preview."""
    sdk = from_sdk(tree)
    for node in ast.walk(tree):
        name = called(node)
        if name and name[0] in sdk and name[1].startswith(("get_", "list_")):
            known = name[1] in ("get_stack", "get_project", "get_organization")
            if not name[1].endswith("_output") and not known:
                yield node.lineno


@pytest.mark.parametrize("path", FILES, ids=lambda it: str(it.relative_to(ROOT)))
def test_no_resource_is_made_inside_an_apply_and_no_invoke_calls_out_in_a_preview(path: Path):
    tree = ast.parse(path.read_text())
    assert list(made_inside_an_apply(tree)) == []
    assert list(asks_at_once(tree)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pulumi\nx.apply(lambda it: pulumi.CustomResource('a', it))",
        "from pulumi_azure_native import resources\nx.apply(lambda it: [resources.ResourceGroup(it)])",
        "from pulumi_azure_native import resources as r\ndef made(it):\n    return r.ResourceGroup(it)\nx.apply(made)",
    ],
)
def test_a_resource_inside_an_apply_would_be_found(source):
    assert list(made_inside_an_apply(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "from pulumi_azure_native import authorization\nauthorization.get_client_config()",
        "from pulumi_azure_native import containerservice as c\nc.list_managed_cluster_user_credentials(a='b')",
    ],
)
def test_an_invoke_that_calls_out_would_be_found(source):
    assert list(asks_at_once(ast.parse(source)))
    assert not list(
        asks_at_once(ast.parse(source.replace("(a=", "_output(a=").replace("()", "_output()")))
    )
