"""What a pod asks of its node."""
