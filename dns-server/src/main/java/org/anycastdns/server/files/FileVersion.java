package org.anycastdns.server.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells versions of a file apart without reading it.
///
/// @param octets the file's size
/// @param identity the file's inode or its equivalent; it detects a file that replaced another one
///   of the same size and time
public record FileVersion(long octets, long modifiedNanos, @Nullable Object identity) {

    /// The inode of a file and the device that it is on.
    record Inode(long device, long number) {}

    /// Returns the current version of the file at a path; links are followed.
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
