# The production image: web, worker, beat and every management command, told apart by the command alone.
# It holds no secret and no default for one: config/settings/prod.py refuses to start without those it needs.

FROM node:22-bookworm-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY scripts/build-assets.mjs scripts/
COPY static/src static/src
RUN node scripts/build-assets.mjs


FROM python:3.11-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/runtime.txt /tmp/
RUN python -m venv /venv \
 && /venv/bin/pip install --no-deps --require-hashes --only-binary :all: -r /tmp/runtime.txt


FROM python:3.11-slim-bookworm
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      fonts-dejavu-core libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin wardmark \
 && install -d -m 0700 -o wardmark -g wardmark /data

ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    DATA_DIR=/data \
    STATIC_ROOT=/app/collected

WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py pyproject.toml ./
COPY config config
COPY core core
COPY accounts accounts
COPY events events
COPY certification certification
COPY advisories advisories
COPY templates templates
COPY scripts/healthcheck.py scripts/
COPY --from=assets /build/static/dist static/dist
RUN DJANGO_SETTINGS_MODULE=config.settings.build DATA_DIR=/tmp/build \
    python manage.py collectstatic --no-input --verbosity 0 \
 && rm -rf /tmp/build \
 && python -m compileall -q /app

USER wardmark
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["python", "scripts/healthcheck.py"]
# Processes are set by WEB_CONCURRENCY, which gunicorn reads by itself.
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--threads", "4", \
     "--preload", "--timeout", "60", "--graceful-timeout", "30", "--max-requests", "5000", "--max-requests-jitter", "500", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
