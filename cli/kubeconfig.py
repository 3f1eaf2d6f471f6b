"""`./aks kubeconfig`: a stack's cluster as a context of kubectl, without credentials."""

import re
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.errors import UserError

if TYPE_CHECKING:
    from manifests.kubeconfig import Access, Login
    from manifests.kubeconfig_file import Removal
    from settings.stack import Settings

_LOGINS = ("azurecli", "workloadidentity", "spn", "msi", "devicecode")
_CLIENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CONTEXT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:/-]{0,252}")


def _matching(pattern: "re.Pattern[str]", rule: str) -> "click.ParamType[str]":
    class Matching(click.ParamType[str]):
        name = rule

        def convert(
            self, value: str, param: click.Parameter | None, ctx: click.Context | None
        ) -> str:
            return value if pattern.fullmatch(value) else self.fail(f"must be {rule}", param, ctx)

    return Matching()


@click.command(name="kubeconfig")
@click.argument("stack")
@click.option(
    "--auth",
    "login",
    type=click.Choice(_LOGINS),
    help="How kubelogin signs in; otherwise the stack's access.kubelogin.",
)
@click.option(
    "--client-id",
    type=_matching(_CLIENT_ID, "a client id in lower case, for example of a pipeline's identity"),
    metavar="ID",
    help="Client of workloadidentity, spn or msi; otherwise AZURE_CLIENT_ID when kubectl runs.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to change; otherwise the first of KUBECONFIG, else ~/.kube/config.",
)
@click.option(
    "--from",
    "source",
    metavar="FILE",
    help="A kubeconfig with server and CA, - for standard input; otherwise Pulumi is asked, then az.",
)
@click.option(
    "--context",
    type=_matching(_CONTEXT, "a name without blanks"),
    metavar="NAME",
    help="Name of the context; otherwise the cluster's.",
)
@click.option("--use", is_flag=True, help="Make it the current context.")
@click.option(
    "--force",
    is_flag=True,
    help="Replace a context of that name that is not ours; take a server of another name.",
)
@click.option("--remove", is_flag=True, help="Take the stack's contexts out of the file.")
def command(
    stack: str,
    login: "Login | None",
    client_id: str | None,
    output: Path | None,
    source: str | None,
    context: str | None,
    use: bool,
    force: bool,
    remove: bool,
) -> None:
    """Write a context of kubectl for the cluster of STACK, or take it away.

    It signs in through kubelogin and holds no credentials. Server and CA are the stack's own output: asked of the
    Pulumi CLI, else of the Azure CLI, else given with --from. In the file only what this command wrote is changed; it
    is replaced whole, readable by its owner alone, and comments in it are lost. The current context stays, unless --use
    is given or there was no other.
    """
    from cli.private_file import default_kubeconfig

    file = output or default_kubeconfig()
    if remove:
        if login or client_id or source or use or force:
            raise UserError("--remove goes with --output and --context only")
        _remove(stack, file, context)
        return
    _write(stack, file, login, client_id, source, context, use=use, force=force)


def _write(
    stack: str,
    file: Path,
    login: "Login | None",
    client_id: str | None,
    source: str | None,
    context: str | None,
    *,
    use: bool,
    force: bool,
) -> None:
    from cli.preview import choose, load_all
    from cli.private_file import change
    from manifests.kubeconfig import CLIENT_LOGINS, INSTALL, cluster, user
    from manifests.kubeconfig_file import Entry, merged

    [name] = choose([stack])
    sources, settings = load_all([name])[name]
    _require_aks(name, settings)
    assert settings.access
    login = login or settings.access.kubelogin
    if client_id and login not in CLIENT_LOGINS:
        raise UserError(f"--client-id goes with --auth {', '.join(CLIENT_LOGINS)}, not {login}")
    subscription = sources.config.get("azure-native:subscriptionId")
    access = _access(name, settings, source, subscription, force=force)
    context = context or settings.cluster.name or name
    entry = Entry(
        stack=name,
        context=context,
        cluster=cluster(access),
        user=user(access, login, settings.access.tenant_id, client_id),
    )
    written = change(file, lambda text: merged(text, entry, force=force, use=use))
    click.echo(f"{file}: context {context!r}{'' if written else ' was so already'}")
    click.echo(f"  kubectl --kubeconfig {shlex.quote(str(file))} --context {context} get nodes")
    if login == "devicecode":
        click.echo(
            "warning: a device code needs a person at a browser each time a token ends, and tenants often forbid it; "
            "kubectl refuses it without a terminal; in pipelines use workloadidentity",
            err=True,
        )
    if login in ("spn", "workloadidentity") and not client_id:
        click.echo(
            "note: kubelogin takes the client from AZURE_CLIENT_ID when kubectl runs", err=True
        )
    if not shutil.which("kubelogin"):
        click.echo(f"warning: kubelogin is not on the PATH: {INSTALL}", err=True)


def _require_aks(stack: str, settings: "Settings") -> None:
    if settings.target == "aks":
        return
    own = settings.kubeconfig
    context = f"context {own.context!r}" if own and own.context else "the current context"
    where = own.path if own and own.path else "your kubeconfig"
    raise UserError(
        f"stack {stack!r} has target kubeconfig: its context is your own ({context} of {where}); there is nothing "
        "to write"
    )


def _access(
    stack: str, settings: "Settings", source: str | None, subscription: object, *, force: bool
) -> "Access":
    from cli.kubeconfig_source import Question, asked, from_file
    from manifests import kubeconfig

    name = settings.cluster.name or ""
    question = Question(
        stack=stack,
        cluster=name,
        resource_group=settings.resource_group or "",
        subscription=subscription if isinstance(subscription, str) else None,
    )
    answer = from_file(source) if source else asked(question)
    of = answer.origin if source else f"what {answer.origin} returned"
    try:
        access = kubeconfig.access_of(kubeconfig.returned(answer.text, context=name, of=of), of=of)
        kubeconfig.require_reachable(access, of=of)
    except ValueError as fault:
        raise UserError(str(fault)) from fault
    prefix = settings.cluster.dns_prefix or ""
    if kubeconfig.is_another(access, prefix) and not force:
        raise UserError(
            f"{of} leads to {access.server}, and a cluster with dnsPrefix {prefix!r} of stack {stack!r} has another "
            "name; give the right one, or --force"
        )
    return access


def _remove(stack: str, file: Path, context: str | None) -> None:
    from cli.private_file import change
    from manifests.kubeconfig_file import without

    done: list[Removal] = []

    def edit(text: str) -> str:
        done.append(without(text, stack, context))
        return done[-1].text

    change(file, edit, make=False)
    if not done or not done[0].contexts:
        wanted = f"context {context!r}" if context else "context"
        click.echo(f"{file}: has no {wanted} of stack {stack!r}")
        return
    click.echo(f"{file}: removed context {', '.join(map(repr, done[0].contexts))}")
    for name in done[0].kept:
        click.echo(f"  {name} stays: another context uses it")
    if done[0].was_current:
        click.echo("  it was the current one; none is now")
