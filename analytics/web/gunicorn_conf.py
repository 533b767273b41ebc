"""How gunicorn serves the application: ``gunicorn --config python:analytics.web.gunicorn_conf wsgi:app``."""

from ..settings import read

_settings = read()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_processes
# Threads: a request waits for Redis, and a page's polls must not hold up a POST. Three may be taken by callers who
# have answers worked out, two by pictures that are painted: three are left.
threads = 8
worker_class = "analytics.web.reading_worker.ReadingWorker"
timeout = 30
# The loop sends what a client does not take at once; the system's own way to send a file would wait for it.
sendfile = False
graceful_timeout = 20
keepalive = 5
# Heroku's router and containers have no place for a socket of gunicorn's own.
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"
# The applications's own limits are lower; these keep absurd heads away from it.
limit_request_line = 4094
limit_request_field_size = 8190
