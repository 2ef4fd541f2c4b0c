package org.anycastdns.server.files;

import java.io.IOException;
import java.time.Instant;

/// A regular file that one thread has open for reading. Everything returned here is about the file
/// that is read, even if its name now refers to another file.
public sealed interface OpenFile extends AutoCloseable permits LinuxFile, PortableFile {

    /// Returns the file's version when it was opened.
    FileVersion version();

    /// Returns the file's size in octets when it was opened.
    default long size() {
        return version().octets();
    }

    /// Returns when the file last changed, as far as the system knows.
    Instant changed();

    /// Returns whether a process has the file open for writing; also false if this cannot be
    /// determined. If no process has, a new writer blocks until this file is closed, if the system
    /// supports that.
    boolean beingWritten();

    /// Returns the last octet, or -1 if the file is empty.
    int last() throws IOException;

    /// Returns all octets, up to the size that the file had when it was opened.
    ///
    /// @param progress is called each time a part has been read
    byte[] octets(Runnable progress) throws IOException;

    @Override
    void close();
}
