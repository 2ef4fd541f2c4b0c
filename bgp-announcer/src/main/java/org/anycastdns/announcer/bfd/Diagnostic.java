package org.anycastdns.announcer.bfd;

/// The reason for the last change to a worse state (RFC 5880 section 4.1).
public enum Diagnostic {
    NONE(0, "No Diagnostic"),
    DETECTION_TIME_EXPIRED(1, "Control Detection Time Expired"),
    ECHO_FAILED(2, "Echo Function Failed"),
    SIGNALED_DOWN(3, "Neighbor Signaled Session Down"),
    FORWARDING_RESET(4, "Forwarding Plane Reset"),
    PATH_DOWN(5, "Path Down"),
    CONCATENATED_PATH_DOWN(6, "Concatenated Path Down"),
    ADMINISTRATIVELY_DOWN(7, "Administratively Down"),
    REVERSE_CONCATENATED_PATH_DOWN(8, "Reverse Concatenated Path Down"),
    /// Any code from 9 to 31. Diagnostics are informational and change nothing.
    RESERVED(9, "Reserved");

    private final int code;
    private final String text;

    Diagnostic(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// Returns the diagnostic with this code, 0 to 31.
    static Diagnostic of(int code) {
        for (Diagnostic diagnostic : values()) {
            if (diagnostic.code == code) {
                return diagnostic;
            }
        }
        return RESERVED;
    }

    /// Returns the code on the wire.
    int code() {
        return code;
    }

    /// Returns the name in RFC 5880.
    @Override
    public String toString() {
        return text;
    }
}
