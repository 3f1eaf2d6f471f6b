"""Estates of any size and what planning and rendering them costs, beside floors measured in the same run."""
