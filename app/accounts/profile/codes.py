"""The short coded lists of a profile, each code with its two names.

Industries are the sections of the Korean Standard Industrial Classification (10th revision), regions the codes of the
metropolitan cities and provinces as in ISO 3166-2:KR.
"""

from enum import StrEnum

from app.core.bilingual import Bilingual


class Industry(StrEnum):
    """A section of the classification: its letter."""

    AGRICULTURE = "A"
    MINING = "B"
    MANUFACTURING = "C"
    ENERGY = "D"
    WATER_AND_WASTE = "E"
    CONSTRUCTION = "F"
    TRADE = "G"
    TRANSPORT = "H"
    HOSPITALITY = "I"
    INFORMATION = "J"
    FINANCE = "K"
    REAL_ESTATE = "L"
    PROFESSIONAL = "M"
    SUPPORT = "N"
    PUBLIC = "O"
    EDUCATION = "P"
    HEALTH = "Q"
    ARTS = "R"
    OTHER_SERVICES = "S"
    HOUSEHOLDS = "T"
    INTERNATIONAL = "U"


class Region(StrEnum):
    """Where the head office is: a city or province by its code, or abroad."""

    SEOUL = "11"
    BUSAN = "26"
    DAEGU = "27"
    INCHEON = "28"
    GWANGJU = "29"
    DAEJEON = "30"
    ULSAN = "31"
    GYEONGGI = "41"
    GANGWON = "42"
    CHUNGBUK = "43"
    CHUNGNAM = "44"
    JEONBUK = "45"
    JEONNAM = "46"
    GYEONGBUK = "47"
    GYEONGNAM = "48"
    JEJU = "49"
    SEJONG = "50"
    ABROAD = "abroad"


class InvestmentStage(StrEnum):
    NONE = "none"
    SEED = "seed"
    PRE_A = "pre_a"
    SERIES_A = "series_a"
    SERIES_B = "series_b"
    SERIES_C = "series_c"
    LISTED = "listed"


class DocumentKind(StrEnum):
    """What a kept document is; calls ask for most of them again and again."""

    REGISTRATION = "registration"
    REGISTER = "register"
    NATIONAL_TAX = "national_tax"
    LOCAL_TAX = "local_tax"
    FINANCES = "finances"
    INSURED = "insured"
    VENTURE = "venture"
    PATENT = "patent"
    INTRODUCTION = "introduction"
    OTHER = "other"


INDUSTRIES = {
    Industry.AGRICULTURE: Bilingual("농업, 임업 및 어업", "Agriculture, forestry and fishing"),
    Industry.MINING: Bilingual("광업", "Mining and quarrying"),
    Industry.MANUFACTURING: Bilingual("제조업", "Manufacturing"),
    Industry.ENERGY: Bilingual("전기, 가스, 증기 및 공기 조절 공급업", "Electricity, gas, steam and air conditioning supply"),
    Industry.WATER_AND_WASTE: Bilingual("수도, 하수 및 폐기물 처리, 원료 재생업", "Water supply, sewage, waste, materials recovery"),
    Industry.CONSTRUCTION: Bilingual("건설업", "Construction"),
    Industry.TRADE: Bilingual("도매 및 소매업", "Wholesale and retail trade"),
    Industry.TRANSPORT: Bilingual("운수 및 창고업", "Transportation and storage"),
    Industry.HOSPITALITY: Bilingual("숙박 및 음식점업", "Accommodation and food service"),
    Industry.INFORMATION: Bilingual("정보통신업", "Information and communication"),
    Industry.FINANCE: Bilingual("금융 및 보험업", "Finance and insurance"),
    Industry.REAL_ESTATE: Bilingual("부동산업", "Real estate"),
    Industry.PROFESSIONAL: Bilingual("전문, 과학 및 기술 서비스업", "Professional, scientific and technical services"),
    Industry.SUPPORT: Bilingual("사업시설 관리, 사업 지원 및 임대 서비스업", "Facilities management, business support and rental"),
    Industry.PUBLIC: Bilingual("공공 행정, 국방 및 사회보장 행정", "Public administration, defence and social security"),
    Industry.EDUCATION: Bilingual("교육 서비스업", "Education"),
    Industry.HEALTH: Bilingual("보건업 및 사회복지 서비스업", "Health and social work"),
    Industry.ARTS: Bilingual("예술, 스포츠 및 여가 관련 서비스업", "Arts, sports and recreation"),
    Industry.OTHER_SERVICES: Bilingual("협회 및 단체, 수리 및 기타 개인 서비스업", "Associations, repair and other personal services"),
    Industry.HOUSEHOLDS: Bilingual("가구 내 고용활동 및 자가 소비 생산활동", "Households as employers and for own use"),
    Industry.INTERNATIONAL: Bilingual("국제 및 외국기관", "International and foreign bodies"),
}  # fmt: skip

