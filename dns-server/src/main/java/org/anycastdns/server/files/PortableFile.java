package org.anycastdns.server.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.util.Arrays;

/// A file that was opened through the JDK.
record PortableFile(FileChannel channel, FileVersion version, Instant changed) implements OpenFile {

    /// Octets that are read at once: the JDK keeps a buffer of that size for each thread.
    private static final int PART_OCTETS = 1 << 18;

    @Override
    public boolean beingWritten() {
        return false;
    }

    @Override
    public int last() throws IOException {
        ByteBuffer octet = ByteBuffer.allocate(1);
        return size() > 0 && channel.read(octet, size() - 1) == 1 ? octet.get(0) & 0xff : -1;
    }

    @Override
    public byte[] octets(Runnable progress) throws IOException {
        byte[] octets = new byte[Math.toIntExact(size())];
        ByteBuffer rest = ByteBuffer.wrap(octets);
        int read = 0;
        while (rest.position() < octets.length && read >= 0) {
            rest.limit(Math.min(octets.length, rest.position() + PART_OCTETS));
            read = channel.read(rest);
            progress.run();
        }
        return rest.position() == octets.length ? octets : Arrays.copyOf(octets, rest.position());
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
