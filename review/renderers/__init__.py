"""From a plan and what was found in it to text; no decisions, no I/O."""
