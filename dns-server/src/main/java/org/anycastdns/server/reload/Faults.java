package org.anycastdns.server.reload;

import java.nio.file.Path;
import org.anycastdns.server.wire.Name;

/// Where a fault of this program may happen while one zone is worked on: tests let it happen there.
interface Faults {

    /// What is done with a zone.
    enum Stage {
        /// Its text is read and checked.
        READ,
        /// Its image is made.
        BUILD,
        /// It is compared with the version in service and takes its place.
        SWAP,
        /// Its image is moved to other memory.
        COPY,
        /// It is taken out of service.
        REMOVE
    }

    /// What a file system is asked.
    enum Asking {
        /// The version of a file.
        STATUS,
        /// A file, to be opened.
        OPEN,
        /// What comes next of a file that is open.
        READ
    }

    /// None but those that there are.
    Faults NONE = (_, _) -> {};

    /// A stage begins.
    void at(Stage stage, Name zone);

    /// A file system is asked, by the thread that waits for it: one that hangs does not return.
    default void asks(Asking what, Path file) {}
}
