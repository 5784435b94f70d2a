"""A PDF as a screen reader has it: the words of each tag, in the order of the tree, without a look at where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pikepdf

_CHARACTER = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")
_PAINTS = frozenset({"f", "f*", "S", "B", "Do"})


@dataclass(frozen=True)
class Read:
    """`marks` by page and number; `loose` is what is drawn outside any tag and is not an artifact either."""

    marks: dict[tuple[int, int], str]
    loose: list[str]
    artifacts: str


class _Page:
    """What one page draws, sorted by the innermost mark that it stands in."""

    def __init__(self, fonts: Any) -> None:
        self.marks: dict[int, str] = {}
        self.loose: list[str] = []
        self.artifacts: list[str] = []
        self._fonts = {name: _letters(font) for name, font in fonts.items()}
        self._letters: dict[int, str] = {}
        self._stack: list[int | str] = []

    def take(self, operands: Any, operator: str) -> None:
        if operator == "BDC":
            self._stack.append(int(operands[1].MCID) if "/MCID" in operands[1] else str(operands[0]))
        elif operator == "BMC":
            self._stack.append(str(operands[0]))
        elif operator == "EMC":
            self._stack.pop()
        elif operator == "Tf":
            self._letters = self._fonts[str(operands[0])]
        elif operator in {"TJ", "Tj"}:
            self._text(_decoded(operands[0] if operator == "TJ" else [operands[0]], self._letters))
        elif operator in _PAINTS and not self._stack:
            self.loose.append(operator)

    def _text(self, text: str) -> None:
        top = self._stack[-1] if self._stack else ""
        if isinstance(top, int):
            self.marks[top] = self.marks.get(top, "") + text
        else:
            (self.artifacts if top == "/Artifact" else self.loose).append(text)


def read(document: pikepdf.Pdf) -> Read:
    found = Read({}, [], "")
    artifacts: list[str] = []
    for number, page in enumerate(document.pages):
        drawn = _Page(page.Resources.Font)
        for operands, operator in pikepdf.parse_content_stream(page):
            drawn.take(operands, str(operator))
        found.marks.update({(number, mark): text for mark, text in drawn.marks.items()})
        found.loose.extend(drawn.loose)
        artifacts.extend(drawn.artifacts)
    return Read(found.marks, found.loose, " ".join(artifacts))


def in_order(document: pikepdf.Pdf) -> list[tuple[str, str]]:
    """(tag, words) of each leaf of the tree that has words, in reading order; a figure by its alternative text."""
    words = read(document).marks
    pages = {page.obj.objgen: number for number, page in enumerate(document.pages)}
    found: list[tuple[str, str]] = []

    def walk(element: Any, path: tuple[str, ...]) -> None:
        tag = str(element.S)
        if tag == "/Figure":
            found.append((tag, str(element.Alt)))
            return
        for kid in _kids(element):
            if isinstance(kid, int):
                found.append((_block((*path, tag)), words.get((pages[element.Pg.objgen], kid), "")))
            else:
                walk(kid, (*path, tag))

    walk(document.Root.StructTreeRoot.K[0], ())
    return [(tag, " ".join(text.split())) for tag, text in found if text.strip()]


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _block(path: tuple[str, ...]) -> str:
    """The nearest tag that says what a piece of text is."""
    telling = {"/H1", "/H2", "/TH", "/TD", "/Caption", "/P"}
    return next((tag for tag in reversed(path) if tag in telling), path[-1])


def _letters(font: Any) -> dict[int, str]:
    table = font.ToUnicode.read_bytes()
    return {int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in _CHARACTER.findall(table)}


def _decoded(pieces: Any, letters: dict[int, str]) -> str:
    text = ""
    for piece in pieces:
        if isinstance(piece, pikepdf.String):
            raw = bytes(piece)
            text += "".join(letters.get(int.from_bytes(raw[at : at + 2]), "�") for at in range(0, len(raw), 2))
    return text
