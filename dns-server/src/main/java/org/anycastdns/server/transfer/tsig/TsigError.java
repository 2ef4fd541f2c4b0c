package org.anycastdns.server.transfer.tsig;

import org.jspecify.annotations.Nullable;

/// The errors in the Error field of a TSIG record (RFC 8945 section 3).
public enum TsigError {
    /// The MAC is wrong.
    BADSIG,
    /// The key, or the key with this algorithm, is not known.
    BADKEY,
    /// The time signed is too far from the receiver's time.
    BADTIME,
    /// The MAC is shorter than the receiver's policy allows.
    BADTRUNC;

    /// Returns the number in the Error field.
    public int code() {
        return switch (this) {
            case BADSIG -> 16;
            case BADKEY -> 17;
            case BADTIME -> 18;
            case BADTRUNC -> 22;
        };
    }

    /// Returns what is wrong, for the operator.
    public String meaning() {
        return switch (this) {
            case BADSIG -> "the MAC is wrong: the secrets differ";
            case BADKEY -> "the key is not known with this name and algorithm";
            case BADTIME -> "the clocks differ by more than the fudge";
            case BADTRUNC -> "the MAC is shorter than the key allows";
        };
    }

    /// Returns the error with a number, or null if it is none of TSIG.
    static @Nullable TsigError of(int code) {
        for (TsigError each : values()) {
            if (each.code() == code) {
                return each;
            }
        }
        return null;
    }
}
