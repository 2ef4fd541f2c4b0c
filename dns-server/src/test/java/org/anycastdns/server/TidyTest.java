package org.anycastdns.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.anycastdns.testkit.Tidy;
import org.junit.jupiter.api.Test;

/// The architecture of dns-server. Changing this table is an architecture change and needs a line
/// in ARCHITECTURE.md.
class TidyTest {

    /// What is still to be mended; each entry goes with its mending.
    private static final Tidy TABLE =
            new Tidy(
                    "org.anycastdns.server",
                    Map.ofEntries(
                            Map.entry("wire", Set.of()),
                            Map.entry("rdata", Set.of("wire")),
                            Map.entry("zone", Set.of("wire")),
                            Map.entry("zone.build", Set.of("wire", "rdata", "zone")),
                            Map.entry("zone.file", Set.of("wire", "rdata", "zone")),
                            Map.entry("zone.change", Set.of("wire", "rdata", "zone", "zone.build")),
                            Map.entry(
                                    "zonefile",
                                    Set.of(
                                            "wire",
                                            "rdata",
                                            "zone",
                                            "zone.build",
                                            "zone.change",
                                            "zonefile.check",
                                            "zonefile.problem")),
                            Map.entry(
                                    "zonefile.check",
                                    Set.of(
                                            "wire",
                                            "rdata",
                                            "zone",
                                            "zone.build",
                                            "zonefile.problem")),
                            Map.entry("zonefile.problem", Set.of("zone.build")),
                            Map.entry("lookup", Set.of("wire", "zone")),
                            Map.entry("transfer.message", Set.of("wire", "rdata", "zone.build")),
                            Map.entry("transfer.tsig", Set.of("wire")),
                            Map.entry(
                                    "transfer",
                                    Set.of(
                                            "wire",
                                            "rdata",
                                            "zone",
                                            "zone.build",
                                            "transfer.message",
                                            "transfer.tsig")),
                            Map.entry(
                                    "transfer.catalog",
                                    Set.of("wire", "rdata", "zone", "zone.build", "transfer")),
                            Map.entry(
                                    "transfer.update",
                                    Set.of(
                                            "wire",
                                            "rdata",
                                            "zone.build",
                                            "transfer",
                                            "transfer.message",
                                            "transfer.tsig")),
                            Map.entry(
                                    "serve",
                                    Set.of("wire", "rdata", "zone", "lookup", "transfer.tsig")),
                            Map.entry("guard", Set.of("wire")),
                            Map.entry(
                                    "transfer.out",
                                    Set.of(
                                            "wire",
                                            "zone",
                                            "zone.build",
                                            "transfer",
                                            "transfer.message",
                                            "transfer.tsig")),
                            Map.entry(
                                    "transfer.primary",
                                    Set.of(
                                            "wire",
                                            "zone.build",
                                            "guard",
                                            "zone",
                                            "zonefile.problem",
                                            "transfer",
                                            "transfer.catalog",
                                            "transfer.out",
                                            "transfer.tsig",
                                            "serve",
                                            "store",
                                            "reload")),
                            Map.entry(
                                    "store",
                                    Set.of("wire", "rdata", "zone", "zone.build", "transfer")),
                            Map.entry("tls", Set.of()),
                            Map.entry("net", Set.of("serve", "net.posix", "tls")),
                            Map.entry("net.posix", Set.of()),
                            Map.entry("files", Set.of()),
                            Map.entry(
                                    "reload",
                                    Set.of(
                                            "zone",
                                            "zone.change",
                                            "zone.file",
                                            "zonefile",
                                            "zonefile.problem",
                                            "wire",
                                            "files",
                                            "zone.build")),
                            Map.entry(
                                    "transfer.forward",
                                    Set.of(
                                            "wire",
                                            "serve",
                                            "tls",
                                            "transfer.message",
                                            "transfer.secondary",
                                            "transfer.tsig",
                                            "transfer.update")),
                            Map.entry(
                                    "transfer.dynamic",
                                    Set.of(
                                            "wire",
                                            "zone",
                                            "zone.build",
                                            "zone.change",
                                            "zonefile",
                                            "zonefile.problem",
                                            "guard",
                                            "serve",
                                            "transfer",
                                            "transfer.message",
                                            "transfer.out",
                                            "transfer.tsig",
                                            "transfer.update",
                                            "store",
                                            "reload")),
                            Map.entry(
                                    "transfer.secondary",
                                    Set.of(
                                            "wire",
                                            "zone",
                                            "zone.build",
                                            "zone.change",
                                            "zonefile",
                                            "zonefile.problem",
                                            "transfer",
                                            "transfer.catalog",
                                            "transfer.tsig",
                                            "store",
                                            "tls",
                                            "reload")),
                            Map.entry(
                                    "ops",
                                    Set.of(
                                            "wire",
                                            "zone",
                                            "zone.build",
                                            "zone.change",
                                            "transfer",
                                            "transfer.out",
                                            "zonefile",
                                            "zonefile.problem",
                                            "serve",
                                            "reload",
                                            "transfer.catalog",
                                            "transfer.secondary")),
                            Map.entry(
                                    "config",
                                    Set.of(
                                            "wire",
                                            "guard",
                                            "zonefile",
                                            "zonefile.problem",
                                            "serve",
                                            "tls",
                                            "transfer.catalog",
                                            "transfer.tsig",
                                            "transfer.update")),
                            Map.entry(
                                    "",
                                    Set.of(
                                            "wire",
                                            "guard",
                                            "zone",
                                            "zone.build",
                                            "zone.change",
                                            "zonefile",
                                            "zonefile.problem",
                                            "files",
                                            "lookup",
                                            "serve",
                                            "store",
                                            "tls",
                                            "transfer",
                                            "transfer.catalog",
                                            "transfer.dynamic",
                                            "transfer.forward",
                                            "transfer.out",
                                            "transfer.primary",
                                            "transfer.secondary",
                                            "transfer.tsig",
                                            "transfer.update",
                                            "net",
                                            "reload",
                                            "ops",
                                            "config"))),
                    Set.of(
                            "wire",
                            "rdata",
                            "zone",
                            "zone.build",
                            "zone.file",
                            "zone.change",
                            "zonefile",
                            "zonefile.check",
                            "zonefile.problem",
                            "lookup",
                            "guard",
                            "transfer.message",
                            "transfer.tsig",
                            "transfer",
                            "transfer.out",
                            "transfer.catalog",
                            "transfer.update",
                            "serve"));

    @Test
    void theTreeIsTidy() throws IOException {
        assertEquals(List.of(), TABLE.breaches(Path.of("")));
    }

    /// The way of a query over UDP knows no cache with eviction but its own
    /// (docs/decisions/037-caffeine.md).
    @Test
    void memoriesThatForgetAreBesideTheWayOfAQuery() throws IOException {
        assertEquals(
                new TreeSet<>(
                        Set.of(
                                "net.TcpClients",
                                "net.TcpConnections",
                                "net.TlsHandshakes",
                                "ops.Lifeline",
                                "ops.Metrics",
                                "reload.ReloadLog",
                                "reload.Settling",
                                "reload.Trouble",
                                "reload.UnendedFiles",
                                "store.StateFolder",
                                "transfer.secondary.StoreWriter",
                                "transfer.dynamic.UpdateLog",
                                "transfer.forward.UpdateForwarder",
                                "transfer.primary.KeptVersions",
                                "transfer.primary.Notifier",
                                "transfer.primary.PrimaryDoor",
                                "transfer.secondary.TransferLog")),
                TABLE.callers(
                        Path.of("target/classes"),
                        List.of(
                                "com/github/benmanes/caffeine/",
                                "org/anycastdns/daemon/LogLimiter.")));
    }
}
