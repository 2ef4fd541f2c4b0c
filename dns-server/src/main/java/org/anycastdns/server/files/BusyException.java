package org.anycastdns.server.files;

import java.io.IOException;

/// Thrown when another process currently prevents a file from being opened.
public final class BusyException extends IOException {

    private static final long serialVersionUID = 1;

    BusyException() {
        super("another process holds it");
    }
}
