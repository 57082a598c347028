# The bot alone: no training, no tests, no secrets. compose.yaml runs it.
FROM python:3.11-slim AS packages
COPY requirements-bot.txt .
# Without pip in it: nothing is installed into a running bot.
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
# Done now, since its user cannot write here.
RUN /opt/venv/bin/python -m compileall -q bot model
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data HEALTH_FILE=/tmp/soundslike.alive
# onnxruntime reports to its maker otherwise.
ENV ORT_DISABLE_TELEMETRY=1
USER bot
# /data is no VOLUME here: mount one. On the container's own disk the bot warns that all is lost.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["python", "-m", "bot", "health"]
CMD ["python", "-m", "bot", "run"]
