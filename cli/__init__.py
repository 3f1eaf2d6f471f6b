"""The `./aks` commands: parse, call the rooms, render, exit code. Nothing imports this room."""
