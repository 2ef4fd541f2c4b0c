package org.anycastdns.announcer.bfd;

/// Why a session last changed for the worse (RFC 5880 section 4.1).
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
    /// Any code from 9 to 31: the diagnostic is for people and changes nothing.
    RESERVED(9, "Reserved");

    private final int code;
    private final String text;

    Diagnostic(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /// The diagnostic with this code, 0 to 31.
    static Diagnostic of(int code) {
        for (Diagnostic diagnostic : values()) {
            if (diagnostic.code == code) {
                return diagnostic;
            }
        }
        return RESERVED;
    }

    /// The code on the wire.
    int code() {
        return code;
    }

    /// The name RFC 5880 gives it.
    @Override
    public String toString() {
        return text;
    }
}
