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

    private static final Tidy TABLE =
            new Tidy(
                    "org.anycastdns.server",
                    Map.ofEntries(
                            Map.entry("wire", Set.of()),
                            Map.entry("zone", Set.of("wire")),
                            Map.entry("zonefile", Set.of("wire", "zone")),
                            Map.entry("lookup", Set.of("wire", "zone")),
                            Map.entry("guard", Set.of("wire")),
                            Map.entry("serve", Set.of("wire", "zone", "lookup", "guard")),
                            Map.entry("net", Set.of("serve", "net.posix")),
                            Map.entry("net.posix", Set.of()),
                            Map.entry("net.xdp", Set.of()),
                            Map.entry("transfer", Set.of("zone", "wire")),
                            Map.entry("files", Set.of()),
                            Map.entry("reload", Set.of("zone", "zonefile", "wire", "files")),
                            Map.entry("ops", Set.of("wire", "zone", "zonefile", "serve", "reload")),
                            Map.entry("config", Set.of()),
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
                    Set.of("wire", "zone", "zonefile", "lookup", "guard", "serve"));

    @Test
    void packagesImportOnlyAlongTheArrowsAndPureOnesStayPure() throws IOException {
        assertEquals(List.of(), TABLE.breaches(Path.of("target/classes")));
    }
}
