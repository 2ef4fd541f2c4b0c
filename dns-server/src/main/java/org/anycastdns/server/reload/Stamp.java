package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anycastdns.server.files.FileVersion;

/// Tells versions of a file apart without reading it; links are followed.
///
/// @param readable by this user; permissions may be fixed without touching the file
record Stamp(FileVersion version, boolean readable) {

    /// Stands for a file that does not exist or whose status is not accessible.
    static final Stamp NONE = new Stamp(new FileVersion(-1, 0, null), false);

    static Stamp of(Path file) {
        try {
            return new Stamp(FileVersion.of(file), Files.isReadable(file));
        } catch (IOException e) {
            return NONE;
        }
    }

    /// Returns the same version, marked as unreadable.
    Stamp unreadable() {
        return new Stamp(version, false);
    }
}
