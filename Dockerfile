# A culvert image: `docker build -t culvert .`
#
#   docker run --cap-add NET_ADMIN --device /dev/net/tun -v ./wg0.conf:/config/wg0.conf:ro culvert
#
# No BuildKit feature and no architecture is named here: the builder of Docker 20.10 can build it, and the same file
# serves amd64 and arm64. jlink takes its runtime from the JDK of the build stage, so it fits the platform that is built for.

FROM eclipse-temurin:25-jdk AS build
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends binutils make maven \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN make build && strip --strip-unneeded dist/culvert/runtime/lib/server/libjvm.so

FROM debian:bookworm-slim AS system
# libipsec-mb1, made for amd64 alone, and android-libboringssl for processors without AVX512-IFMA: ChaCha20-Poly1305 of the packet path.
# libsodium23: X25519 of the handshakes.
# nftables: the rules of the kill switch.
RUN ciphers="android-libboringssl libsodium23 $([ "$(dpkg --print-architecture)" != amd64 ] || echo libipsec-mb1)" \
    && apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $ciphers libcap2-bin nftables \
    && echo $ciphers >/tmp/ciphers
# The image has these packages, a shell and the small tools for hooks, and no package manager.
RUN mkdir -p /image/usr/bin /image/usr/sbin /image/usr/lib /image/usr/lib64 /image/var/lib/dpkg /image/run/wireguard \
        /image/config /image/run/culvert /image/tmp /image/proc /image/sys /image/dev \
    && for folder in bin sbin lib lib64; do ln -s usr/$folder /image/$folder; done \
    && chmod 1777 /image/tmp /image/run/culvert /image/run/wireguard \
    && packages="$(cat /tmp/ciphers) base-files base-passwd coreutils dash grep hostname libacl1 libattr1 libbsd0 libc6 libc-bin libedit2 \
        libgcc-s1 libgmp10 libjansson4 libmd0 libmnl0 libnftables1 libnftnl11 libpcre2-8-0 libselinux1 libtinfo6 \
        libxtables12 mawk nftables sed" \
    && { dpkg-query --listfiles $packages | grep -vE '/(gconv|doc|man|locale|lintian|android/libssl.so.0)(/|$)'; echo /usr/bin/setsid; \
        echo /etc/passwd; echo /etc/group; } | sort -u >/tmp/files \
    && while read -r file; do [ ! -e "$file" ] || echo "$file"; done </tmp/files \
        | tar -c --no-recursion -T - 2>/dev/null | tar -x -C /image --keep-directory-symlink \
    && dpkg-query --show >/image/var/lib/dpkg/built-from
COPY --from=build /src/dist/culvert /image/opt/culvert
# Whoever is not root gets CAP_NET_ADMIN from the files, as far as the container has it: nft at once, Java when it asks for it, so that
# it starts without it, too, and says what is missing. The loader looks for libjli beside java only if java has no capability.
RUN ln -s /opt/culvert/bin/culvert /image/usr/bin/culvert \
    && setcap cap_net_admin+ep /image/usr/sbin/nft \
    && setcap cap_net_admin+p /image/opt/culvert/runtime/bin/java \
    && mkdir -p /image/etc/ld.so.conf.d \
    && echo /opt/culvert/runtime/lib >/image/etc/ld.so.conf.d/culvert.conf && ldconfig -r /image

FROM scratch
COPY --from=system /image /
LABEL org.opencontainers.image.title="Culvert" \
      org.opencontainers.image.description="WireGuard in user space with a kill switch" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim" \
      org.opencontainers.image.version="0.1.0"
# A container lives as long as its first process: stay in the foreground.
ENV PATH=/usr/sbin:/usr/bin \
    WG_PROCESS_FOREGROUND=1
# No Java starts for it: 10 ms. The first check comes after one interval.
HEALTHCHECK --interval=2s --timeout=3s --start-period=20s --retries=3 CMD ["culvert", "health"]
ENTRYPOINT ["culvert"]
CMD ["run"]
