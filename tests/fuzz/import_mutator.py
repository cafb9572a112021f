"""Mutations of files of other tools: of bytes, and of the words and lines that a format is made of."""

from __future__ import annotations

import ast
import inspect
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from router.read.formats.readers import FORMATS

_TOKEN = re.compile(rb"\s+|[\w.+%-]+|.", re.S)
_NUMBER = re.compile(rb"[-+]?\d+\.?\d*")
_KEYWORD = re.compile(r"[%(\[]?[A-Za-z_][\w -]{0,23}[)\]:=]?")
_NUMBERS = (
    *(b"0", b"-0", b"-1", b"+5", b"1.", b".5", b"1e3", b"0.0004", b"0.0005", b"1e-400", b"1e400", b"-1e400", b"nan"),
    *(b"-inf", b"Infinity", b"1_0", b"0x10", b"999999.9999", b"1000000", b"1000001", b"2147483648", b"1;2", b"1,5"),
    *(b"9223372036854775808", b"9" * 400, b"9" * 5000, b"1" + b"0" * 320, "٣".encode(), "½".encode()),
    *(b"45", b"90", b"180", b"360"),
)
_HOSTILE = (
    *(b"", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff", b"\xc3", b"\r", b"\r\n", b"\x0b", b"\x0c", b"\x1a", b"\x85"),
    *("µ".encode(), "\u2028".encode(), b"\xed\xa0\x80", "\u202e".encode(), "ﬁ".encode(), "İ".encode(), "𝐀".encode()),
    *(b'"', b"'", b"\\", b"#", b";", b":", b",", b"=", b"%", b"*", b"&a", b"*a", b"!!python/x", b"<<", b"|", b"---"),
    *(b"../../etc/passwd", b"/dev/zero", b".", b"..", b"CON", b"a.b", b"a b", b"-", b"~", b"\x1b[2J", b"${x}"),
    *(b"x" * 300, b"x" * 70_000),
)
_OPENERS = (b"(", b"[", b"{", b"- ", b"((", b"[DIE]\n", b'"', b"a:\n ", b"/*", b"( * ", b"MACRO x ", b"(image ", b"[[")
_MOST = 200_000


def keywords(format_name: str) -> list[bytes]:
    """The short words that stand in the source of a format's reader."""
    first = Path(inspect.getfile(FORMATS[format_name]))
    words: set[str] = set()
    for path in first.parent.glob(f"{first.stem}*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _KEYWORD.fullmatch(node.value):
                words.add(node.value)
    return [word.encode() for word in sorted(words)]


class Mutator:
    """One to five changes at a time; the same random numbers give the same input."""

    def __init__(self, words: Sequence[bytes]) -> None:
        self._words = words
        self._changes: tuple[Callable[[bytes, random.Random], bytes], ...] = (
            *(_other_byte, _other_byte, _other_range),
            *(self._other_token, self._other_token, self._other_number, self._other_number, self._other_number),
            *(_other_lines, _other_lines, _whole, _many),
        )

    def __call__(self, data: bytes, rng: random.Random) -> bytes:
        for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 5))):
            data = rng.choice(self._changes)(data, rng)[:_MOST]
        return data

    def _word(self, rng: random.Random) -> bytes:
        kind = rng.randrange(4)
        return rng.choice(self._words if kind < 2 else _NUMBERS if kind == 2 else _HOSTILE)

    def _other_token(self, data: bytes, rng: random.Random) -> bytes:
        tokens = _TOKEN.findall(data) or [b""]
        at = rng.randrange(len(tokens))
        end = min(len(tokens), at + rng.choice((1, 1, 1, 2, 4, 9)))
        change = rng.randrange(6)
        if change == 0:
            tokens[at:end] = []
        elif change == 1:
            tokens[at:at] = tokens[at:end]
        elif change == 2:
            other = rng.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif change == 3:
            tokens[at] = rng.choice(tokens)
        elif change == 4:
            tokens[at:at] = [self._word(rng), b" "]
        else:
            tokens[at] = self._word(rng)
        return b"".join(tokens)

    def _other_number(self, data: bytes, rng: random.Random) -> bytes:
        spots = list(_NUMBER.finditer(data))
        if not spots:
            return self._other_token(data, rng)
        spot = rng.choice(spots)
        near = b"%d" % (int(float(spot[0][:15])) + rng.choice((-1, 1, 10, -100)))
        piece = rng.choice((rng.choice(_NUMBERS), rng.choice(spots)[0], b"-" + spot[0], spot[0] + b"0", near))
        return data[: spot.start()] + piece + data[spot.end() :]


def _other_byte(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) * rng.randrange(2) + data[at + rng.randrange(2) :]


def _other_range(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    end = start + rng.choice((2, 8, 40, 400, len(data)))
    place = rng.randrange(len(data) + 1)
    return rng.choice(
        (
            data[:start],
            data[:start] + data[end:],
            data[:place] + data[start:end] + data[place:],
            data[:end] + data[start:],
        )
    )


def _other_lines(data: bytes, rng: random.Random) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    at, place = rng.randrange(len(lines)), rng.randrange(len(lines))
    end = at + rng.choice((1, 1, 2, 5))
    change = rng.randrange(4)
    moved = lines[at:end]
    if change != 1:
        lines[at:end] = []
    if change == 1 or change == 2:
        lines[place:place] = moved
    elif change == 3:
        lines[place:end] = reversed(lines[place:end])
    return b"".join(lines)


def _whole(data: bytes, rng: random.Random) -> bytes:
    """The text as another editor would have saved it."""
    text = data.decode("utf-8", "replace")
    return rng.choice(
        (
            data.replace(b"\n", b"\r\n"),
            data.replace(b"\n", b"\r"),
            data.replace(b" ", b"\t"),
            b"\xef\xbb\xbf" + data,
            data.upper(),
            data.lower(),
            text.encode("utf-16"),
            data.replace(b",", b";"),
            data.replace(b"\n", b"\0\n", 3),
            data.rstrip(b"\n"),
        )
    )


def _many(data: bytes, rng: random.Random) -> bytes:
    """The same again and again: nesting without end, a line a thousand times, a word as long as a file."""
    at = rng.randrange(len(data) + 1)
    count = rng.choice((3, 30, 1000, 20_000))
    piece = rng.choice((rng.choice(_OPENERS), data[at : data.find(b"\n", at) + 1], data[at : at + 1]))
    return data[:at] + piece[:80] * count + data[at:]
