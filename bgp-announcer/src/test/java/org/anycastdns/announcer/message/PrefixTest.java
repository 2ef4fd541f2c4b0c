package org.anycastdns.announcer.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0/24",
        "0.0.0.0/0, 0.0.0.0/0",
        "192.0.2.53/32, 192.0.2.53/32",
        "2001:DB8:0:0:53::/80, 2001:db8:0:0:53::/80",
        "2001:db8:0053::/48, 2001:db8:53::/48",
        "::/0, ::/0",
        "2001:db8:0:1:0:0:0:1/128, 2001:db8:0:1::1/128",
        "2001:db8:0:1:1:1:1:1/128, 2001:db8:0:1:1:1:1:1/128"
    })
    void textIsCanonical(String text, String canonical) {
        assertEquals(canonical, Prefix.parse(text).toString());
        assertEquals(Prefix.parse(canonical), Prefix.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.0",
                "192.0.2/24",
                "192.0.2.0/",
                "192.0.2.0/33",
                "192.0.2.0/+8",
                "192.0.2.256/24",
                "example.com/24",
                "2001:db8::/129",
                "fe80::1%lo/128",
                "/24"
            })
    void whatIsNoPrefixIsAnError(String text) {
        assertThrows(IllegalArgumentException.class, () -> Prefix.parse(text));
    }

    @Test
    void hostBitsAreAnErrorThatNamesThePrefix() {
        String message =
                assertThrows(IllegalArgumentException.class, () -> Prefix.parse("192.0.2.53/24"))
                        .getMessage();
        assertEquals("192.0.2.53/24 has bits set behind the prefix length", message);
        assertThrows(IllegalArgumentException.class, () -> Prefix.parse("2001:db8::1/64"));
    }

    @Test
    void familiesAndThenNumbersOrderThem() {
        assertTrue(Prefix.parse("240.0.0.0/4").compareTo(Prefix.parse("10.0.0.0/8")) > 0);
        assertTrue(Prefix.parse("240.0.0.0/4").compareTo(Prefix.parse("::/0")) < 0);
    }
}
