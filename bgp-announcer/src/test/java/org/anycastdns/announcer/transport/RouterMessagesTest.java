package org.anycastdns.announcer.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;

/// What is sent to and taken from the kernel in octets of our own.
class RouterMessagesTest {

    @Test
    void bothMessagesAreValidAndOthersAreNot() {
        assertEquals(
                RouterMessages.SOLICITATION, RouterMessages.type(RouterMessages.solicitation()));
        byte[] advertisement = RouterMessages.advertisement();
        assertEquals(RouterMessages.ADVERTISEMENT, RouterMessages.type(advertisement));
        assertEquals(0, ByteBuffer.wrap(advertisement).getShort(6), "we are no default router");
        assertEquals(0, RouterMessages.type(Arrays.copyOf(advertisement, 15)));
        assertEquals(0, RouterMessages.type(Arrays.copyOf(RouterMessages.solicitation(), 7)));
        assertEquals(0, RouterMessages.type(new byte[0]));
        advertisement[1] = 1;
        assertEquals(0, RouterMessages.type(advertisement), "no code but 0 (RFC 4861)");
        assertEquals(0, RouterMessages.type(new byte[] {(byte) 135, 0, 0, 0, 0, 0, 0, 0}));
    }

    @Test
    void theFilterLetsTwoTypesIn() {
        ByteBuffer filter = RouterMessages.filter().order(ByteOrder.nativeOrder());
        for (int type = 0; type < 256; type++) {
            boolean blocked = (filter.getInt(type / 32 * 4) >>> (type % 32) & 1) == 1;
            boolean ours =
                    type == RouterMessages.SOLICITATION || type == RouterMessages.ADVERTISEMENT;
            assertEquals(!ours, blocked, "type " + type);
        }
    }

    @Test
    void theKeyOfARangeHasItsPrefixLength() {
        ByteBuffer four = key("198.51.100.0/26", false);
        assertEquals(2, four.getShort(0));
        assertEquals(26, four.get(129));
        assertEquals((byte) 198, four.get(4));
        ByteBuffer mapped = key("198.51.100.0/26", true);
        assertEquals(10, mapped.getShort(0));
        assertEquals(26, mapped.get(129), "of the IPv4 address");
        assertEquals(-1, mapped.getShort(18));
        assertEquals((byte) 198, mapped.get(20));
        ByteBuffer six = key("2001:db8::/64", true);
        assertEquals(10, six.getShort(0));
        assertEquals(64, six.get(129));
        assertEquals(0x20, six.get(8));
        assertEquals(3, six.getShort(130));
        assertEquals('k', six.get(136));
        assertEquals(216, six.capacity());
    }

    private static ByteBuffer key(String range, boolean six) {
        byte[] key = {'k', 'e', 'y'};
        return RangeKeys.option(Prefix.parse(range), key, six).order(ByteOrder.nativeOrder());
    }
}
