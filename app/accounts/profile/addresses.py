"""The region that a Korean address begins with, for companies that have not said theirs."""

from app.accounts.profile.codes import Region

# "광주시" alone is a city in Gyeonggi as well, so it is told from neither.
_FIRST_WORDS = {
    Region.SEOUL: "서울 서울시 서울특별시", Region.BUSAN: "부산 부산시 부산광역시", Region.DAEGU: "대구 대구시 대구광역시",
    Region.INCHEON: "인천 인천시 인천광역시", Region.GWANGJU: "광주광역시", Region.DAEJEON: "대전 대전시 대전광역시",
    Region.ULSAN: "울산 울산시 울산광역시", Region.SEJONG: "세종 세종시 세종특별자치시", Region.GYEONGGI: "경기 경기도",
    Region.GANGWON: "강원 강원도 강원특별자치도", Region.CHUNGBUK: "충북 충청북도", Region.CHUNGNAM: "충남 충청남도",
    Region.JEONBUK: "전북 전라북도 전북특별자치도", Region.JEONNAM: "전남 전라남도", Region.GYEONGBUK: "경북 경상북도",
    Region.GYEONGNAM: "경남 경상남도", Region.JEJU: "제주 제주도 제주특별자치도",
}  # fmt: skip
_REGION_OF = {word: region for region, words in _FIRST_WORDS.items() for word in words.split()}


def region_of_address(address: str) -> Region | None:
    """The region of an address, past a postcode; None where its first word does not name one."""
    words = address.replace("(", " ").replace(")", " ").split()
    while words and words[0].isdigit():
        words = words[1:]
    return _REGION_OF.get(words[0]) if words else None
