package org.anycastdns.server.reload;

import java.nio.file.Path;
import org.anycastdns.server.wire.Name;

/// A hook for tests, which inject internal errors and hanging file systems while a zone is
/// processed.
interface Faults {

    /// A stage in the processing of one zone.
    enum Stage {
        /// The zone's text is read and checked.
        READ,
        /// The zone's image is built.
        BUILD,
        /// The zone is compared with the version in service and replaces it.
        SWAP,
        /// The zone's image is moved to other memory.
        COPY,
        /// The zone is taken out of service.
        REMOVE
    }

    /// A request to the file system.
    enum Asking {
        /// Read the version of a file.
        STATUS,
        /// Open a file.
        OPEN,
        /// Read the next part of an open file.
        READ
    }

    /// Injects nothing.
    Faults NONE = (_, _) -> {};

    /// Called when a stage begins for a zone.
    void at(Stage stage, Name zone);

    /// Called before a request to a file system, by the thread that waits for the answer. To
    /// simulate a file system that hangs, it does not return.
    default void asks(Asking what, Path file) {}
}
