# The image of web and worker; which one runs is the command's to say.
FROM python:3.12.12-slim-bookworm AS build
COPY requirements.txt /tmp/
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.12.12-slim-bookworm AS kernels
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev
COPY analytics/layout/kernels /tmp/kernels
RUN python /tmp/kernels/build.py

FROM python:3.12.12-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/analytics
COPY worker.py wsgi.py ./
COPY analytics analytics
COPY --from=kernels /tmp/kernels/_compiled.abi3.so analytics/layout/kernels/
COPY plugins plugins
# A volume that is first mounted here belongs to the user as well.
RUN mkdir -p /run/maestro /var/lib/redis && chown 10001:10001 /run/maestro /var/lib/redis \
 && python -m compileall -q analytics plugins
USER 10001:10001
EXPOSE 5020
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:%s/health/live' % (os.environ.get('PORT') or os.environ.get('MAESTRO_PORT') or 5020), timeout=4)"]
CMD ["gunicorn", "--config", "python:analytics.web.gunicorn_conf", "wsgi:app"]
