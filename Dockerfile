# The image has what `npm pack` publishes, with the dependencies of package-lock.json; docker/build.sh makes it.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY . .
RUN sh docker/build.sh /opt/chancery

FROM node:24-bookworm-slim
COPY --from=build /opt/chancery /opt/chancery
# The folder of the embedded database; the one folder that the account can write to.
RUN install -d -o node -g node /var/lib/chancery
ENV NODE_ENV=production
ENV HOST=0.0.0.0
ENV PORT=4000
ENV CHANCERY_DATA_DIR=/var/lib/chancery
WORKDIR /var/lib/chancery
VOLUME /var/lib/chancery
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=5s --retries=6 CMD ["node", "/opt/chancery/docker/healthcheck.mjs"]
# Node.js is process 1, so that it gets the signals of the container's runtime.
ENTRYPOINT ["node", "--max-semi-space-size=32", "--max-old-space-size=1024", "/opt/chancery/dist/cli.js"]
CMD ["serve"]
