"""The Korean 상장 upright, and the English certificate in the same frame."""

from functools import lru_cache
from typing import Any

from app.awards.certificates.codes import printed_address
from app.awards.certificates.glyphs import em_width
from app.awards.certificates.layout import BOLD, PT, REGULAR, Fitted, fit_body, fit_name
from app.awards.certificates.sheets import Block, Layout, Seal, Sheet

LEFT, MEASURE = 31.0, 148.0
ROW = 19.5  # mm, the height of an issuer with its seal
SEAL = 16.5


def lay_out(sheet: Sheet) -> Layout:
    words, korean = sheet.words, sheet.words["language"] == "ko"
    name = fit_name(words["recipient"], MEASURE, 28, floor=15)
    role = fit_name(words["role"], MEASURE, min(17 if korean else 13, name.pt * 0.8), face=REGULAR)
    top = (104 if korean else 105) + len(name.lines) * name.pt * PT * 1.35 + 1
    body = (
        fit_body(words["body"], MEASURE, 19, height=66, leading=1.95)
        if korean
        else fit_body(words["body"], 142, 15, height=50, leading=1.7)
    )
    issuers, seals = _korean(words["issuers"]) if korean else (_english(words["issuers"]), ())
    check = "진위 확인" if korean else "Check that this is genuine"
    note_left, note_bottom = (31.0, 27.2) if korean else (49.0, 33.0)
    specimen = ("미리보기" if korean else "PREVIEW") if sheet.specimen else ""
    blocks = [
        *([Block("p", "specimen", (specimen,))] if specimen else []),
        Block("p", "serial", (words["serial"],)),
        Block("h1", "title", (words["title"],)),
        _block("h2", "prize", fit_name(words["prize"], MEASURE, 25 if korean else 22, floor=13)),
        _block("h3", "name", name),
        *([_block("p", "role", role, f"top:{top:.2f}mm")] if words["role"] else []),
        _block("p", "body", body),
        Block("p", "date", (words["date"],)),
        *issuers,
        Block("p", "qr-note", (check, printed_address(sheet.base_url, sheet.code))),
    ]
    return Layout(
        210, 297, tuple(blocks), seals, qr=(29, 297 - (34 if korean else 31) - 18, 18),
        link=(note_left, 297 - note_bottom - 3.3, 55, 3.3),
        rules=() if korean else tuple((left, 224.0, 66.0) for left in _columns(len(words["issuers"]))),
        art=(("title", words["title"] if korean else ""), ("specimen", specimen)),
    )  # fmt: skip


def _block(tag: str, kind: str, fitted: Fitted, place: str = "") -> Block:
    return Block(tag, kind, tuple(fitted.lines), f"font-size:{fitted.pt:.2f}pt;{place}")


def _korean(issuers: list[dict[str, Any]]) -> tuple[list[Block], tuple[Seal, ...]]:
    """One line each, all of one size, while that stands at 13 pt; else the signer stands beneath the name."""
    return _korean_rows(tuple((i["name"], f"{i['post']} {i['person']}".strip(), i["is_host"]) for i in issuers))


@lru_cache(maxsize=256)
def _korean_rows(issuers: tuple[tuple[str, str, bool], ...]) -> tuple[list[Block], tuple[Seal, ...]]:
    measure, gap = 130 - SEAL - 2, 5.0
    pt = min(_one_line(name, signer, measure - gap) for name, signer, _is_host in issuers)
    stacked = pt < 13
    pt = 13 if stacked else pt
    names = [
        fit_name(name, measure, 14, floor=8) if stacked else Fitted([name], pt) for name, _signer, _is_host in issuers
    ]
    name_width = max(em_width(line, BOLD) * fitted.pt * PT for fitted in names for line in fitted.lines)
    signer_width = max(em_width(signer, BOLD) * pt * PT for _name, signer, _is_host in issuers)
    words = max(name_width, signer_width) if stacked else name_width + (gap + signer_width if signer_width else 0)
    left = 54 + (130 - words - 1 - SEAL) / 2
    blocks, seals = [], []
    for row, ((_name, signer, is_host), fitted) in enumerate(zip(issuers, names, strict=True)):
        middle = 228 + ROW * (row + 0.5)
        height = len(fitted.lines) * fitted.pt * PT * 1.3
        below = pt * PT * 1.3 if stacked and signer else 0.0
        top = middle - (height + below) / 2
        blocks.append(_block("p", "issuer", fitted, f"left:{left:.2f}mm;top:{top:.2f}mm"))
        if signer:
            at = (left, top + height) if stacked else (left + name_width + gap, middle - pt * PT * 1.3 / 2)
            blocks.append(_block("p", "issuer", Fitted([signer], pt), f"left:{at[0]:.2f}mm;top:{at[1]:.2f}mm"))
        seal = Seal(left + words + 1, middle - SEAL / 2, SEAL, is_round=not is_host)
        seals.append(seal)
        blocks.append(
            Block("p", "seal", ("직인" if is_host else "인",), f"left:{seal.left:.2f}mm;top:{seal.top:.2f}mm")
        )
    return blocks, tuple(seals)


def _one_line(name: str, signer: str, measure: float) -> float:
    """The size at which name and signer stand in one line; 0 where they do not."""
    fitted = fit_name(name + signer, measure, 19, floor=0)
    return fitted.pt if len(fitted.lines) == 1 else 0.0


def _columns(count: int) -> tuple[float, ...]:
    """Where signatures stand side by side, 66 mm wide."""
    return (72.0,) if count == 1 else (31.0, 113.0)


def _english(issuers: list[dict[str, Any]]) -> list[Block]:
    """Person, post and organization under a line to sign on, side by side."""
    blocks: list[Block] = []
    for number, issuer in enumerate(issuers):
        left = _columns(len(issuers))[number]
        top = 225.8
        for kind, text, base, face in (
            ("person", issuer["person"], 13.0, BOLD), ("post", issuer["post"], 10.5, REGULAR), ("office", issuer["name"], 10.5, REGULAR),
        ):  # fmt: skip
            if not text:
                continue
            fitted = fit_name(text, 66, base, floor=8, face=face)
            blocks.append(_block("p", f"issuer {kind}", fitted, f"left:{left}mm;top:{top:.2f}mm"))
            top += len(fitted.lines) * fitted.pt * PT * 1.45
    return blocks
