# The service with its bundled translator: no download when it runs, no root, nothing written outside /tmp.
# Untested: the machine this was written on has no Docker daemon. What it runs is what the tests run.
#
#   docker build -t summarizer .
#   docker run --rm -p 127.0.0.1:7860:7860 -e SUMMARIZER_API_KEYS=... summarizer
#
# The default torch wheel brings CUDA along. For a CPU image of a third of the size, give the index of CPU wheels:
#   docker build --build-arg PIP_EXTRA_INDEX_URL=... -t summarizer .

FROM python:3.11-slim AS build
ARG PIP_EXTRA_INDEX_URL
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY summarizer ./summarizer
COPY configs ./configs
COPY examples ./examples
RUN python -m venv /opt/summarizer && /opt/summarizer/bin/pip install --no-cache-dir -c constraints.txt '.[documents]'

FROM python:3.11-slim
COPY --from=build /opt/summarizer /opt/summarizer
RUN useradd --create-home --uid 10001 summarizer
USER summarizer
ENV PATH=/opt/summarizer/bin:$PATH HF_HUB_OFFLINE=1 PYTHONUNBUFFERED=1
EXPOSE 7860
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=30s --interval=15s --timeout=5s CMD ["python", "-c", \
  "import urllib.request; urllib.request.urlopen('http://127.0.0.1:7860/health/ready', timeout=4)"]
# A key is asked for: without SUMMARIZER_API_KEYS or SUMMARIZER_API_KEYS_FILE it says so and ends.
ENTRYPOINT ["summarizer", "serve", "--host", "0.0.0.0", "--logs"]
