package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Tests of a PoP beside its router, in a network of their own.
abstract class BesideRouter {

    /// The option of BIRD by which a session takes IPv6 routes too.
    static final String V6_CHANNEL = "ipv6 { import all; export none; };";

    @TempDir Path folder;
    @AutoClose RouterNetwork network;

    @BeforeEach
    void createNetwork() throws IOException, InterruptedException {
        network = new RouterNetwork(folder);
    }
}
