"""The table of commands and their one way in and out."""

import importlib
import sys
from collections.abc import Sequence

import click
from click.exceptions import Exit, NoArgsIsHelpError, NoSuchCommand

from cli import errors
from cli.options import Options, shared_options

COMMANDS = {
    "preview": "Plan stacks offline: what they build, whether it fits.",
    "plan": "Print the recorded plan of a stack as JSON.",
    "render": (
        "Write the Kubernetes objects of STACK to a folder, one folder a namespace, in apply order."
    ),
    "explain": "Say what KEY is in a stack: value, file and line or default, and reason.",
    "reachability": "Say which connections network policies allow.",
    "guard": "Say what a change of STACK replaces, what Azure would refuse, and what goes with it.",
    "review": "Say what changed in STACK since a base, and what it means in the running system.",
    "promote": "Copy tag and digest of images, and keys marked promotable, from stack FROM to stack TO.",
    "compare": "Say in what two stacks differ, and whether it is meant.",
    "lint": "Say which rules manifests break, and what to do.",
    "pod-security": "Say which workloads Pod Security refuses, and why.",
    "schema": "Write editors' JSON Schemas to docs/schemas and the reference of every key to docs/reference.",
    "test": "Run the tests that need neither a cluster nor a browser.",
    "kubeconfig": "Write a context of kubectl for the cluster of STACK, or take it away.",
    "local": "Keep a Kubernetes API server on loopback: up, down or status.",
    "check": "Check format, lint, types, schemas and tests.",
    "bench": "Measure plan and render against floors taken in the same run.",
}
"""The first line of each command's help, by name: listing them imports none of them."""


class Commands(click.Group):
    """Imports a command's module when that command runs, and no other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with the shared options added; None for a name that the table lacks."""
        return load_command(cmd_name) if cmd_name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the table's names to choose a suggestion from."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], possibilities=COMMANDS, ctx=ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table; click's own would import every command for its help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def load_command(name: str) -> click.Command:
    """The command of `cli/<name>.py`, `-` as `_`, with the shared options; raise UserError without that file."""
    module_name = f"cli.{name.replace('-', '_')}"
    try:
        command: click.Command = importlib.import_module(module_name).command
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        raise errors.UserError(f"this checkout lacks {module_name.replace('.', '/')}.py") from error
    taken = {parameter.name for parameter in command.params}
    command.params += [option for option in shared_options() if option.name not in taken]
    return command


application = Commands(
    "aks",
    params=shared_options(),
    no_args_is_help=True,
    help="""An AKS cluster and its workloads as one Pulumi program, looked at offline.

    No command but `test`, `check` and `local` installs or builds anything, and none but `kubeconfig` asks
    the Pulumi CLI, Azure or a cluster of yours. Exit code: 0 for success, 1 for a finding, 2 for input that
    must be mended.""",
)


def run(arguments: Sequence[str]) -> int:
    """Run the command line and return its exit code; whatever goes wrong is said on stderr."""
    options = Options()
    try:
        return _invoke(arguments, options)
    except NoArgsIsHelpError as error:
        error.show()
        return errors.BAD_INPUT
    except click.ClickException as error:
        return errors.report(_as_user_error(error), debug=options.debug)
    except (Exception, KeyboardInterrupt) as error:
        return errors.report(error, debug=options.debug)


def _invoke(arguments: Sequence[str], options: Options) -> int:
    code = None
    try:
        with application.make_context("./aks", list(arguments), obj=options) as context:
            code = application.invoke(context)
    except Exit as exit_:  # what --help and Context.exit raise
        code = exit_.exit_code
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _as_user_error(error: click.ClickException) -> errors.UserError:
    message = error.format_message().rstrip(".")
    message = message[:1].lower() + message[1:]
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context:
        message += f"\n  see '{context.command_path} --help'"
    user_error = errors.UserError(message)
    user_error.__cause__ = error
    return user_error
