package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Path;
import org.anycastdns.testkit.Namespaces;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Tests in network namespaces of their own.
abstract class InNamespaces {

    @TempDir Path folder;
    @AutoClose Namespaces network;
    Programs programs;

    @BeforeEach
    void createNetwork() throws IOException, InterruptedException {
        network = new Namespaces();
        programs = new Programs(network, folder);
    }
}
