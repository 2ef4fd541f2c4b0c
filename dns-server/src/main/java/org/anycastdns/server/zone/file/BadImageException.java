package org.anycastdns.server.zone.file;

/// Reports that a file or memory segment is not a sound zone image; the message says why.
public final class BadImageException extends Exception {

    private static final long serialVersionUID = 1;

    BadImageException(String message) {
        super(message);
    }

    BadImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
