package org.anycastdns.announcer.transport;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.RawUnixChannelOption;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Where packets leave: from an address, and through an interface.
///
/// @param address the address to send from; null means the system's choice
/// @param device the interface or VRF (SO_BINDTODEVICE); null means by the routing table
public record LocalEnd(@Nullable InetAddress address, @Nullable String device) {

    /// The system's choice.
    public static final LocalEnd ANY = new LocalEnd(null, null);

    /// The maximum length of the name with the octet at its end: IFNAMSIZ of linux/if.h.
    private static final int NAME_OCTETS = 16;

    /// From asm-generic/socket.h. Since Linux 5.7 it needs a capability only to unbind.
    private static final RawUnixChannelOption SO_BINDTODEVICE =
            new RawUnixChannelOption("SO_BINDTODEVICE", 1, 25, NAME_OCTETS);

    /// Binds a socket to the interface, if there is one.
    ///
    /// @throws ChannelException when that is not possible, with the reason in words; then nothing
    ///   may be sent, because it might leave through another interface
    void bind(ChannelConfig config) {
        if (device != null) {
            bind(config, device);
        }
    }

    private static void bind(ChannelConfig config, String device) {
        byte[] name = Arrays.copyOf(device.getBytes(StandardCharsets.US_ASCII), NAME_OCTETS);
        String reason;
        try {
            if (config.setOption(SO_BINDTODEVICE, ByteBuffer.wrap(name))) {
                return;
            }
            reason = "only Linux can";
        } catch (ChannelException e) {
            reason = NetworkErrors.text(e);
        }
        boolean forbidden = reason.equals("Operation not permitted");
        throw new ChannelException(
                "cannot bind to the interface %s: %s%s"
                        .formatted(
                                device,
                                reason,
                                forbidden ? " (older kernels need CAP_NET_RAW)" : ""));
    }
}
