package org.anycastdns.server.zone;

/// A file or memory that is no sound image of zones; the message says what is wrong.
public final class BadImageException extends Exception {

    private static final long serialVersionUID = 1;

    BadImageException(String message) {
        super(message);
    }

    BadImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