REGIONS = {
    Region.SEOUL: Bilingual("서울", "Seoul"), Region.BUSAN: Bilingual("부산", "Busan"), Region.DAEGU: Bilingual("대구", "Daegu"),
    Region.INCHEON: Bilingual("인천", "Incheon"), Region.GWANGJU: Bilingual("광주", "Gwangju"),
    Region.DAEJEON: Bilingual("대전", "Daejeon"), Region.ULSAN: Bilingual("울산", "Ulsan"), Region.SEJONG: Bilingual("세종", "Sejong"),
    Region.GYEONGGI: Bilingual("경기", "Gyeonggi"), Region.GANGWON: Bilingual("강원", "Gangwon"),
    Region.CHUNGBUK: Bilingual("충북", "Chungbuk (North Chungcheong)"), Region.CHUNGNAM: Bilingual("충남", "Chungnam (South Chungcheong)"),
    Region.JEONBUK: Bilingual("전북", "Jeonbuk (North Jeolla)"), Region.JEONNAM: Bilingual("전남", "Jeonnam (South Jeolla)"),
    Region.GYEONGBUK: Bilingual("경북", "Gyeongbuk (North Gyeongsang)"), Region.GYEONGNAM: Bilingual("경남", "Gyeongnam (South Gyeongsang)"),
    Region.JEJU: Bilingual("제주", "Jeju"), Region.ABROAD: Bilingual("해외", "Abroad"),
}  # fmt: skip

STAGES = {
    InvestmentStage.NONE: Bilingual("투자 유치 전", "No investment yet"),
    InvestmentStage.SEED: Bilingual("시드", "Seed"),
    InvestmentStage.PRE_A: Bilingual("프리 A", "Pre-A"),
    InvestmentStage.SERIES_A: Bilingual("시리즈 A", "Series A"),
    InvestmentStage.SERIES_B: Bilingual("시리즈 B", "Series B"),
    InvestmentStage.SERIES_C: Bilingual("시리즈 C 이상", "Series C or later"),
    InvestmentStage.LISTED: Bilingual("상장", "Listed"),
}

DOCUMENT_KINDS = {
    DocumentKind.REGISTRATION: Bilingual("사업자등록증명", "Business registration certificate"),
    DocumentKind.REGISTER: Bilingual("법인 등기사항증명서", "Extract from the corporate register"),
    DocumentKind.NATIONAL_TAX: Bilingual("국세 납세증명서", "National tax clearance"),
    DocumentKind.LOCAL_TAX: Bilingual("지방세 납세증명서", "Local tax clearance"),
    DocumentKind.FINANCES: Bilingual("재무제표", "Financial statements"),
    DocumentKind.INSURED: Bilingual("4대 보험 가입자 명부", "List of insured employees"),
    DocumentKind.VENTURE: Bilingual("벤처기업확인서", "Venture company certificate"),
    DocumentKind.PATENT: Bilingual("특허증", "Patent"),
    DocumentKind.INTRODUCTION: Bilingual("회사 소개서", "Company introduction"),
    DocumentKind.OTHER: Bilingual("기타", "Other"),
}
