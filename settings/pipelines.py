"""Pipelines that work on a stack, each with an identity in Azure that needs no password."""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal, NamedTuple

from settings.constraint import Text
from settings.section import Section

GITHUB_ISSUER: Final = "https://token.actions.githubusercontent.com"
"""https://docs.github.com/actions/reference/security/oidc"""

AZURE_DEVOPS_ISSUER: Final = "https://vstoken.dev.azure.com"
"""With the organization's id behind it:
https://learn.microsoft.com/azure/devops/pipelines/release/configure-workload-identity"""

_EXACT = "and no pattern: Azure compares it as it stands"

Repository = Annotated[
    str,
    Text(
        r"^[A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9._-]+$",
        "must be a repository with its owner, for example 'course/platform'",
        140,
    ),
]

EnvironmentName = Annotated[
    str,
    Text(
        r"^[^\s:*?'\"`,;\\%][^:*?'\"`,;\\%]*$",
        f"must be the name of an environment {_EXACT}, for example 'prod'",
        255,
    ),
]

RefName = Annotated[
    str,
    Text(
        r"^[^\s~^:?*\[\\]+$",
        f"must be the name of a branch or tag {_EXACT}, for example 'main'",
        255,
    ),
]

OrganizationId = Annotated[
    str,
    Text(
        r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "must be the id of an organization in lower case, for example '0f8fad5b-d9cb-469f-a165-70867728950e'",
    ),
]

PartName = Annotated[
    str,
    Text(r"^[^\s/*][^/*]*$", f"must be a name without '/' {_EXACT}, for example 'platform'", 128),
]

Issuer = Annotated[
    str,
    Text(
        r"^https://[^\s*]+$",
        "must be the URL of an issuer, for example 'https://gitlab.example'",
        600,
    ),
]

Subject = Annotated[
    str,
    Text(
        r"^[^*]+$", f"must be what the token calls its subject {_EXACT}, for example 'job:x'", 600
    ),
]


class Trust(NamedTuple):
    """What a token of a pipeline says of itself."""

    issuer: str
    subject: str

    @property
    def name(self) -> str:
        """The subject in letters, digits and hyphens; two subjects may become one."""
        return re.sub(r"[^A-Za-z0-9]+", "-", self.subject).strip("-")


class GitHub(Section):
    """Runs of GitHub Actions, of one repository. An entry of a list is a federated credential."""

    repository: Repository
    """Owner and name. Whoever may change workflows there may use the identity."""

    environments: list[EnvironmentName] = []
    """Environments whose jobs may: with reviewers there, the way for `may: up`."""

    branches: list[RefName] = []
    """Branches whose runs may, where a job names no environment."""

    tags: list[RefName] = []
    """Tags whose runs may, where a job names no environment."""

    pull_requests: bool = False
    """Whether runs for pull requests may; with `may: preview` alone, as their authors decide what runs."""

    @property
    def trusts(self) -> Iterator[Trust]:
        """In the words of GitHub's tokens."""
        start = f"repo:{self.repository}"
        for name in self.environments:
            yield Trust(GITHUB_ISSUER, f"{start}:environment:{name}")
        for name in self.branches:
            yield Trust(GITHUB_ISSUER, f"{start}:ref:refs/heads/{name}")
        for name in self.tags:
            yield Trust(GITHUB_ISSUER, f"{start}:ref:refs/tags/{name}")
        if self.pull_requests:
            yield Trust(GITHUB_ISSUER, f"{start}:pull_request")


class AzureDevOps(Section):
    """Pipelines of Azure DevOps that use one service connection, whose issuer is Azure DevOps itself."""

    organization_id: OrganizationId
    """Id of the organization, a part of the issuer that the connection shows."""

    organization: PartName
    """Its name."""

    project: PartName
    """Project of the connection."""

    service_connection: PartName
    """Name of the connection. Which pipelines may use it is said there, with approvals and checks."""

    @property
    def trusts(self) -> Iterator[Trust]:
        """In the words of Azure DevOps' tokens."""
        yield Trust(
            f"{AZURE_DEVOPS_ISSUER}/{self.organization_id}",
            f"sc://{self.organization}/{self.project}/{self.service_connection}",
        )


class Oidc(Section):
    """Any other issuer: GitLab, or a service connection of Azure DevOps whose issuer is Entra."""

    issuer: Issuer
    """As the token has it in `iss`, to the last character."""

    subject: Subject
    """As the token has it in `sub`, to the last character."""

    @property
    def trusts(self) -> Iterator[Trust]:
        """As they stand."""
        yield Trust(self.issuer, self.subject)


class Pipeline(Section):
    """Who runs Pulumi for this stack without a person, and what that may do."""

    ONE_OF: ClassVar = ("github", "azureDevOps", "oidc")

    may: Literal["preview", "up"]
    """`preview` reads. `up` makes, changes and deletes what this program makes, and hands out no right that it does not
    have for that; what only a person may do is in docs/cluster.md."""

    github: GitHub | None = None
    """GitHub Actions."""

    azure_dev_ops: AzureDevOps | None = None
    """Azure DevOps."""

    oidc: Oidc | None = None
    """Anything else."""

    @property
    def trusts(self) -> list[Trust]:
        """Whose tokens it takes, sorted: a federated credential each."""
        ways = (self.github, self.azure_dev_ops, self.oidc)
        return sorted(trust for way in ways if way for trust in way.trusts)
