"""The only door for data: every check on a table, its labels and its weights is here."""
