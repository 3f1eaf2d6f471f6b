"""What one object says of another that is not there."""
