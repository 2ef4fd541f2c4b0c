package org.anycastdns.announcer.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// A connection to BIRD's control socket. It looks at the table far more often than a client
/// program that starts for each look.
final class BirdTable implements AutoCloseable {

    /// The last line of a reply. Other lines have a dash after the number, or none.
    private static final Pattern LAST = Pattern.compile("^[0-9]{4}( .*)?$");

    private final SocketChannel channel;
    private final BufferedReader reader;

    BirdTable(Path control) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(control));
        reader = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        reply();
    }

    /// Returns the description of all routes to a prefix; of none, that there is none.
    String routes(String prefix) throws IOException {
        ByteBuffer command =
                StandardCharsets.US_ASCII.encode("show route for " + prefix + " all\n");
        while (command.hasRemaining()) {
            channel.write(command);
        }
        return reply();
    }

    private String reply() throws IOException {
        StringBuilder text = new StringBuilder();
        while (true) {
            String line = reader.readLine();
            if (line == null) {
                throw new IOException("BIRD has ended");
            }
            text.append(line).append('\n');
            if (LAST.matcher(line).matches()) {
                return text.toString();
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
