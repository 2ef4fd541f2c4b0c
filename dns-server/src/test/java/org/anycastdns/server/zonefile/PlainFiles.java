package org.anycastdns.server.zonefile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Zone files as the file system has them, without the checks of a watched folder.
public final class PlainFiles {

    private PlainFiles() {}

    /// Reads a file. It is a {@link Source}.
    public static Source.Content read(String file) {
        try {
            return new Source.Content.Text(Files.readAllBytes(Path.of(file)));
        } catch (IOException e) {
            return new Source.Content.Unreadable(e.toString());
        }
    }
}
