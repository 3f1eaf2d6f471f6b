"""What secrets must not stand in."""
