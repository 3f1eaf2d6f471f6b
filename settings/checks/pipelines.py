"""Pipelines: one issuer each, somebody whose tokens are taken, and no pull request that deploys."""

from collections.abc import Iterator

from settings.azure_identity import MOST_FEDERATIONS
from settings.faults import Fault
from settings.pipelines import Pipeline
from settings.sources import Sources
from settings.stack import Settings

At = tuple[str | int, ...]


def check(settings: Settings, sources: Sources) -> Iterator[Fault]:
    """What no field of a pipeline sees alone."""
    for name, pipeline in settings.pipelines.items():
        at: At = ("pipelines", name)
        if settings.target != "aks":
            rule = "has no effect with target kubeconfig, which makes nothing in Azure"
            yield sources.fault(at, rule, remedy="remove it")
        yield from _ways(pipeline, at, sources)
        yield from _trusted(pipeline, at, sources)


def _ways(pipeline: Pipeline, at: At, sources: Sources) -> Iterator[Fault]:
    ways = {
        "github": pipeline.github,
        "azureDevOps": pipeline.azure_dev_ops,
        "oidc": pipeline.oidc,
    }
    said = [key for key, way in ways.items() if way]
    if len(said) != 1:
        rule = "must say exactly one of github, azureDevOps, oidc"
        remedy = (
            "keep one of them" if said else "add 'github: {repository: ..., environments: [...]}'"
        )
        yield sources.fault(at, rule, ", ".join(said) or "none of them", remedy)


def _trusted(pipeline: Pipeline, at: At, sources: Sources) -> Iterator[Fault]:
    trusts, github = pipeline.trusts, pipeline.github
    if github and not list(github.trusts):
        yield sources.fault(
            (*at, "github"),
            "must say which runs: environments, branches, tags or pullRequests",
            remedy="add 'environments: [prod]', with reviewers there",
        )
    for key, refs in (("branches", github.branches), ("tags", github.tags)) if github else ():
        for index, ref in enumerate(refs):
            if ref.startswith("refs/"):
                rule = "is put behind 'refs/' already"
                remedy = f"write {ref.split('/', 2)[-1]!r}"
                yield sources.fault((*at, "github", key, index), rule, repr(ref), remedy)
    if pipeline.may == "up" and github and github.pull_requests:
        # The author of a pull request decides what its run does:
        # https://docs.github.com/actions/reference/security/secure-use
        yield sources.fault(
            (*at, "github", "pullRequests"),
            "goes with 'may: preview' alone: whoever opens a pull request decides what its run does",
            remedy="make a second pipeline with 'may: preview' for them",
        )
    if len(trusts) > MOST_FEDERATIONS:
        yield sources.fault(
            at,
            f"must take at most {MOST_FEDERATIONS} kinds of runs, each of which takes a federated credential",
            str(len(trusts)),
            "split it into two pipelines",
        )
    if len(set(trusts)) < len(trusts):
        yield sources.fault(
            (*at, "github"),
            "names a run twice, and Azure refuses a second credential for it",
            remedy="remove it",
        )
