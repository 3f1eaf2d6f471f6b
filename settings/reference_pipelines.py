"""Rows of the stack file about pipelines. Azure fields are those of the resource as it is registered."""

from collections.abc import Mapping
from typing import Final

from settings.reference_rows import Row

_SUBJECT: Final = "FederatedIdentityCredential: subject"
_ISSUER: Final = "FederatedIdentityCredential: issuer"

PIPELINES: Final[Mapping[str, Mapping[str, Row]]] = {
    "Pipeline": {
        "may": Row("up", "RoleDefinition: permissions[].actions[]"),
        "github": Row("{repository: course/platform, environments: [prod]}", _SUBJECT),
        "azureDevOps": Row(
            "{organizationId: 0f8fad5b-d9cb-469f-a165-70867728950e, organization: course, project: platform, "
            "serviceConnection: aks-prod}",
            _SUBJECT,
        ),
        "oidc": Row(
            "{issuer: https://gitlab.example, subject: 'project_path:course/platform:ref_type:branch:ref:main'}",
            _SUBJECT,
        ),
    },
    "GitHub": {
        "repository": Row("course/platform", _SUBJECT),
        "environments": Row("[prod]", _SUBJECT),
        "branches": Row("[main]", _SUBJECT),
        "tags": Row("[v1.0.0]", _SUBJECT),
        "pullRequests": Row("true", _SUBJECT),
    },
    "AzureDevOps": {
        "organizationId": Row("0f8fad5b-d9cb-469f-a165-70867728950e", _ISSUER),
        "organization": Row("course", _SUBJECT),
        "project": Row("platform", _SUBJECT),
        "serviceConnection": Row("aks-prod", _SUBJECT),
    },
    "Oidc": {
        "issuer": Row("https://gitlab.example", _ISSUER),
        "subject": Row("project_path:course/platform:ref_type:branch:ref:main", _SUBJECT),
    },
}
