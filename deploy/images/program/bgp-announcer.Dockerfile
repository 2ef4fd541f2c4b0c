# bgp-announcer on a runtime of just the JDK modules it uses; like dns-server.Dockerfile.
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
LABEL org.opencontainers.image.title="anycast-dns bgp-announcer" \
      org.opencontainers.image.description="Announces an anycast prefix over BGP while the responder beside it answers" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=runtime /opt/java/runtime /opt/java/runtime
ADD dist.tar.gz /opt/
COPY healthcheck /usr/local/bin/healthcheck
ENV JAVA_HOME=/opt/java/runtime
# The AOT cache is made by a run whose router and responder are not there.
RUN ln -s /opt/bgp-announcer/bin/bgp-announcer /usr/local/bin/bgp-announcer && \
    printf '%s\n' 'identity: training' 'router-id: 198.51.100.2' 'local-as: 64496' 'prefixes: ["192.0.2.0/24"]' \
        'next-hop: 198.51.100.2' 'neighbors: [{address: 127.0.0.1, remote-as: 64501, port: 1790}]' \
        'health: {responder: "127.0.0.1:5300", lifeline: "http://127.0.0.1:9153/lifeline"}' >/tmp/training.yaml && \
    { JAVA_OPTS=-XX:AOTCacheOutput=/opt/bgp-announcer/aot bgp-announcer run --config /tmp/training.yaml >/tmp/out & } && \
    until grep -q ^ready /tmp/out; do kill -0 $! || exit 1; sleep 0.1; done && \
    until healthcheck 9179; do kill -0 $! || exit 1; sleep 0.1; done && \
    kill $! && wait $! && rm -rf /tmp/training.yaml /tmp/out /tmp/hsperf* /run/anycast-dns && \
    install -d -o 65532 -g 65532 /run/anycast-dns
ENV JAVA_OPTS="-XX:AOTCache=/opt/bgp-announcer/aot"
USER 65532:65532
EXPOSE 9179/tcp
HEALTHCHECK --interval=10s --timeout=2s --start-period=20s --retries=2 CMD ["healthcheck", "9179"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["bgp-announcer"]
CMD ["run", "--config", "/etc/anycast-dns/announcer.yaml"]
