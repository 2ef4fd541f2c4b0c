package org.anycastdns.daemon.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Tells which user of this host listens on a TCP port, from Linux's `/proc/net/tcp`.
final class PortOwner {

    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    /// The state TCP_LISTEN of the Linux kernel.
    private static final String LISTEN = "0A";

    /// Columns of a table: the local address with its port, the state, the user.
    private static final int LOCAL = 1;

    private static final int STATE = 3;
    private static final int USER = 7;

    /// Octets of a word; the kernel prints addresses word by word in the order of the host, which
    /// is little-endian wherever this program runs.
    private static final int WORD = 4;

    private PortOwner() {}

    /// Returns the user who listens on an address, if there is one and the system tells.
    static Optional<User> of(InetSocketAddress address) {
        return TABLES.stream().flatMap(table -> in(table, address).stream()).findFirst();
    }

    private static Optional<User> in(Path table, InetSocketAddress address) {
        try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > USER
                        && columns[STATE].equals(LISTEN)
                        && isAt(columns[LOCAL], address)) {
                    return Optional.of(new User(columns[USER]));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // There is no such table here.
        }
        return Optional.empty();
    }

    /// Returns whether a local address of the table, such as `0100007F:23C1`, receives connections
    /// to an address.
    static boolean isAt(String local, InetSocketAddress address) {
        int colon = local.indexOf(':');
        if (HexFormat.fromHexDigits(local, colon + 1, local.length()) != address.getPort()) {
            return false;
        }
        byte[] words = HexFormat.of().parseHex(local.substring(0, colon));
        byte[] octets = new byte[words.length];
        for (int i = 0; i < words.length; i++) {
            octets[i] = words[i / WORD * WORD + WORD - 1 - i % WORD];
        }
        try {
            InetAddress listens = InetAddress.getByAddress(octets);
            return listens.isAnyLocalAddress()
                    || address.getAddress().isAnyLocalAddress()
                    || listens.equals(address.getAddress());
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
