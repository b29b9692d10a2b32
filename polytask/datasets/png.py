"""Reading a plain PNG picture: grey, or colours, without a package."""

import zlib

import numpy as np

from polytask.errors import DataError, require

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY = 0


def grey(content):
    """The points ``(height, width)`` of a grey picture with 1 to 8 bits a point, not interlaced.

    Raises
    ------
    DataError
        If it is no such picture.

    References
    ----------
    Portable Network Graphics (PNG) Specification. W3C 2003, sections 9 (filters) and 11 (chunks).
    """
    head, body = _chunks(content)
    width, height = (int.from_bytes(head[i : i + 4]) for i in (0, 4))
    bits, colour, interlaced = head[8], head[9], head[12]
    require(
        colour == GREY and bits <= 8 and not interlaced,
        f"Expected a grey picture of 8 bits at most. Found colour type {colour}, {bits} bits.",
        DataError,
    )
    lines = np.frombuffer(zlib.decompress(body), np.uint8).reshape(height, -1)
    points = np.unpackbits(_unfiltered(lines), axis=1).reshape(height, -1, bits)
    return (points @ (1 << np.arange(bits)[::-1]))[:, :width].astype(np.uint8)


def _chunks(content):
    require(content.startswith(SIGNATURE), "Expected a PNG picture. Found other bytes.", DataError)
    at, found = len(SIGNATURE), {b"IHDR": b"", b"IDAT": b""}
    while at < len(content):
        size, word = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        found[word] = found.get(word, b"") + content[at + 8 : at + 8 + size]
        at += 12 + size  # length, word, content, sum
    return found[b"IHDR"], found[b"IDAT"]


def _unfiltered(lines):
    """Bytes of the lines; each was written as differences, in the way its first byte says."""
    made = np.zeros((len(lines) + 1, lines.shape[1]), np.uint8)  # a line of zeros above
    for y, (way, *line) in enumerate(lines.tolist(), 1):
        for x, value in enumerate(line, 1):
            left, up, corner = (
                int(made[a, b]) for a, b in ((y, x - 1), (y - 1, x), (y - 1, x - 1))
            )
            guess = (0, left, up, (left + up) // 2, _nearest(left, up, corner))[way]
            made[y, x] = (value + guess) % 256
    return made[1:, 1:]


def _nearest(left, up, corner):
    """Paeth's guess: the neighbour that is nearest to ``left + up - corner``."""
    slope = left + up - corner
    return min((left, up, corner), key=lambda value: abs(slope - value))
