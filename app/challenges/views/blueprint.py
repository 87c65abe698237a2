"""The blueprint that all views of challenges are on, and the words that their templates ask for."""

from flask import Blueprint

from app.challenges import inquiry_rules, labels, presentation, rule_words, rules
from app.challenges.eligibility.words import eligibility_words
from app.challenges.form import parts
from app.challenges.form.difference import kind_label

bp = Blueprint("challenges", __name__)

for _word in (
    labels.state_label, labels.milestone_label, labels.section_label, labels.staff_role_label, labels.inquiry_label, inquiry_rules.asked_until, labels.step_label, kind_label,
    presentation.sponsors_of, presentation.steps_of, presentation.money_of, presentation.lines_of, presentation.phase_word,
    parts.consents_of, parts.documents_of, rule_words.rule_in_words, rules.seal_sentence, eligibility_words, rules.why_not_apply,
):  # fmt: skip
    bp.add_app_template_global(_word)
bp.add_app_template_filter(rule_words.mark_facts, "mark_facts")
bp.add_app_template_filter(rule_words.anchors_of, "anchors")
