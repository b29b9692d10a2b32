"""How far a comparison is, on the standard error stream."""

import sys
import time

EVERY = 10.0  # seconds between lines where the stream is no terminal


class Shown:
    """Prints what a comparison or a reproduction says after every piece of work.

    On a terminal one line that is rewritten; in a log a line now and then, and one per failure.
    """

    def __init__(self, stream=None):
        self.stream = stream or sys.stderr
        self.width = 0
        self.last = time.monotonic()

    def __call__(self, step):
        """Show this step."""
        if self.stream.isatty():
            self._rewrite(str(step))
        elif time.monotonic() - self.last >= EVERY or _failed(step):
            self.last = time.monotonic()
            print(step, file=self.stream)

    def _rewrite(self, text):
        text = text[:100]
        self.stream.write("\r" + text.ljust(self.width))
        self.width = len(text)
        self.stream.flush()

    def end(self):
        """Leave the line."""
        if self.width:
            self.stream.write("\r" + " " * self.width + "\r")


def _failed(step):
    return getattr(step, "status", None) == "failed" or (
        getattr(step, "record", {}).get("status") == "failed"
    )
