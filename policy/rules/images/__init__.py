"""Which image a container runs."""
