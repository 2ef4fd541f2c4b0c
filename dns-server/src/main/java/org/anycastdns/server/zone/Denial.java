package org.anycastdns.server.zone;

/// How a zone proves that names and types do not exist.
public enum Denial {
    /// The zone is not signed, or has no chain: nothing can be proven.
    UNSIGNED(0),
    /// By NSEC records in canonical order (RFC 4034 section 4).
    NSEC(1),
    /// By NSEC3 records in hash order (RFC 5155).
    NSEC3(2);

    /// What stands for it in an image.
    final int code;

    Denial(int code) {
        this.code = code;
    }

    /// @throws IllegalArgumentException when the code stands for none
    static Denial of(int code) {
        return switch (code) {
            case 0 -> UNSIGNED;
            case 1 -> NSEC;
            case 2 -> NSEC3;
            default -> throw new IllegalArgumentException("no kind of denial: " + code);
        };
    }
}
