"""Texts of other tools as they arrive when something went wrong: cut, joined, doubled, and with other words in them."""

from __future__ import annotations

from hypothesis import strategies as st

_WORDS = [
    *("0", "-0", "1e999", "nan", "inf", "-1", "1_0", "9" * 50, "1e-9", "1000000001", "٣", "½", "0x10", ""),
    *("-", "*", "?", '"', "'", ",", ";", ":", "=", "[", "]", "(", ")", "((", "\\x3B", "#", "\t", "\r", "\0", "\x85"),
    *("µ", "x" * 300, "a b", "a.b", "\ufeff", "[NETLIST]", "[DIE]", "UNITS=", "Pin Number", "X Coord"),
]


@st.composite
def mutated(draw: st.DrawFn, text: str) -> bytes:
    """The text with one to five faults at any places, as bytes; now and then with a byte that is no text."""
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 1, 2, 8, 40, 400])))
        piece = draw(st.sampled_from(_WORDS) | st.text(max_size=12))
        change = draw(st.sampled_from(["insert", "replace", "delete", "double", "end"]))
        if change == "insert":
            text = text[:start] + piece + text[start:]
        elif change == "replace":
            text = text[:start] + piece + text[end:]
        elif change == "delete":
            text = text[:start] + text[end:]
        elif change == "double":
            text = text[:end] + text[start:end] + text[end:]
        else:
            text = text[:start]
    data = text.encode("utf-8", "surrogatepass")
    return data if draw(st.integers(0, 19)) else data + bytes([draw(st.integers(128, 255))])
