"""Reads a QR code of version 1 to 6 without its correction, so that what is printed is checked by another path than what drew it."""

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)


def _is_function(row: int, column: int, size: int) -> bool:
    far, alignment = size - 8, size - 7
    if (row < 9 and (column < 9 or column >= far)) or (row >= far and column < 9) or row == 6 or column == 6:
        return True
    return size > 21 and abs(row - alignment) <= 2 and abs(column - alignment) <= 2


def read_qr(matrix: list[list[bool]]) -> str:
    """The text of a code whose data lies in one block (every version up to 3 with correction M)."""
    size = len(matrix)
    places = [(8, c) for c in (0, 1, 2, 3, 4, 5, 7, 8)] + [(r, 8) for r in (7, 5, 4, 3, 2, 1, 0)]
    form = int("".join(str(int(matrix[r][c])) for r, c in places), 2) ^ 0b101010000010010
    mask = MASKS[form >> 10 & 7]
    bits, upward, column = "", True, size - 1
    while column > 0:
        column -= column == 6
        for step in range(size):
            row = size - 1 - step if upward else step
            for c in (column, column - 1):
                if not _is_function(row, c, size):
                    bits += str(int(matrix[row][c] != mask(row, c)))
        upward, column = not upward, column - 2
    return _text(bits)


def _text(bits: str) -> str:
    def take(count: int) -> int:
        nonlocal bits
        value, bits = int(bits[:count], 2), bits[count:]
        return value

    kind = take(4)
    if kind == 0b0100:
        return bytes(take(8) for _ in range(take(8))).decode()
    assert kind == 0b0010, f"mode {kind:04b}"
    count, text = take(9), ""
    for _ in range(count // 2):
        pair = take(11)
        text += ALPHANUMERIC[pair // 45] + ALPHANUMERIC[pair % 45]
    return text + (ALPHANUMERIC[take(6)] if count % 2 else "")
