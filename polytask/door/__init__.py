"""The only door for data: every check on a table, its labels and its weights is here."""

# Users come in by `Tasks`; nothing here is a name of theirs.
__all__: list[str] = []
