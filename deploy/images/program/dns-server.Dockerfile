# dns-server on a runtime of just the JDK modules it uses. deploy/images/build calls this with the built distribution
# (dns-server/target/dist.tar.gz) as context; JDK and BASE are replaced where no registry can be reached.
ARG JDK=eclipse-temurin:25-jdk
ARG BASE=debian:bookworm-slim

FROM ${JDK} AS runtime
COPY modules /tmp/modules
RUN "$JAVA_HOME/bin/jlink" --add-modules "$(cat /tmp/modules)" --strip-java-debug-attributes --no-header-files --no-man-pages \
        --generate-cds-archive --output /opt/java/runtime
# Netty would unpack its native libraries to a temporary folder, which a container with a read-only root does not have. It
# finds them beside those of the runtime.
ADD dist.tar.gz /tmp/
RUN cd /tmp && for jar in */lib/netty-*-linux-*.jar; do "$JAVA_HOME/bin/jar" --extract --file "$jar" META-INF/native; done && \
    mv META-INF/native/*.so /opt/java/runtime/lib/

FROM ${BASE}
LABEL org.opencontainers.image.title="anycast-dns dns-server" \
      org.opencontainers.image.description="Authoritative DNS from memory, made for anycast" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=runtime /opt/java/runtime /opt/java/runtime
ADD dist.tar.gz /opt/
COPY healthcheck /usr/local/bin/healthcheck
ENV JAVA_HOME=/opt/java/runtime
# The AOT cache holds loaded and linked classes: it halves the start. It is made by a run that serves one small zone.
RUN ln -s /opt/dns-server/bin/dns-server /usr/local/bin/dns-server && mkdir -p /tmp/zones /var/lib/zones && \
    printf '@ 300 IN SOA ns hostmaster 1 2 3 4 5\n@ 300 IN NS ns\nns 300 IN A 192.0.2.1\n' >/tmp/zones/example.zone && \
    { JAVA_OPTS=-XX:AOTCacheOutput=/opt/dns-server/aot dns-server run --zones /tmp/zones --listen 127.0.0.1:5300 >/tmp/out & } && \
    until grep -q ^ready /tmp/out; do kill -0 $! || exit 1; sleep 0.1; done && \
    until healthcheck 9153; do kill -0 $! || exit 1; sleep 0.1; done && \
    kill $! && wait $! && rm -rf /tmp/zones /tmp/out /tmp/hsperf* /run/anycast-dns && \
    install -d -o 65532 -g 65532 /run/anycast-dns && \
    install -d -o 65532 -g 65532 -m 700 /var/lib/anycast-dns/state
# The option `state` may name the folder /var/lib/anycast-dns/state: an empty volume there gets its owner.
ENV JAVA_OPTS="-XX:AOTCache=/opt/dns-server/aot"
USER 65532:65532
EXPOSE 53/udp 53/tcp 9153/tcp
VOLUME /var/lib/zones
HEALTHCHECK --interval=10s --timeout=2s --start-period=20s --retries=2 CMD ["healthcheck", "9153"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["dns-server"]
CMD ["run", "--zones", "/var/lib/zones", "--listen", "0.0.0.0:53", "--listen", "[::]:53"]
