"""Where data lies, and what deletes it."""
