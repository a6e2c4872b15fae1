# Web and worker in one image: docker build -t xuezi-liuhan .
FROM python:3.11-slim-trixie AS build
WORKDIR /app
RUN python -m venv /venv
COPY constraints.txt pyproject.toml ./
# Torch's CPU build first and alone: the rest then has no reason to fetch CUDA.
ARG TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu
RUN /venv/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX_URL" "$(grep '^torch==' constraints.txt)"
# What the platform needs and nothing of itself: a change to the code installs nothing anew.
# EXTRAS=[milvus] adds the client of the distributed index; PIP_INDEX_URL names another mirror.
ARG EXTRAS=
ARG PIP_INDEX_URL
RUN touch README.md && /venv/bin/pip install --no-cache-dir --constraint constraints.txt ".${EXTRAS}"

FROM python:3.11-slim-trixie
# pg_dump must not be older than the database it backs up: the same number stands in compose.yaml.
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 platform \
    && install --directory --owner platform /app/var /snapshots /keys /backups /home/platform/.cache
COPY --from=build /venv /venv
WORKDIR /app
COPY LICENSE ./
COPY data data
COPY matcher matcher
COPY webapp webapp
COPY scripts scripts
RUN python -m compileall -q matcher webapp scripts
USER 10001
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1 PLATFORM_ENV=production PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s \
    CMD ["curl", "--fail", "--silent", "--max-time", "8", "http://127.0.0.1:8000/healthz"]
CMD ["gunicorn", "--config", "python:webapp.server", "webapp.wsgi:app", "--bind", "0.0.0.0:8000", "--workers", "2"]
