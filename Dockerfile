# One image with all apps, each a folder that needs nothing but Node. Which one a container
# runs is its command; see docker-compose.yml. Both stages must have the same C library: the folders
# hold the native addon for the machine that built them (docs/adr/0007).

# The manifests alone: while they stay the same, the installation below comes from the cache.
FROM node:24-bookworm-slim AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json -delete \
  && find . -type d -empty -delete

FROM node:24-bookworm-slim AS build
WORKDIR /src
ENV NX_DAEMON=false
COPY --from=manifests /src ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
ENV NODE_ENV=production
COPY --from=build /src/dist /opt/gofd
COPY deploy/healthcheck.mjs /opt/gofd/
RUN ln -s /opt/gofd/apps/cli/main.js /usr/local/bin/gofd \
  && chmod 755 /opt/gofd/apps/cli/main.js \
  && install -d -o node -g node /var/lib/gofd /etc/gofd
USER node
WORKDIR /opt/gofd
VOLUME /var/lib/gofd
EXPOSE 45000 45001 45010 45011
HEALTHCHECK --interval=5s --timeout=4s --start-period=20s --retries=3 \
  CMD ["node", "healthcheck.mjs"]
CMD ["gofd", "-s", "/etc/gofd/server.yml"]
