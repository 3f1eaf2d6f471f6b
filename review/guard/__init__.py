"""What a change replaces, what Azure would refuse, and what it takes down: read from two plans, before it happens."""
