"""Madang: challenges from the call to the certificate. This module only puts the parts together."""

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts import jobs as _accounts_jobs  # noqa: F401 - registers its handlers
from app.accounts import views as accounts
from app.accounts.cli import accounts_cli
from app.accounts.profile import models as _profile_models  # noqa: F401 - so that no table is missing
from app.accounts.session import init_sign_in
from app.applications import views as applications
from app.applications.cli import files_cli
from app.awards import models as _awards_models  # noqa: F401 - so that no table is missing, whatever the views need
from app.awards import views as awards
from app.awards.appeals import models as _appeal_models  # noqa: F401 - so that no table is missing
from app.awards.cli import certificates_cli, results_cli
from app.challenges import views as challenges
from app.challenges.cli import persons_cli
from app.core.clock import Clock, utc_now
from app.core.database import db, prepare_engine
from app.core.incoming import PartFiles
from app.core.jobs.transport import init_jobs
from app.core.lazy import LateGroup
from app.core.storage import FolderStorage
from app.judging import views as judging
from app.mail import jobs as _mail_jobs  # noqa: F401 - registers its handlers
from app.mail import personal_data as _mail_personal_data  # noqa: F401 - says what mails hold
from app.mail import views as mail
from app.migrating import init_migrations
from app.navigation import add_page_context
from app.sample.cli import sample_cli
from app.web import personal_data as _trail_personal_data  # noqa: F401 - says what the trail holds
from app.web.access import check_every_route
from app.web.commands import audit_cli, jobs_cli
from app.web.errors import register_error_pages
from app.web.filters import register_filters
from app.web.language import init_language
from app.web.limits import limiter
from app.web.requests import init_requests
from app.web.static import init_static
from config import Config

# It stands on numpy, which a server need not have loaded.
judging_cli = LateGroup("judging", "app.judging.cli:judging_cli", help="Ranking, agreement and assignment for tables.")

FEATURES = (accounts, challenges, applications, judging, awards, mail)
COMMANDS = (
    accounts_cli,
    audit_cli,
    jobs_cli,
    files_cli,
    judging_cli,
    persons_cli,
    certificates_cli,
    results_cli,
    sample_cli,
)


def create_app(config: Config | None = None, *, clock: Clock = utc_now) -> Flask:
    """The application with all its features. Raises RouteWithoutRule when a view does not say who may enter."""
    app = Flask(__name__)
    app.config.from_object(config or Config())
    if proxies := app.config["PROXIES_IN_FRONT"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign] # Flask's documented way
    app.extensions["clock"] = clock
    app.extensions["storage"] = FolderStorage(app.config["DATA_FOLDER"] / "files")
    app.extensions["parts"] = PartFiles(app.config["DATA_FOLDER"] / "files" / "parts")
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    init_migrations(app)
    init_requests(app)  # before whatever reads the body: a request has arrived when it begins, however long it is
    CSRFProtect(app)
    limiter.init_app(app)
    init_sign_in(app)
    init_language(app)
    init_static(app)
    init_jobs(app, clock)
    register_filters(app)
    register_error_pages(app)
    add_page_context(app)
    for feature in FEATURES:
        app.register_blueprint(feature.bp)
    for command in COMMANDS:
        app.cli.add_command(command)
    check_every_route(app)
    return app
