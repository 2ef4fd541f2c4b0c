package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.anycastdns.server.files.FileVersion;

/// What tells one version of a file from another without reading it; links are followed.
///
/// @param readable by this user; permissions may be mended without touching the file
record Stamp(FileVersion version, boolean readable) {

    /// Stands for a file that is not there or may not be looked at.
    static final Stamp NONE = new Stamp(new FileVersion(-1, 0, null), false);

    static Stamp of(Path file) {
        try {
            return new Stamp(FileVersion.of(file), Files.isReadable(file));
        } catch (IOException e) {
            return NONE;
        }
    }

    /// The same version of a file that may not be read.
    Stamp unreadable() {
        return new Stamp(version, false);
    }
}
