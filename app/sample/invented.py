"""Names, numbers and sentences for made-up startups."""

from decimal import Decimal
from random import Random

from app.core.bilingual import Bilingual
from app.core.business_number import WEIGHTS

FIRST = {
    "가온": "Gaon", "나래": "Narae", "누리": "Nuri", "다온": "Daon", "도담": "Dodam", "라온": "Raon", "마루": "Maru", "미르": "Mir",
    "바른": "Bareun", "보람": "Boram", "새봄": "Saebom", "소담": "Sodam", "아람": "Aram", "여울": "Yeoul", "온새": "Onsae", "윤슬": "Yunseul",
    "이룸": "Irum", "참빛": "Chambit", "초롱": "Chorong", "푸름": "Pureum", "하늘": "Haneul", "한결": "Hangyeol", "해솔": "Haesol", "혜윰": "Hyeyum",
}  # fmt: skip
SECOND = {
    "핀": "fin", "페이": "pay", "데이터": "data", "신용": "credit", "금융": "finance", "보안": "guard", "로보": "robo", "링크": "link",
    "브릿지": "bridge", "큐브": "cube", "원장": "ledger", "모아": "moa",
}  # fmt: skip
LAST = {"랩": "Lab", "테크": "Tech", "소프트": "Soft", "웍스": "Works", "원": "One", "솔루션": "Solution", "스튜디오": "Studio", "컴퍼니": "Company"}  # fmt: skip
SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = ("가람", "나은", "다온", "도윤", "라희", "민재", "보영", "서연", "수아", "승현", "예린", "우진", "유나", "은호", "지안", "지훈", "태오", "하린", "하준", "현서")  # fmt: skip
WHAT = {
    "T1": ("카드 매출의 흐름", "세금계산서의 거래처", "상권의 유동 인구", "배달 주문의 재방문", "통장의 현금 흐름"),
    "T2": ("이체의 그래프", "손가락의 습관", "통화의 말투", "기기의 지문", "거래의 시간차"),
    "T3": ("말로 하는 이체", "큰 글씨 화면", "가족이 함께 보는 통장", "사투리 상담", "종이 같은 태블릿"),
}
HOW = (
    "으로 시작하는 쉬운 해법입니다.",
    "에서 답을 찾았습니다.",
    "을 바탕으로 한 서비스입니다.",
    "을 누구나 이해하도록 설명합니다.",
)
REMARKS = {
    80: ("문제 이해와 해법이 모두 뛰어납니다.", "바로 실증해 볼 만합니다."),
    65: ("방향은 좋으나 효과를 재는 방법이 더 구체적이어야 합니다.", "현업에서의 쓰임을 더 보여 주십시오."),
    0: ("과제와의 연결이 약합니다.", "기간 안에 확인할 수 있는 것이 분명하지 않습니다."),
}


def company_name(i: int) -> Bilingual:
    """The `i`-th name; they repeat, with a number, after 2,304."""
    number, rest = divmod(i, len(FIRST) * len(SECOND) * len(LAST))
    rest, first = divmod(rest, len(FIRST))
    last, second = divmod(rest, len(SECOND))
    (ko1, en1), (ko2, en2), (ko3, en3) = (
        list(FIRST.items())[first],
        list(SECOND.items())[second],
        list(LAST.items())[last],
    )
    suffix = f" {number + 1}" if number else ""
    return Bilingual(f"{ko1}{ko2}{ko3}{suffix}(가상)", f"{en1}{en2} {en3}{suffix} (fictional)")


def business_number(i: int) -> str:
    """A valid number, another for each `i` below ten million."""
    nine = f"98{i:07d}"
    total = sum(int(d) * w for d, w in zip(nine, WEIGHTS, strict=True)) + 5 * int(nine[8]) // 10
    return f"{nine}{(10 - total % 10) % 10}"


def person_name(chance: Random) -> str:
    return chance.choice(SURNAMES) + chance.choice(GIVEN)


def one_line(theme: str, chance: Random) -> str:
    return chance.choice(WHAT.get(theme, WHAT["T1"])) + chance.choice(HOW)


def remark(total: Decimal, chance: Random) -> str:
    return chance.choice(next(texts for least, texts in REMARKS.items() if total >= least))
