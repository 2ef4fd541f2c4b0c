package org.anycastdns.server.reload;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What tells one version of a file from another without reading it; links are followed.
///
/// @param identity the file's inode or what stands for it, so that a file moved into the place of
///   another one of the same size and time counts as changed
/// @param readable by this user; permissions may be mended without touching the file
record Stamp(long octets, long modifiedNanos, @Nullable Object identity, boolean readable) {

    /// Stands for a file that is not there or may not be looked at.
    static final Stamp NONE = new Stamp(-1, 0, null, false);

    static Stamp of(Path file) {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return of(attributes, Files.isReadable(file));
        } catch (IOException e) {
            return NONE;
        }
    }

    /// The version of a file that has been looked at.
    static Stamp of(BasicFileAttributes attributes, boolean readable) {
        return new Stamp(
                attributes.size(),
                attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                attributes.fileKey(),
                readable);
    }

    /// The same version of a file that may not be read.
    Stamp unreadable() {
        return new Stamp(octets, modifiedNanos, identity, false);
    }
}
