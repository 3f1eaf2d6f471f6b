"""Which pods may speak to whom."""
