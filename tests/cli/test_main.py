"""The way in and out of every command: what is imported, what is said, which exit code."""

import os
import subprocess
import sys
import types
from pathlib import Path

import click
import pytest

from cli import application, environment
from cli.application import COMMANDS, load_command, run
from cli.errors import UserError
from cli.options import Options, pass_options

ROOT = Path(__file__).parents[2]
SLOW = {"pulumi", "pulumi_kubernetes", "pulumi_azure_native", "pydantic", "rich", "yaml", "grpc"}
LANDED = [name for name in COMMANDS if (ROOT / "cli" / f"{name}.py").is_file()]


@pytest.fixture
def command(monkeypatch):
    """Registers a function as the command `sample` and returns it unchanged."""

    def register(function):
        module = types.ModuleType("cli.sample")
        module.command = click.command(name="sample")(function)
        monkeypatch.setitem(sys.modules, "cli.sample", module)
        monkeypatch.setitem(application.COMMANDS, "sample", "A sample.")
        return function

    return register


def python(*arguments, **options):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def test_help_lists_every_command_and_imports_nothing_that_is_slow():
    program = (
        "import sys; sys.argv = ['aks', '--help']; from cli.__main__ import main; code = main();"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr);"
        "sys.exit(code)"
    )

    done = python("-c", program)

    assert done.returncode == 0
    rows = done.stdout.split("Commands:\n")[1].splitlines()
    assert [row.split()[0] for row in rows if row[2] != " "] == [*COMMANDS]
    assert SLOW & {*done.stderr.split()} == set()


def test_a_planning_process_that_imports_the_entry_does_not_import_click():
    assert (
        python("-c", "import cli.__main__, sys; sys.exit('click' in sys.modules)").returncode == 0
    )


@pytest.mark.parametrize("name", LANDED)
def test_the_table_says_of_a_command_what_its_own_help_says_first(name):
    assert load_command(name).help.splitlines()[0] == COMMANDS[name]


@pytest.mark.parametrize("name", LANDED)
def test_every_command_takes_the_shared_options_after_its_name(name, capsys):
    assert run([name, "--debug", "--color", "never", "--help"]) == 0
    assert f"Usage: ./aks {name} " in capsys.readouterr().out


def test_an_unknown_command_is_refused_with_the_nearest_name(capsys):
    assert run(["chekc"]) == 2
    assert capsys.readouterr().err == (
        "error: no such command 'chekc'. Did you mean 'check'?\n  see './aks --help'\n"
    )


def test_an_unknown_option_is_refused_with_the_command_whose_help_to_read(capsys):
    assert run(["check", "--fast"]) == 2
    assert capsys.readouterr().err.endswith("  see './aks check --help'\n")


def test_no_command_at_all_shows_the_help(capsys):
    assert run([]) == 2
    assert "Commands:" in capsys.readouterr().err


def test_a_command_that_this_checkout_lacks_is_named(monkeypatch, capsys):
    monkeypatch.setitem(application.COMMANDS, "absent", "Not there.")

    assert run(["absent"]) == 2
    assert capsys.readouterr().err == "error: this checkout lacks cli/absent.py\n"


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1), (2, 2)])
def test_what_a_command_returns_is_the_exit_code(command, returned, code):
    @command
    def sample():
        return returned

    assert run(["sample"]) == code


def test_an_error_of_the_user_is_one_line_and_exit_code_2(command, capsys):
    @command
    def sample():
        raise UserError("no stack 'qa'")

    assert run(["sample"]) == 2
    assert capsys.readouterr() == ("", "error: no stack 'qa'\n")


def test_an_error_of_ours_says_how_to_see_the_stack(command, capsys):
    @command
    def sample():
        raise KeyError("gone")

    assert run(["sample"]) == 2
    assert capsys.readouterr().err == (
        "error: internal: KeyError: 'gone' (run again with --debug for the stack)\n"
    )


@pytest.mark.parametrize("arguments", [["--debug", "sample"], ["sample", "--debug"]])
def test_debug_shows_the_stack_down_to_the_first_cause(command, capsys, arguments):
    @command
    def sample():
        raise UserError("no stack 'qa'") from LookupError("of the room below")

    assert run(arguments) == 2
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "LookupError: of the room below" in err
    assert err.endswith("\nerror: no stack 'qa'\n")


def test_an_interrupt_ends_a_command_silently(command, capsys):
    @command
    def sample():
        raise KeyboardInterrupt

    assert run(["sample"]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("output", ["print(1)", "click.echo(1)"], ids=["at the end", "at once"])
def test_a_reader_that_went_away_ends_a_command_quietly(output):
    program = (
        "import click, sys, types; from cli import application as it;"
        "module = sys.modules['cli.sample'] = types.ModuleType('cli.sample');"
        f"module.command = click.Command('sample', callback=lambda: {output});"
        "it.COMMANDS['sample'] = 'A sample.'; sys.exit(it.run(['sample']))"
    )
    reader, writer = os.pipe()
    os.close(reader)

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={name: it for name, it in os.environ.items() if name != "PYTHONUNBUFFERED"},
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)

    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    ("arguments", "variables", "terminal", "colored"),
    [
        ([], {}, True, True),
        ([], {}, False, False),
        ([], {"NO_COLOR": "1"}, True, False),
        ([], {"NO_COLOR": ""}, True, True),
        ([], {"TERM": "dumb"}, True, False),
        (["--color", "always"], {"NO_COLOR": "1"}, False, True),
        (["--color", "never"], {}, True, False),
        (["--color", "auto"], {}, True, True),
    ],
)
@pytest.mark.parametrize("before", [True, False], ids=["before the name", "after the name"])
def test_colours_follow_the_option_then_no_color_then_the_terminal(
    command, monkeypatch, arguments, variables, terminal, colored, before
):
    seen = []
    stream = types.SimpleNamespace(isatty=lambda: terminal)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in {"TERM": "xterm", **variables}.items():
        monkeypatch.setenv(name, value)

    @command
    @pass_options
    def sample(options: Options):
        seen.append(options.colored(stream))

    run([*arguments, "sample"] if before else ["sample", *arguments])

    assert seen == [colored]


def test_a_package_missing_from_the_environment_has_the_next_run_make_it_anew(
    command, monkeypatch, tmp_path, capsys
):
    for name in ("pyvenv.cfg", "installed-requirements.txt"):
        (tmp_path / name).touch()
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))

    @command
    def sample():
        raise ModuleNotFoundError("No module named 'pulumi'", name="pulumi.runtime")

    assert run(["sample"]) == 2
    assert capsys.readouterr().err == (
        f"error: {tmp_path} has no package 'pulumi.runtime': run again to make it anew\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_module_of_ours_that_is_missing_is_our_error_and_leaves_the_environment_alone(
    command, capsys
):
    @command
    def sample():
        raise ModuleNotFoundError("No module named 'settings.gone'", name="settings.gone")

    assert run(["sample"]) == 2
    assert "internal: ModuleNotFoundError" in capsys.readouterr().err
