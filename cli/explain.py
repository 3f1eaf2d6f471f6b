"""`./aks explain`: the value of a setting, where it comes from and why."""

import json
from collections.abc import Callable, Mapping
from typing import Final, get_args

import click

from cli.environment import ROOT
from cli.errors import UserError
from cli.options import format_option
from settings.explain import Explanation, UnknownKeyError, explain
from settings.explain_release import explained as release
from settings.faults import SettingsError
from settings.load import Sources, check, read_sources
from settings.profiles import NOTHING, Profile
from settings.qos import explained as qos
from settings.stack import Settings

TOPICS: Final[Mapping[str, Callable[[Settings, Sources, str], list[str]]]] = {
    "qos": lambda settings, _, name: qos(settings, name),
    "release": release,
}
"""What is computed and so no setting: `<topic>.<workload>` asks for the lines that it gives. No key at the top of the
settings has such a name."""

ACCESS: Final = "access"
"""Who may do what; the key of that name at the top of the settings, the administrators, is `config.access`."""


@click.command(name="explain")
@click.argument("key")
@click.option("--stack", "-s", required=True, help="The stack, for example prod.")
@click.option("--who", help="With access: one group, or a service account as namespace/name.")
@click.option("--namespace", "-n", help="With access: one namespace.")
@format_option("text", "json", help="With access.")
@click.option(
    "--findings",
    is_flag=True,
    help="With access: what is wrong with roles and bindings, instead of rights.",
)
def command(
    key: str, stack: str, who: str | None, namespace: str | None, form: str, findings: bool
) -> int:
    """Say what KEY is in a stack: value, file and line or default, and reason.

    `qos.<workload>` is the quality of service class of its pods. `release.<workload>` is who gets which share of its
    requests, and what the next step would change. `access` is who may do what in the cluster, verbs and resources, and
    the line that gives it; there --stack may also be a folder or file of manifests. With --findings, exit code 1 says
    that something is mandatory.
    """
    if key == ACCESS:
        from cli import explain_access  # a plan is made for it, and the SDK comes with it

        if not findings:
            explain_access.write(stack, who, namespace, form)
            return 0
        if who or namespace:
            raise UserError(
                "--findings are of all roles and bindings; leave out --who, --namespace"
            )
        return explain_access.write_findings(stack, form)
    if who or namespace or findings or form != "text":
        raise UserError("--who, --namespace, --format and --findings go together with 'access'")
    sources = read_sources(ROOT, stack)
    topic, _, name = key.partition(".")
    try:
        if topic in TOPICS:
            click.echo("\n".join(TOPICS[topic](check(sources), sources, name)))
            return 0
        found = explain(check(sources), sources, key)
    except (SettingsError, UnknownKeyError) as error:
        raise UserError(str(error)) from None
    click.echo("\n".join(_block(it) for it in found) if len(found) == 1 else _table(found))
    return 0


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value


def _block(it: Explanation) -> str:
    lines = {"from": it.source, "reason": it.reason}
    if row := it.advice:
        lines = {"from": it.source, "what": it.reason}
        said = {profile: row.of(profile) for profile in get_args(Profile)}
        advised = [
            f"{key} {f'by {row.by}' if callable(value) else _value(value)}"
            for key, value in said.items()
            if value is not NOTHING
        ]
        lines["profiles"] = ", ".join(advised) or "none: the stack's own to choose"
        lines |= {"azure": row.azure, "reason": row.reason, "source": row.source}
    width = max(map(len, lines))
    return "\n".join(
        [f"{it.key} = {_value(it.value)}", *(f"  {key:<{width}}  {lines[key]}" for key in lines)]
    )


def _table(rows: list[Explanation]) -> str:
    key = max(len(it.key) for it in rows)
    value = min(max(len(_value(it.value)) for it in rows), 40)
    return "\n".join(f"{it.key:<{key}}  {_value(it.value):<{value}}  {it.source}" for it in rows)
