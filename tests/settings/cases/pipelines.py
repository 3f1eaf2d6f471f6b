"""Cases of `settings/checks/pipelines.py`."""

from tests.settings.cases.common import case

PROD = {"repository": "course/platform", "environments": ["prod"]}
OIDC = {"issuer": "https://gitlab.example", "subject": "a"}


def pipeline(says, at="", may="up", stack="dev", **ways):
    """A fault of one pipeline of a stack."""
    return case(stack, "pipelines.deploy", {"may": may, **ways}, says, at=f"pipelines.deploy{at}")


def github(says, at="", **changes):
    return pipeline(says, f".github{at}", github={**PROD, **changes})


CASES = [
    pipeline("has no effect with target kubeconfig, which makes nothing in Azure", stack="local", github=PROD),
    pipeline("must say exactly one of github, azureDevOps, oidc; got none of them"),
    pipeline("must say exactly one of github, azureDevOps, oidc; got github, oidc", github=PROD, oidc=OIDC),
    github("must say which runs: environments, branches, tags or pullRequests", environments=[]),
    github("goes with 'may: preview' alone: whoever opens a pull request decides what its run does", ".pullRequests",
           pullRequests=True),
    github("is put behind 'refs/' already; got 'refs/heads/main'; write 'main'", ".branches[0]",
           branches=["refs/heads/main"]),
    github("is put behind 'refs/' already; got 'refs/tags/v1'; write 'v1'", ".tags[0]", tags=["refs/tags/v1"]),
    github("names a run twice, and Azure refuses a second credential for it", branches=["main", "main"]),
    pipeline("must take at most 20 kinds of runs, each of which takes a federated credential; got 21; split it",
             github={**PROD, "environments": [f"e{it}" for it in range(21)]}),
]  # fmt: skip
