package org.anycastdns.server.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.testkit.Eventually;
import org.anycastdns.testkit.Peer;
import org.anycastdns.testkit.PeerConfiguration;
import org.anycastdns.testkit.Repository;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.ZoneTransferException;
import org.xbill.DNS.ZoneTransferIn;

/// Another name server at the other end of the transfers of one zone, as its primary or as its
/// secondary. Requests, responses and NOTIFY between both ends are signed with the key `transfer`,
/// which is of HMAC-SHA256; Unbound signs nothing.
///
/// @param server the server
/// @param zone the zone
/// @param zoneFile the file that a primary reads, and a secondary may write
/// @param key the key that a test needs to have the zone from it
// The sections of one server are easier to read side by side with those of the others.
@SuppressWarnings("InlineFormatString")
record TransferPeer(Peer server, String zone, Path zoneFile, @Nullable TSIG key)
        implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /// Sections of Knot with the other end: its port, the secret.
    private static final String KNOT =
            """
            key:
              - id: transfer.
                algorithm: hmac-sha256
                secret: %2$s
            remote:
              - id: other
                address: 127.0.0.1@%1$d
                key: transfer.
            acl:
              - id: other
                key: transfer.
                action: [transfer, notify]
              - id: test
                address: 127.0.0.1
                action: transfer
            """;

    /// Sections of NSD: the secret.
    private static final String NSD =
            """
            server:
                xfrd-reload-timeout: 0
            key:
                name: transfer
                algorithm: hmac-sha256
                secret: "%s"
            """;

    /// Options of BIND.
    private static final String BIND =
            "minimal-responses no-auth; notify-delay 0; ixfr-from-differences primary;";

    /// Sections of BIND: the secret.
    private static final String BIND_KEY =
            "key \"transfer\" { algorithm hmac-sha256; secret \"%s\"; };\n";

    /// Starts a primary, which reads its zone file again on SIGHUP and sends NOTIFY. It gives the
    /// zone to who signs with the key.
    ///
    /// @param kind Knot, NSD or BIND
    /// @param text the zone file
    /// @param secret the secret of the key, in base64
    /// @param secondaryPort where NOTIFY goes
    static TransferPeer primary(
            Peer.Kind kind, Path folder, String zone, String text, String secret, int secondaryPort)
            throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve("primary-" + kind.name()));
        Path file = Files.writeString(own.resolve("zone"), text);
        PeerConfiguration at =
                new PeerConfiguration(
                        own.toString(), "127.0.0.1", Repository.freePort(), Map.of(zone, file));
        String configuration =
                base(kind, at, secret, secondaryPort)
                        + at.lines(
                                        switch (kind) {
                                            case KNOT ->
                                                    """
                                                      - domain: "%s"
                                                        file: "%s"
                                                        zonefile-load: difference
                                                        journal-content: all
                                                        notify: other
                                                        acl: other
                                                    """;
                                            case NSD ->
                                                    """
                                                    zone:
                                                        name: "%s"
                                                        zonefile: "%s"
                                                        provide-xfr: 127.0.0.1 transfer
                                                        notify: 127.0.0.1@{port} transfer
                                                    """;
                                            case BIND ->
                                                    """
                                                    zone "%s" {
                                                        type primary;
                                                        file "%s";
                                                        allow-transfer { key transfer; };
                                                        notify explicit;
                                                        also-notify { 127.0.0.1 port {port} key transfer; };
                                                    };
                                                    """;
                                            case UNBOUND ->
                                                    throw new IllegalArgumentException(
                                                            "a resolver");
                                        })
                                .replace("{port}", "" + secondaryPort);
        return new TransferPeer(
                Peer.start(kind, own, at.port(), configuration),
                zone,
                file,
                new TSIG(TSIG.HMAC_SHA256, "transfer.", secret));
    }

    /// Starts a secondary, which takes NOTIFY that is signed with the key and gives the zone to
    /// everybody. Unbound takes no NOTIFY and gives the zone to nobody.
    ///
    /// @param port its port
    /// @param secret the secret of the key, in base64
    static TransferPeer secondary(
            Peer.Kind kind, Path folder, String zone, int port, int primaryPort, String secret)
            throws IOException, InterruptedException {
        Path own = Files.createDirectories(folder.resolve("secondary-" + kind.name()));
        Path file = own.resolve("zone");
        PeerConfiguration at =
                new PeerConfiguration(own.toString(), "127.0.0.1", port, Map.of(zone, file));
        String configuration =
                base(kind, at, secret, primaryPort)
                        + at.lines(
                                        switch (kind) {
                                            case KNOT ->
                                                    """
                                                      - domain: "%s"
                                                        file: "%s"
                                                        journal-content: all
                                                        master: other
                                                        acl: [other, test]
                                                    """;
                                            case NSD ->
                                                    """
                                                    zone:
                                                        name: "%s"
                                                        zonefile: "%s"
                                                        request-xfr: 127.0.0.1@{port} transfer
                                                        allow-notify: 127.0.0.1 transfer
                                                        provide-xfr: 127.0.0.1 NOKEY
                                                    """;
                                            case BIND ->
                                                    """
                                                    zone "%s" {
                                                        type secondary;
                                                        file "%s";
                                                        primaries { 127.0.0.1 port {port} key transfer; };
                                                        allow-transfer { any; };
                                                    };
                                                    """;
                                            case UNBOUND ->
                                                    """
                                                    auth-zone:
                                                        name: "%s"
                                                        zonefile: "%s"
                                                        primary: 127.0.0.1@{port}
                                                        fallback-enabled: no
                                                        for-downstream: yes
                                                    """;
                                        })
                                .replace("{port}", "" + primaryPort);
        return new TransferPeer(Peer.start(kind, own, port, configuration), zone, file, null);
    }

    /// Returns the configuration of a server without its zones.
    private static String base(Peer.Kind kind, PeerConfiguration at, String secret, int otherPort) {
        PeerConfiguration bare =
                new PeerConfiguration(at.folder(), at.address(), at.port(), Map.of());
        return switch (kind) {
            case KNOT -> bare.knot("info", KNOT.formatted(otherPort, secret));
            case NSD -> bare.nsd(1) + NSD.formatted(secret);
            case BIND -> bare.bind(BIND, "") + BIND_KEY.formatted(secret);
            case UNBOUND -> bare.unbound();
        };
    }

    int port() {
        return server.port();
    }

    /// Has a primary serve another version, and waits until it does.
    ///
    /// @param serial the serial in the text
    void serve(String text, long serial) throws IOException, InterruptedException {
        server.replace(zoneFile, text);
        var _ = awaitSerial(serial);
    }

    /// Waits until it serves a version, and returns its records.
    Set<String> awaitSerial(long serial) throws InterruptedException {
        return Eventually.seen(
                "serial %d at %s".formatted(serial, server.name()),
                LIMIT,
                this::records,
                records -> hasSerial(records, serial));
    }

    /// Returns whether records as text have an SOA record of a serial. Its refresh is 3600 s.
    static boolean hasSerial(Set<String> records, long serial) {
        return records.stream().anyMatch(each -> each.contains(" " + serial + " 3600 "));
    }

    /// Returns all its records, as text, by AXFR.
    Set<String> records() throws IOException, ZoneTransferException {
        return records(zone, port(), key);
    }

    /// Returns all records of a server, as text, by AXFR.
    static Set<String> records(String zone, int port, @Nullable TSIG key)
            throws IOException, ZoneTransferException {
        ZoneTransferIn transfer =
                ZoneTransferIn.newAXFR(Name.fromString(zone, Name.root), "127.0.0.1", port, key);
        transfer.run();
        Set<String> records = new TreeSet<>();
        for (Record record : transfer.getAXFR()) {
            records.add(text(record));
        }
        return records;
    }

    /// Returns a record as text with single spaces.
    static String text(Record record) {
        return record.toString().replaceAll("\\s+", " ");
    }

    @Override
    public void close() {
        server.close();
    }
}
