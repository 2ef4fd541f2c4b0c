package org.anycastdns.server.files;

import java.io.IOException;

/// Another process keeps a file from being opened at this moment.
public final class BusyException extends IOException {

    private static final long serialVersionUID = 1;

    BusyException() {
        super("another process holds it");
    }
}
