package org.anycastdns.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.anycastdns.testkit.Tidy;
import org.junit.jupiter.api.Test;

/// The architecture of dns-server. Changing this table is an architecture change and needs a line
/// in ARCHITECTURE.md.
class TidyTest {

    /// What is still to be mended; each entry goes with its mending.
    private static final String[] KNOWN = {
        // planned packages
        "package 'guard': in the table",
        "package 'net.xdp': in the table",
        "package 'transfer': in the table",
        // to become zone, zone.build and zone.file
        "package 'zone': more than 20 types",
        "package 'zonefile': more than 20 types",
        "reload/Reloader.java: more than 500 lines",
        "zone/OwnerTable.java: more than 500 lines",
        "zone/Zone.java: more than 500 lines",
        "zonefile/MasterFile.java: more than 500 lines",
        "zonefile/ZoneCheck.java: more than 500 lines",
    };

    private static final Tidy TABLE =
            new Tidy(
                            "org.anycastdns.server",
                            Map.ofEntries(
                                    Map.entry("wire", Set.of()),
                                    Map.entry("rdata", Set.of("wire")),
                                    Map.entry("zone", Set.of("wire", "rdata")),
                                    Map.entry("zonefile", Set.of("wire", "rdata", "zone")),
                                    Map.entry("lookup", Set.of("wire", "zone")),
                                    Map.entry("guard", Set.of("wire")),
                                    Map.entry(
                                            "serve",
                                            Set.of("wire", "rdata", "zone", "lookup", "guard")),
                                    Map.entry("net", Set.of("serve", "net.posix")),
                                    Map.entry("net.posix", Set.of()),
                                    Map.entry("net.xdp", Set.of()),
                                    Map.entry("transfer", Set.of("zone", "wire")),
                                    Map.entry("files", Set.of()),
                                    Map.entry(
                                            "reload", Set.of("zone", "zonefile", "wire", "files")),
                                    Map.entry(
                                            "ops",
                                            Set.of("wire", "zone", "zonefile", "serve", "reload")),
                                    Map.entry("config", Set.of("wire", "zonefile", "serve")),
                                    Map.entry(
                                            "",
                                            Set.of(
                                                    "wire",
                                                    "zone",
                                                    "zonefile",
                                                    "lookup",
                                                    "guard",
                                                    "serve",
                                                    "net",
                                                    "transfer",
                                                    "reload",
                                                    "ops",
                                                    "config"))),
                            Set.of("wire", "rdata", "zone", "zonefile", "lookup", "guard", "serve"))
                    .except(KNOWN);

    @Test
    void theTreeIsTidy() throws IOException {
        assertEquals(List.of(), TABLE.breaches(Path.of("")));
    }
}
