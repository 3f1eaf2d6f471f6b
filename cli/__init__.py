"""The `./aks` commands: parse, call the rooms, render, exit code. No other room imports this one.

A command is a module `cli/<name>.py` with a click command named `command`, and a line in
`cli.application.COMMANDS`. It takes `--debug` and `--color` by `cli.options.pass_options`, says
what is wrong with its input by raising `cli.errors.UserError`, and returns its exit code: None or
0 for success, 1 for a finding. What takes long to import (pulumi, pydantic, rich) it imports
itself, so that no other command pays for it.
"""
