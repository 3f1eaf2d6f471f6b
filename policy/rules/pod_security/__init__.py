"""What a pod may do to its node."""
