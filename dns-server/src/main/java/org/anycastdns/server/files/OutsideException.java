package org.anycastdns.server.files;

import java.io.IOException;

/// Thrown when a path or a link leads out of the folder that it must stay in.
public final class OutsideException extends IOException {

    private static final long serialVersionUID = 1;

    OutsideException() {
        super("leads out of the folder");
    }
}
