"""The Korean business registration number (사업자등록번호): ten digits of which the last checks the others."""

WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def digits_of(text: str) -> str:
    """`text` without the hyphens and blanks that people type."""
    return "".join(c for c in text if c not in "- \t")


def is_business_number(text: str) -> bool:
    """Whether `text`, hyphens or not, is a valid number (domain rule 8; the National Tax Service's check digit).

    Ten zeros satisfy the sum and are refused by rule.
    """
    digits = digits_of(text)
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()) or digits == "0" * 10:
        return False
    numbers = [int(d) for d in digits]
    total = sum(d * w for d, w in zip(numbers, WEIGHTS, strict=False)) + 5 * numbers[8] // 10
    return (10 - total % 10) % 10 == numbers[9]


def format_business_number(digits: str) -> str:
    """1234567891 as 123-45-67891."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"
