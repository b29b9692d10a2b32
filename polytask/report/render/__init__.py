"""The forms a report is read in: terminal, Markdown and one HTML page."""

__all__: list[str] = []
