"""The forms a report is read in: terminal, Markdown and one HTML page."""
