"""Pages that the guard's rows cite, and advice that several of them give."""

from typing import Final

TABLE: Final = (
    "https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/gen/replacement.go"
)
LEARN: Final = "https://learn.microsoft.com/azure/"
SDK: Final = "https://www.pulumi.com/registry/packages/azure-native/api-docs/"
"""The API documentation, which the SDK's docstrings repeat."""

MOVES: Final = (
    "https://learn.microsoft.com/azure/azure-resource-manager/management/move-resources-overview"
)

NAME: Final = (
    "keep the name, which is part of the resource's path; to rename, make the new one beside it, move what uses it, "
    "then remove the old one"
)
REGION: Final = (
    "keep the region; a new region is a new stack beside this one: "
    "docs/cluster.md#a-new-cluster-beside-the-old-one"
)
KEEP: Final = "keep the value; make another resource beside it where it must differ"
