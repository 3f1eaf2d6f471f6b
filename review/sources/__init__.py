"""Where the two sides of a review come from: git, files, and what was worked out before."""
