FROM node:22.22.3-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# None of them needs an install script.
RUN npm ci --omit=dev --ignore-scripts && npm sbom --sbom-format=cyclonedx --omit=dev > sbom.json
# --build-arg ARGON2_CFLAGS=-mavx2 hashes more passwords a second, on processors that have it: docs/decisions/0026.
ARG ARGON2_CFLAGS=
RUN if [ -n "$ARGON2_CFLAGS" ]; then \
    apt-get update && apt-get install -y --no-install-recommends g++ make python3 \
    && cd node_modules/argon2 && CFLAGS="-O3 $ARGON2_CFLAGS" npx --yes node-gyp@11.4.2 rebuild --nodedir=/usr/local; \
  fi

FROM node:22.22.3-bookworm-slim
WORKDIR /app
# Production asks for SESSION_SECRET, SMTP_URL, MAIL_FROM and BASE_URL, and says so when one is missing.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
RUN install -d -o node -g node -m 0700 /data
VOLUME /data
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=dependencies /app/sbom.json ./
COPY package.json ./
COPY migrations ./migrations
COPY public ./public
COPY views ./views
COPY src ./src
RUN node src/run.js
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Not through npm, which would not pass SIGTERM on.
CMD ["node", "--max-old-space-size=512", "--max-semi-space-size=16", "src/run.js", "server"]
