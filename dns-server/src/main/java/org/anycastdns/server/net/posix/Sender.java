package org.anycastdns.server.net.posix;

/// Where a datagram came from, and which address it was sent to: enough to answer it when its batch
/// is over. Immutable.
public final class Sender {

    private final byte[] address;
    private final byte[] control;

    /// @param address the sockaddr of the sender
    /// @param control the packet information, if the kernel gave any
    Sender(byte[] address, byte[] control) {
        this.address = address;
        this.control = control;
    }

    byte[] address() {
        return address;
    }

    byte[] control() {
        return control;
    }
}
