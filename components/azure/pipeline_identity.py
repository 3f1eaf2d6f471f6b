"""Who a pipeline is in Azure: it signs in by its own token, has no password, and may do what its work takes.

Left out on purpose: the first `pulumi up` and every change of `pipelines`. A person applies those, as nobody gives a
pipeline the right to widen its own.
"""

from dataclasses import dataclass

import pulumi
from pulumi_azure_native import authorization, managedidentity

from components.azure import names
from components.azure.roles import ROLES, assign
from components.azure.stack import AksStack
from components.azure.workload_identity import TOKEN_AUDIENCE
from settings import pipeline_roles


@dataclass(frozen=True, kw_only=True)
class PipelineIdentityArgs:
    """Inputs of `PipelineIdentity`."""

    stack: AksStack
    """Names, tags, and the pipelines by name."""

    pipeline: str
    """Key in `pipelines` of the stack. A new one is a new identity."""

    resource_group: pulumi.Input[str]
    """Name of the group, from the resource itself, so that it comes first."""

    resource_group_id: pulumi.Input[str]
    """Azure id of the group: where its rights are."""

    cluster_id: pulumi.Input[str]
    """Azure id of the cluster: where its rights in Kubernetes are."""


class PipelineIdentity(pulumi.ComponentResource):
    """One pipeline's identity with its credentials and rights."""

    client_id: pulumi.Output[str]
    """For the pipeline's sign-in. Whoever uses it waits for every credential."""

    def __init__(
        self, name: str, args: PipelineIdentityArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("aks-platform:azure:PipelineIdentity", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        stack, pipeline = args.stack, args.stack.settings.pipelines[args.pipeline]

        identity_name = names.pipeline_identity(stack, args.pipeline)
        identity = managedidentity.UserAssignedIdentity(
            f"{name}-identity",
            resource_name_=identity_name,
            resource_group_name=args.resource_group,
            location=stack.location,
            tags=stack.tags,
            opts=child,
        )
        credentials: list[managedidentity.FederatedIdentityCredential] = []
        for trust in pipeline.trusts:
            credential_name = names.pipeline_credential(trust.name, trust.issuer, trust.subject)
            credentials.append(
                managedidentity.FederatedIdentityCredential(
                    f"{name}-credential-{credential_name}",
                    federated_identity_credential_resource_name=credential_name,
                    resource_name_=identity.name,
                    resource_group_name=args.resource_group,
                    issuer=trust.issuer,
                    subject=trust.subject,
                    audiences=[TOKEN_AUDIENCE],
                    # One after another, as in `SharedIdentity`: Azure refuses two at a time.
                    opts=pulumi.ResourceOptions(parent=self, depends_on=[*credentials]),
                )
            )
        self._give(name, args, (identity_name, identity.principal_id), may_up=pipeline.may == "up")

        self.client_id = pulumi.Output.all(
            identity.client_id, *(it.id for it in credentials)
        ).apply(lambda them: str(them[0]))
        self.register_outputs({"client_id": self.client_id})

    def _give(
        self,
        name: str,
        args: PipelineIdentityArgs,
        principal: tuple[str, pulumi.Input[str]],
        *,
        may_up: bool,
    ) -> None:
        child = pulumi.ResourceOptions(parent=self)
        stack = args.stack
        group = (stack.resource_group, args.resource_group_id)
        cluster = (stack.cluster_name, args.cluster_id)
        if may_up:
            self._keep(name, args, principal)
            roles = [("kubernetes", pipeline_roles.KUBERNETES["up"], cluster)]
        else:
            reads, asks = pipeline_roles.PREVIEW
            roles = [
                ("reads", reads, group),
                ("asks", asks, cluster),
                ("kubernetes", pipeline_roles.KUBERNETES["preview"], cluster),
            ]
        for key, role, scope in roles:
            assign(f"{name}-{key}", stack, role=role, principal=principal, scope=scope, opts=child)

    def _keep(
        self,
        name: str,
        args: PipelineIdentityArgs,
        principal: tuple[str, pulumi.Input[str]],
    ) -> None:
        """The role for everything that the program keeps, and the right to give its identities theirs."""
        child = pulumi.ResourceOptions(parent=self)
        stack, settings = args.stack, args.stack.settings
        guid, display = names.pipeline_role(stack, args.pipeline)
        role = authorization.RoleDefinition(
            f"{name}-role",
            role_definition_id=guid,
            role_name=display,
            role_type="CustomRole",
            description="Keep what aks-platform makes of one stack",
            scope=args.resource_group_id,
            assignable_scopes=[args.resource_group_id],
            permissions=[
                {
                    "actions": pipeline_roles.actions(),
                    "not_actions": [],
                    "data_actions": [],
                    "not_data_actions": [],
                }
            ],
            opts=child,
        )
        authorization.RoleAssignment(
            f"{name}-keeps",
            role_assignment_name=names.role_assignment(
                stack, display, principal[0], stack.resource_group
            ),
            principal_id=principal[1],
            # Without it Azure looks a new identity up before Entra has spread it: PrincipalNotFound.
            principal_type="ServicePrincipal",
            role_definition_id=role.id,
            scope=args.resource_group_id,
            opts=child,
        )
        within = {ROLES[it] for it in pipeline_roles.WITHIN}
        if settings.cluster.runs:
            within.add(names.running_hours_role(stack)[0])
        people = {"Group"} if settings.observability.grafana.enabled else set[str]()
        scopes: list[tuple[str, tuple[str, pulumi.Input[str]], set[str], set[str]]] = [
            ("assigns", (stack.resource_group, args.resource_group_id), within, people)
        ]
        for scope, roles in pipeline_roles.outside(settings).items():
            given = {ROLES[it] for it in roles}
            scopes.append((f"assigns-on-{names.scope_key(scope)}", (scope, scope), given, set()))
        for key, where, guids, groups in scopes:
            assign(
                f"{name}-{key}",
                stack,
                role=pipeline_roles.ASSIGNS,
                principal=principal,
                scope=where,
                condition=pipeline_roles.condition(guids, {"ServicePrincipal", *groups}),
                opts=child,
            )
