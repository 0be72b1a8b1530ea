# One image: the server and, from it, every `manage.py` command. docs/operations.md says how it is run.

FROM node:24-bookworm-slim AS frontend
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
WORKDIR /build
COPY requirements.txt requirements-mqtt.txt requirements-socketio.txt constraints.txt ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check -c constraints.txt \
    -r requirements.txt -r requirements-mqtt.txt -r requirements-socketio.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FLEET_DATA_DIR=/data
RUN groupadd --system --gid 10001 fleet \
 && useradd --system --uid 10001 --gid fleet --no-create-home --shell /usr/sbin/nologin fleet \
 && install -d -o fleet -g fleet /data
WORKDIR /app
COPY --from=packages /venv /venv
COPY manage.py ./
COPY fleet/ fleet/
COPY fleet_client/ fleet_client/
COPY tracking/ tracking/
COPY deploy/healthcheck.py deploy/
COPY --from=frontend /build/frontend/generated/streets.json frontend/generated/
COPY --from=frontend /build/frontend/dist/ frontend/dist/
RUN python -m compileall -q fleet fleet_client tracking \
 && SECRET_KEY=for-this-step-only python manage.py collectstatic --noinput -v 0

USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["python", "deploy/healthcheck.py"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0"]
