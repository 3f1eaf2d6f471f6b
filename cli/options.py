"""The options that every command takes, before its name or after it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TextIO

import click


@dataclass
class Options:
    """What the user asked of all commands."""

    debug: bool = False
    """Whether an error comes with its stack."""
    color: Literal["auto", "always", "never"] = "auto"

    def colored(self, stream: TextIO) -> bool:
        """Whether to write colours to `stream`.

        `auto` means a terminal that is not `dumb`, unless NO_COLOR is set (https://no-color.org).
        """
        if self.color != "auto":
            return self.color == "always"
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return not plain and stream.isatty()


pass_options = click.make_pass_decorator(Options, ensure=True)
"""Decorates a command that wants the run's `Options` as its first argument."""


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def format_option(*forms: str, help: str | None = None) -> Decorator:  # noqa: A002
    """Decorates a command that writes one of `forms`, the first unless `--format` says otherwise; parameter `form`."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(forms),
        default=forms[0],
        show_default=True,
        help=help,
    )


def shared_options() -> list[click.Parameter]:
    """New `--debug` and `--color` parameters, which a command's own function does not see."""
    return [
        click.Option(
            ["--color"],
            type=click.Choice(["auto", "always", "never"]),
            help="Colour the output; auto, the default, does so on a terminal without NO_COLOR.",
            callback=_keep,
            is_eager=True,
            expose_value=False,
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            help="Show the stack with an error.",
            callback=_keep,
            is_eager=True,
            expose_value=False,
        ),
    ]


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Note the value in the run's Options; an option that was not given leaves them alone."""
    if value and parameter.name:
        setattr(context.ensure_object(Options), parameter.name, value)
