package org.anycastdns.server.files;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;

/// A file that was opened through {@link FileCalls}.
///
/// @param descriptor the file descriptor
record LinuxFile(int descriptor, FileVersion version, Instant changed) implements OpenFile {

    /// Takes ownership of a descriptor, and closes it if it is not a regular file's.
    static LinuxFile of(int descriptor) throws IOException {
        FileCalls kernel = FileCalls.own();
        boolean regular = false;
        try {
            kernel.status(descriptor);
            regular = kernel.type() == FileType.REGULAR;
            if (!regular) {
                throw new IOException("not a regular file");
            }
            return new LinuxFile(descriptor, kernel.version(), kernel.changed());
        } finally {
            if (!regular) {
                kernel.close(descriptor);
            }
        }
    }

    @Override
    public boolean beingWritten() {
        return FileCalls.own().beingWritten(descriptor);
    }

    @Override
    public int last() throws IOException {
        return size() == 0 ? -1 : FileCalls.own().octet(descriptor, size() - 1);
    }

    @Override
    public byte[] octets(Runnable progress) throws IOException {
        FileCalls kernel = FileCalls.own();
        byte[] octets = new byte[Math.toIntExact(size())];
        int at = 0;
        while (at < octets.length) {
            int read = kernel.read(descriptor, octets, at);
            progress.run();
            if (read == 0) {
                return Arrays.copyOf(octets, at);
            }
            at += read;
        }
        return octets;
    }

    @Override
    public void close() {
        FileCalls.own().close(descriptor);
    }
}
