"""The application, for a web server (`wsgi:app`) and for Celery (`wsgi.celery`)."""

from app import create_app

app = create_app()
celery = app.extensions["celery"]
