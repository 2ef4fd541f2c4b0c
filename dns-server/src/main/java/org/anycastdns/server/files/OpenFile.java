package org.anycastdns.server.files;

import java.io.IOException;
import java.time.Instant;

/// A regular file that is open for reading, by one thread. While it is open, what was found out
/// about it is about what is read, whatever happens to its name.
public sealed interface OpenFile extends AutoCloseable permits LinuxFile, PortableFile {

    /// Its version when it was opened.
    FileVersion version();

    /// Its size in octets when it was opened.
    default long size() {
        return version().octets();
    }

    /// When it was changed last, as far as the system knows.
    Instant changed();

    /// Whether some process has it open for writing; false also where that cannot be told. When no
    /// process has, a writer waits from now on until this file is closed, where the system can do
    /// that.
    boolean beingWritten();

    /// Its last octet, or -1 when it is empty.
    int last() throws IOException;

    /// All octets, up to the size that it had when it was opened.
    ///
    /// @param progress is called each time some have been read
    byte[] octets(Runnable progress) throws IOException;

    @Override
    void close();
}
