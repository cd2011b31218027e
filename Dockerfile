# docs/image.md says how to pin both bases by digest, and how this was checked.

# Has npm and any Node.js from 22.18: it installs packages and bundles. Nothing of it is in the image.
ARG BUILD_BASE=docker.io/library/node:24-bookworm-slim
# Has glibc, libstdc++ and libgcc, and no more: Node.js itself comes from the lockfile.
ARG BASE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_BASE} AS build
WORKDIR /src
# Only what bundling needs: no linter, no test runner. A change of our code does not repeat this step.
COPY package.json package-lock.json .npmrc ./
COPY scripts/image/build-packages.ts scripts/image/
RUN node scripts/image/build-packages.ts && npm ci --no-audit --no-fund --loglevel=error
COPY scripts scripts
COPY src src
COPY LICENSE ./
ARG VERSION
ARG REVISION
RUN export ZEN_LEAD_VERSION="${VERSION}" ZEN_LEAD_COMMIT="${REVISION}" \
  && node scripts/build.ts && node scripts/licences.ts && node scripts/sbom.ts \
  && mkdir -p /image/node /image/app \
  && cp node_modules/node-linux-*/bin/node node_modules/node-linux-*/LICENSE /image/node/ \
  && cp dist/zen-lead.js dist/zen-lead.js.map dist/zen-lead.licences.txt dist/zen-lead.cdx.json LICENSE /image/app/

FROM ${BASE}
# The Node.js that the tests run on, unchanged between most versions: a layer of its own.
COPY --from=build /image/node /opt/node
COPY --from=build /image/app /opt/zen-lead
ARG VERSION
ARG REVISION
ARG SOURCE
LABEL org.opencontainers.image.title="zen-lead" \
      org.opencontainers.image.description="Kubernetes operator that leads a Service to exactly one Ready pod" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# A number, so that Kubernetes can tell that it is not root (runAsNonRoot).
USER 65532:65532
WORKDIR /
# Metrics; probes.
EXPOSE 8080 8081
# No shell and no init: the operator is PID 1, ends on SIGTERM, and starts no process but a kubeconfig's exec plugin.
ENTRYPOINT ["/opt/node/node", "/opt/zen-lead/zen-lead.js"]
