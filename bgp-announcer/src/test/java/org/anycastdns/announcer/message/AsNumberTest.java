package org.anycastdns.announcer.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// AS numbers and communities as operators write them.
class AsNumberTest {

    @ParameterizedTest
    @CsvSource({
        "65010, 65010",
        "0.65010, 65010",
        "1.0, 65536",
        "1.10, 65546",
        "1.1, 65537",
        "65535.65535, 4294967295"
    })
    void bothNotationsAreRead(String text, long number) {
        assertEquals(number, AsNumber.parse(text).number());
        assertEquals(
                number + ":1:2", LargeCommunity.parse(text + ":1:2").toString(), "RFC 8092 too");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0", "0.0", "4294967296", "1.65536", "65536.0", "1.2.3", "-1", "1.", ".1"})
    void othersAreNot(String text) {
        assertThrows(IllegalArgumentException.class, () -> AsNumber.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "graceful-shutdown, 65535:0",
        "accept-own, 65535:1",
        "llgr-stale, 65535:6",
        "no-llgr, 65535:7",
        "standby-pe, 65535:9",
        "blackhole, 65535:666",
        "no-export, 65535:65281",
        "no-advertise, 65535:65282",
        "no-export-subconfed, 65535:65283",
        "no-peer, 65535:65284"
    })
    void wellKnownCommunitiesHaveNames(String name, String numbers) {
        Community community = Community.parse(name);
        assertEquals(numbers, community.toString());
        assertEquals(name, community.label());
        assertEquals(community, Community.parse(numbers));
        assertEquals(community, Community.parse(name.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    @Test
    void otherCommunitiesHaveNone() {
        assertEquals("65535:10", Community.parse("65535:10").label());
        assertEquals("65001:42", Community.parse("65001:42").label());
        assertThrows(IllegalArgumentException.class, () -> Community.parse("no-exprot"));
    }
}
