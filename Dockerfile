# Image of the bot, without training code, tests and secrets. compose.yaml runs it.
FROM python:3.11-slim AS packages
COPY requirements-bot.txt .
# No pip in the virtual environment: nothing is installed at run time.
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        -r requirements-bot.txt

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin bot \
    && install --directory --owner bot --mode 700 /data
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY model model
COPY bot bot
# Compiled here because the user bot cannot write to /app.
RUN /opt/venv/bin/python -m compileall -q bot model
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data HEALTH_FILE=/tmp/soundslike.alive
# Disables onnxruntime's telemetry.
ENV ORT_DISABLE_TELEMETRY=1
USER bot
# /data is not declared as a VOLUME: mount one. Without it, the bot warns that data will be lost.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-m", "bot", "health"]
CMD ["python", "-m", "bot", "run"]
