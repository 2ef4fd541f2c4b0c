package org.anycastdns.announcer.it;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

/// Tests of a PoP in the left one of two network namespaces. What is in the other one is up to the
/// test.
abstract class BesidePop extends InNamespaces {

    Pop pop;

    @BeforeEach
    void createPop() throws IOException, InterruptedException {
        pop = new Pop(network, folder);
    }
}
