package org.anycastdns.server.store;

import java.io.IOException;

/// Failures of the state folder, as the operator reads them.
final class FolderFailure {

    private FolderFailure() {}

    /// Returns what to throw instead.
    ///
    /// @param what what could not be done, such as "write to"
    static IOException of(String what, FileLayer files, IOException cause) {
        return new IOException(
                "cannot %s the state folder %s: %s; it needs free space, and this program must be"
                                .formatted(what, files, cause.getMessage())
                        + " allowed to write there",
                cause);
    }
}
