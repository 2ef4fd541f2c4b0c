package org.anycastdns.server.reload;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Serial number arithmetic (RFC 1982 section 3.2).
class SerialCheckTest {

    @Test
    void serialsAreComparedAroundTheCircle() {
        assertTrue(SerialCheck.isGreater(2, 1));
        assertFalse(SerialCheck.isGreater(1, 2));
        assertFalse(SerialCheck.isGreater(1, 1));
        assertTrue(SerialCheck.isGreater(0, -1));
        assertTrue(SerialCheck.isGreater(0x8000_0000, 1));
        assertFalse(SerialCheck.isGreater(0x8000_0001, 1));
        assertFalse(SerialCheck.isGreater(1, 0x8000_0001));
    }
}
