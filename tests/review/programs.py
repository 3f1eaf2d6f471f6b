"""Writes small Pulumi programs, and records them."""

import textwrap

import yaml

from review.recorder import record

DISABLED = {"pulumi:disable-default-providers": {"value": ["kubernetes"]}}

PROVIDER = """
import pulumi, pulumi_kubernetes as k8s
cluster = k8s.Provider("cluster", kubeconfig="nowhere")
opts = pulumi.ResourceOptions(provider=cluster)

def kubernetes(kind, name, manifest, opts=opts):
    group, _, version = manifest["apiVersion"].rpartition("/")
    token = f"kubernetes:{group or 'core'}/{version}:{kind}"
    return pulumi.CustomResource(token, name, {"kind": kind, **manifest}, opts)
"""
"""Begins a program that registers Kubernetes objects in wire form."""

PLAIN = "import pulumi\n"


def program(folder, source, *, config=None, project=None, files=None, stacks=("dev",)):
    """A project called `app` in `folder`; `config` is that of every one of `stacks`."""
    document = {"name": "app", "runtime": "python", **(project or {"config": DISABLED})}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(document))
    (folder / "__main__.py").write_text(textwrap.dedent(source))
    for stack in stacks:
        (folder / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump({"config": config or {}}))
    for name, text in (files or {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text))
    return folder


def planned(folder, source, *, begin=PLAIN, kubernetes_version=None, config_overrides=None, **rest):
    """The plan of a program, for stack `dev`."""
    program(folder, begin + textwrap.dedent(source), **rest)
    return record(
        folder, "dev", kubernetes_version=kubernetes_version, config_overrides=config_overrides
    )


def rows(plan):
    """By logical name."""
    return {row.name: row for row in plan.resources}
