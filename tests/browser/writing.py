"""Filling in the editor of a call as an organizer does: section by section, row by row."""

import json
from typing import Any

from playwright.sync_api import Page, expect

MILESTONES = {
    "eligibility_check": ("2022-09-26", "2022-09-29"), "document_review": ("2022-09-30", "2022-10-05"),
    "finalists_told": ("2022-10-06", ""), "pitch": ("2022-10-14", ""), "public_review": ("2022-10-17", "2022-10-27"),
    "award_ceremony": ("2022-10-28", ""), "appeals": ("2022-10-28", "2022-11-04"), "agreement": ("2022-11-14", ""),
}  # fmt: skip


def put(page: Page, values: dict[str, Any]) -> None:
    """Enter each value into the field of its name: ticks for True and False, a list for several boxes, {'label': …} for a choice by how it begins."""
    for name, value in values.items():
        field = page.locator(f"main [name='{name}']")
        if isinstance(value, list):
            for one in value:
                page.locator(f"main [name='{name}'][value='{one}']").check()
        elif isinstance(value, dict):
            labels = field.locator("option").all_inner_texts()
            field.select_option(label=next(label for label in labels if label.startswith(value["label"])))
        elif isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(str(value))


def put_rows(page: Page, rows: list[dict[str, Any]]) -> None:
    """Add a row for each, and fill it in."""
    for i, row in enumerate(rows):
        if not page.locator(f"main [name^='rows-{i}-']").count():
            page.locator("main button[name=do][value=add]:visible").last.click()
            expect(page.locator(f"main [name^='rows-{i}-']").first).to_be_attached()
        put(page, {f"rows-{i}-{name}": value for name, value in row.items()})


def go_on(page: Page) -> None:
    """Save, and be led to the next section."""
    here = page.url
    page.get_by_role("button", name="저장하고 다음으로").click()
    expect(page.locator("main .errors")).to_have_count(0)
    expect(page).not_to_have_url(here)


def both(name: str, texts: dict[str, str]) -> dict[str, str]:
    return {f"{name}_ko": texts["ko"], f"{name}_en": texts["en"]}


def write_call(page: Page, sample: dict[str, Any], sponsor: str) -> None:
    """From the first section to the last, on the sample's content; the page stands at the first one."""
    call = sample["challenge"]
    summary = {
        "ko": "세 과제를 함께 풀 창업기업 6개사를 찾습니다.",
        "en": "We look for six startups to solve three tasks with us.",
    }
    about = {
        "ko": "## 무엇을 찾습니까\n\n**데이터**와 현장을 함께 드립니다.",
        "en": "## What we look for\n\nWe give **data** and a place.",
    }
    put(page, {**both("summary", summary), **both("description", about)})
    go_on(page)
    schedule = {"opens_at": call["schedule"]["opens_at"], "closes_at": call["schedule"]["closes_at"]}
    put(
        page,
        schedule
        | {
            f"{kind}_{end}": day
            for kind, days in MILESTONES.items()
            for end, day in zip(("starts", "ends"), days, strict=True)
        },
    )
    go_on(page)
    put_rows(page, [
        {"code": t["code"], "sponsor_id": {"label": sponsor}, "winners": t["winners"], **both("title", t["title"]), **both("summary", t["title"])}
        for t in call["themes"]
    ])  # fmt: skip
    go_on(page)
    put(page, {
        "founded_within_years": 7, "reference_date": "2022-09-05", "pre_founders_allowed": True,
        **both("region", {"ko": "서울 소재 또는 이전 확약", "en": "Seoul, or a pledge to relocate"}),
        **both("exclusions", {"ko": "휴업·폐업\n세금 체납", "en": "closed or suspended business\ntax arrears"}),
    })  # fmt: skip
    go_on(page)
    compose_form(page, call)
    write_rubric(page, call)
    put_rows(
        page,
        [{**both("title", p["title"]), "count": p["count"], "amount_krw": p["amount_krw"]} for p in call["prizes"]],
    )
    go_on(page)
    poc = {"poc_places": call["poc"]["places"], "poc_budget_krw_each": call["poc"]["budget_krw_each"]}
    put(
        page,
        {**both("terms", {"ko": "제안의 권리는 창업기업에 있습니다.", "en": "Rights stay with the startup."}), **poc},
    )
    go_on(page)


