# Web and worker in one image: docker build --build-arg TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu .
FROM python:3.11-slim AS build
ARG TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu
WORKDIR /app
RUN python -m venv /venv
COPY constraints.txt pyproject.toml README.md ./
# Torch's CPU build first and alone: the rest then has no reason to fetch CUDA.
RUN /venv/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX_URL" "$(grep '^torch==' constraints.txt)"
COPY matcher matcher
COPY webapp webapp
COPY scripts scripts
# EXTRAS=[milvus] adds the client of the distributed index.
ARG EXTRAS=
RUN /venv/bin/pip install --no-cache-dir --constraint constraints.txt ".${EXTRAS}"

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 platform
WORKDIR /app
COPY --from=build /venv /venv
COPY --chown=platform . .
RUN mkdir -p var /snapshots /keys && chown platform var /snapshots /keys
USER platform
ENV PATH=/venv/bin:$PATH OMP_NUM_THREADS=1 PLATFORM_ENV=production PYTHONUNBUFFERED=1 PROMETHEUS_MULTIPROC_DIR=/tmp/metrics
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--config", "python:webapp.server", "webapp.wsgi:app", "--bind", "0.0.0.0:8000", "--workers", "2"]
