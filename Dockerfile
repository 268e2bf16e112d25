# The server. Runs as a user without rights, on a read-only file system; everything it keeps is under /data.
#
#   docker build -t declared .
#   docker run --read-only --tmpfs /tmp -v declared:/data -p 8000:8000 declared

FROM python:3.13-slim AS build

WORKDIR /source
RUN python -m venv --without-pip /opt/venv
COPY requirements-runtime.lock ./
RUN pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --no-deps --only-binary :all: --require-hashes -r requirements-runtime.lock
COPY . .
RUN pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --no-deps --no-build-isolation . \
    && pip --python /opt/venv/bin/python check


FROM python:3.13-slim

RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin declared \
    && install -d -o declared -g declared /data
COPY --from=build /opt/venv /opt/venv
COPY elections /srv/declared/elections

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DECLARED_DATABASE_URL=sqlite:////data/declared.db

WORKDIR /srv/declared
USER declared
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["declared", "serve", "--host", "0.0.0.0", "--port", "8000"]
