package org.anycastdns.server.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What tells one version of a file from another without reading it.
///
/// @param octets its size
/// @param identity the file's inode or what stands for it, so that a file moved into the place of
///   another one of the same size and time counts as changed
public record FileVersion(long octets, long modifiedNanos, @Nullable Object identity) {

    /// The inode of a file and the device that it is on.
    record Inode(long device, long number) {}

    /// The version of the file that a path stands for now; links are followed.
    public static FileVersion of(Path file) throws IOException {
        if (FileCalls.AVAILABLE) {
            FileCalls calls = FileCalls.own();
            calls.status(file.toString());
            return calls.version();
        }
        return of(Files.readAttributes(file, BasicFileAttributes.class));
    }

    static FileVersion of(BasicFileAttributes attributes) {
        return new FileVersion(
                attributes.size(),
                attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                attributes.fileKey());
    }
}
