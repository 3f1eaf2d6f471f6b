"""Names, labels and where things are."""
