# A culvert image: `docker build -t culvert .`
#
#   docker run --cap-add NET_ADMIN --device /dev/net/tun culvert wg0
#
# No BuildKit feature and no architecture is named here: the builder of Docker 20.10 can build it, and the same file
# serves amd64 and arm64. jlink takes its runtime from the JDK of the build stage, so it fits the platform that is built for.

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends binutils make maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make build

FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="Culvert" \
      org.opencontainers.image.description="WireGuard in user space, in Java" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
# android-libboringssl, and libssl3 should it be removed: ChaCha20-Poly1305 of the packet path. nftables: the rules of the kill switch.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libssl3 android-libboringssl nftables \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /src/dist/culvert /opt/culvert
RUN ln -s /opt/culvert/bin/culvert /usr/local/bin/culvert
# A container lives as long as its first process: stay in the foreground.
ENV WG_PROCESS_FOREGROUND=1
ENTRYPOINT ["culvert"]
CMD ["--help"]
