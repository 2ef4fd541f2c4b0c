package org.anycastdns.server.tls;

import java.nio.file.Path;

/// A file that TLS needs cannot be used. The message names the file, the reason and the remedy.
public final class TlsFileException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Path file;

    TlsFileException(Path file, String reason) {
        super("'%s' %s".formatted(file, reason));
        this.file = file;
    }

    /// Returns the file that is to blame.
    public Path file() {
        return file;
    }
}
