package org.anycastdns.server.wire;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Layouts of numbers in messages: in network byte order, at any offset.
public final class NetworkOrder {

    /// A number of 16 bits.
    public static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// A number of 32 bits.
    public static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// A number of 64 bits.
    public static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private NetworkOrder() {}
}
