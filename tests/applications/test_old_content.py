"""What was sent before the form was one document is read as it was."""

from app.applications.content import read_content
from tests.factories import NOW

OLD = {
    "challenge": {"id": "x", "slug": "x", "title": {"ko": "챌린지", "en": "Challenge"}},
    "theme": {"id": "x", "code": "T1", "title": {"ko": "과제", "en": "Theme"}},
    "company": {"id": "x", "name": {"ko": "두레신용", "en": "Dure Credit"}, "legal_form": "corporation"},
    "contact": {"name": "김하나", "email": "hana@example.org", "phone": "02-123-4567"},
    "answers": [
        {"code": "summary", "kind": "long_text", "label": {"ko": "요약", "en": "Summary"}, "judges_see": True, "answer": "글"},
        {"code": "prior", "kind": "yes_no", "label": {"ko": "이력", "en": "Before"}, "judges_see": False, "answer": "no"},
    ],
    "documents": [
        {
            "id": "01890a5d-ac96-774b-bcce-b302099a8057", "code": "proposal", "requirement_id": "01890a5d-ac96-774b-bcce-b302099a8058",
            "title": {"ko": "제안서", "en": "Proposal"}, "judges_see": False, "filename": "제안서.pdf", "media_type": "application/pdf",
            "sha256": "0" * 64, "size": 5, "issued_on": None, "uploaded_at": NOW.isoformat(),
        }
    ],
    "consents": [
        {
            "code": "privacy", "consent_id": "01890a5d-ac96-774b-bcce-b302099a8059", "title": {"ko": "동의", "en": "Consent"},
            "required": True, "given": True, "shares_with_sponsor": False, "text_sha256": "0" * 64, "language": "ko",
            "decided_at": NOW.isoformat(), "decided_by": None,
        }
    ],
}  # fmt: skip


def test_what_was_sent_before_is_read_with_its_answers_files_and_consents():
    sent = read_content(OLD, 1, "0" * 64, NOW, whole=True)
    assert [(a.question.code, a.text) for a in sent.answers] == [("summary", "글"), ("prior", "아니요")]
    assert [d.filename for d in sent.documents] == ["제안서.pdf"]
    assert [(c.code, c.given) for c in sent.consents] == [("privacy", True)]
    assert len(sent.by_section) == 1


def test_judges_still_do_not_see_what_they_did_not_see():
    sent = read_content(OLD, 1, "0" * 64, NOW, whole=False)
    assert [a.question.code for a in sent.answers] == ["summary"]
    assert sent.documents == ()
    assert sent.consents == ()
