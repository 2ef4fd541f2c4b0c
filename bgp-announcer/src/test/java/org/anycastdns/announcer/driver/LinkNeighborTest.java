package org.anycastdns.announcer.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.channel.DefaultEventLoop;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Finding the only router on a link.
class LinkNeighborTest {

    // No address that a host has by itself, as bridges of container engines have fe80::1.
    private static final InetAddress ONE = InetAddress.ofLiteral("fe80::5300:1");
    private static final InetAddress TWO = InetAddress.ofLiteral("fe80::5300:2");

    private final List<String> found = new ArrayList<>();
    private final DefaultEventLoop loop = new DefaultEventLoop();
    private final LinkNeighbor link = new LinkNeighbor(loop, "nosuch0", () -> found.add("found"));

    @Test
    void oneRouterIsFoundOnceAndTwoAreAmbiguous() {
        assertNull(link.address());
        assertEquals("no router advertisement heard on nosuch0", link.why());
        link.hear(ONE);
        link.hear(ONE);
        assertEquals(ONE, link.address());
        assertEquals(List.of("found"), found);
        link.hear(TWO);
        assertNull(link.address());
        assertEquals(
                "more than one router is on the link of nosuch0 (fe80::5300:1%nosuch0,"
                        + " fe80::5300:2%nosuch0): set address",
                link.why());
    }

    @Test
    void aSearchForgetsWhatWasHeard() {
        link.hear(ONE);
        link.search();
        assertNull(link.address());
        assertEquals("this host has no interface nosuch0", link.why());
    }

    @Test
    void aFloodOfRoutersIsNotRemembered() {
        for (int i = 0; i < 1_000; i++) {
            link.hear(InetAddress.ofLiteral("fe80::" + Integer.toHexString(i + 1)));
        }
        assertEquals(4, found.size());
        link.close();
    }
}
