"""The web application for gunicorn: ``gunicorn wsgi:app``."""

from analytics.web import create_app

app = create_app()
