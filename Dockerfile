# Image of the bot, without training's packages, tests and secrets. compose.yaml runs it.
# With --build-arg REQUIREMENTS=requirements.txt it has training's packages, too, and can retrain the model.
FROM python:3.13-slim AS packages
ARG REQUIREMENTS=requirements-bot.txt
WORKDIR /source
COPY requirements-bot.txt requirements.txt ./
# No pip in the virtual environment: nothing is installed at run time.
RUN python -m venv --without-pip /opt/venv \
    && pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --require-hashes -r "$REQUIREMENTS"
COPY pyproject.toml README.md LICENSE slack-manifest.yaml ./
COPY bot bot
COPY model model
COPY training training
COPY soundslike soundslike
RUN pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin bot \
    && install --directory --owner bot --mode 700 /data
WORKDIR /data
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data HEALTH_FILE=/tmp/soundslike.alive
# The web page, if it runs, is reached through a published port alone.
ENV WEB_HOST=0.0.0.0
# Disables onnxruntime's telemetry.
ENV ORT_DISABLE_TELEMETRY=1
USER bot
EXPOSE 8765 3000
# /data is not declared as a VOLUME: mount one. Without it, the bot warns that data will be lost.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["soundslike", "health"]
CMD ["soundslike", "run"]
