package org.anycastdns.server.zone;

/// The way in which a zone proves that names and types do not exist.
public enum Denial {
    /// The zone is not signed or has no chain: it cannot prove nonexistence.
    UNSIGNED(0),
    /// Denial by NSEC records in canonical order (RFC 4034 section 4).
    NSEC(1),
    /// Denial by NSEC3 records in hash order (RFC 5155).
    NSEC3(2);

    private final int code;

    Denial(int code) {
        this.code = code;
    }

    /// Returns the code of this constant in an image.
    public int code() {
        return code;
    }

    /// Returns the constant for a code of an image.
    ///
    /// @throws IllegalArgumentException if no constant has the code
    static Denial of(int code) {
        return switch (code) {
            case 0 -> UNSIGNED;
            case 1 -> NSEC;
            case 2 -> NSEC3;
            default -> throw new IllegalArgumentException("no kind of denial: " + code);
        };
    }
}
