"""Who reaches what from outside."""
