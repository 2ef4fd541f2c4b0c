package org.anycastdns.daemon.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// A text that must not appear in messages or logs. Its string form hides it.
///
/// @param text the secret itself
public record Secret(String text) {

    /// Returns the number of octets in UTF-8.
    public int octets() {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return "(secret)";
    }

    /// A secret in its own file, which can have its own permissions. The line end is removed.
    ///
    /// @param file the file with the secret
    /// @param secret its content
    public record InFile(Path file, Secret secret) {

        /// The maximum size in octets: room for any secret and the line end. A larger file is the
        /// wrong file.
        private static final int FILE_OCTETS_MAX = 4096;

        /// Reads the file.
        ///
        /// @param folder where a relative path begins
        /// @throws IllegalArgumentException when there is no secret; the message says why
        static InFile read(String name, Path folder) {
            try {
                Path file = folder.resolve(name).normalize();
                if (Files.size(file) > FILE_OCTETS_MAX) {
                    throw new IllegalArgumentException(
                            "must be a file with a secret, but '%s' has more than %d octets"
                                    .formatted(name, FILE_OCTETS_MAX));
                }
                return new InFile(file, new Secret(Files.readString(file).stripTrailing()));
            } catch (IOException | InvalidPathException e) {
                throw new IllegalArgumentException(
                        "must be a readable file with a secret, but it cannot be read: " + e, e);
            }
        }
    }
}