def compose_form(page: Page, call: dict[str, Any]) -> None:
    """From a file into the builder, one question more by hand, and in force; then on to the rubric."""
    managed = page.url.partition("/form")[0]
    page.get_by_role("link", name="서식·복사·파일").first.click()
    content = json.dumps(form_of(call), ensure_ascii=False).encode()
    page.locator("#file").set_input_files({"name": "신청서.json", "mimeType": "application/json", "buffer": content})
    page.get_by_role("button", name="가져오기").click()
    page.locator("[data-item='s.proposal']").click()
    expect(page.locator("#title_ko")).to_have_value("제안 내용")
    page.get_by_role("button", name="긴 글").click()
    expect(page.locator("#label_ko")).to_be_focused()
    put(page, {**both("label", {"ko": "제안 요약", "en": "Summary"}), "limit": 300})
    expect(page.locator(".outline")).to_contain_text("제안 요약")
    expect(page.locator("#saved")).to_contain_text("저장됨")
    page.get_by_role("link", name="시행", exact=True).click()
    page.get_by_role("button", name="시행").click()
    expect(page.locator(".flash-success")).to_contain_text("공고와 함께")
    page.goto(f"{managed}/edit/rubric")


def form_of(call: dict[str, Any]) -> dict[str, Any]:
    """The sample's documents and two consents, as a file of a form; the proposal asks nothing yet."""
    documents = [
        {"code": d["code"], "kind": "file", "label": d["title"], "types": d["types"], "required": d["required"]}
        | {key: d[key] for key in ("max_mb", "max_age_days") if key in d}
        for d in call["documents"]
    ]
    consents = [
        {
            "code": "privacy", "kind": "consent", "label": {"ko": "개인정보 수집·이용 동의", "en": "Personal data"},
            "text": {"ko": "목적: 선정. 보유기간: 3년. 거부할 권리가 있습니다.", "en": "Purpose: selection. Kept for 3 years. You may refuse."},
        },
        {
            "code": "sponsor", "kind": "consent", "label": {"ko": "수요기업 제공 동의", "en": "Sharing with the sponsor"},
            "required": False, "shares_with_sponsor": True,
            "text": {"ko": "신청서를 수요기업에 제공합니다.", "en": "The application is given to the sponsor."},
        },
    ]  # fmt: skip
    titles = {
        "proposal": {"ko": "제안 내용", "en": "Proposal"},
        "documents": {"ko": "제출서류", "en": "Documents"},
        "consents": {"ko": "동의", "en": "Consents"},
    }
    asked = {"proposal": [], "documents": documents, "consents": consents}
    return {
        "format": 1,
        "sections": [{"code": code, "title": titles[code], "questions": asked[code]} for code in asked],
    }


def write_rubric(page: Page, call: dict[str, Any]) -> None:
    scoring = call["scoring"]
    put_rows(
        page,
        [
            {**both("title", c["title"]), **both("description", c["title"]), "points": c["points"]}
            for c in call["rubric"]
        ],
    )
    put(page, {
        "starts_at": "2022-09-30T00:00", "ends_at": "2022-10-14T18:00", "sheets_per_entry": scoring["judges_per_entry"],
        "aggregate": scoring["aggregate"], "trim": scoring["trim"], "pass_mark": scoring["pass_mark"], "bonus_cap": scoring["bonus_cap"],
        "decimals": scoring["decimals"], "pass_mark_sees_bonus": scoring["pass_mark_sees_bonus"],
    })  # fmt: skip
    # The chain names criteria of the page, so the criteria are saved first.
    page.locator("main button[name=do][value=save]:visible").last.click()
    titles = {c["code"]: c["title"]["ko"] for c in call["rubric"]}
    for place, code in enumerate(scoring["tie_break"]):
        field = page.locator(f"main [name=tie_break-{place}]")
        field.select_option(
            label=next(o for o in field.locator("option").all_inner_texts() if titles.get(code, "위원장") in o)
        )
    go_on(page)
