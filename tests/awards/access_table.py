"""Who gets which answer from the routes of awards."""

from tests.awards.certificate_access import CERTIFICATES
from tests.awards.results_access import RESULTS

ACCESS = {**RESULTS, **CERTIFICATES}
