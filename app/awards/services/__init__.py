"""What changes decisions, results and certificates: one verb each, with the actor and the time as keywords."""

from app.awards.services.correct_results import correct_results
from app.awards.services.decide import confirm_decision, propose_decisions, reopen_judging, set_decisions
from app.awards.services.issue_certificates import issue_certificates
from app.awards.services.make_bundle import make_bundle
from app.awards.services.publish_results import preview_content, publish_results
from app.awards.services.revoke_certificates import reissue_certificate, revoke_certificate
from app.awards.standing import DecisionInput

__all__ = [
    "DecisionInput",
    "confirm_decision",
    "correct_results",
    "issue_certificates",
    "make_bundle",
    "preview_content",
    "propose_decisions",
    "publish_results",
    "reissue_certificate",
    "reopen_judging",
    "revoke_certificate",
    "set_decisions",
]
