package org.anycastdns.server.transfer.tsig;

import org.jspecify.annotations.Nullable;

/// The errors in the Error field of a TSIG record (RFC 8945 section 3).
public enum TsigError {
    /// The MAC is wrong.
    BADSIG(16, "the MAC is wrong: the secrets differ"),
    /// The key, or the key with this algorithm, is not known.
    BADKEY(17, "the key is not known with this name and algorithm"),
    /// The time signed is too far from the receiver's time.
    BADTIME(18, "the clocks differ by more than the fudge"),
    /// The MAC is shorter than the receiver's policy allows.
    BADTRUNC(22, "the MAC is shorter than the key allows");

    private final int code;
    private final String meaning;

    TsigError(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /// Returns the number in the Error field.
    public int code() {
        return code;
    }

    /// Returns what is wrong, for the operator.
    public String meaning() {
        return meaning;
    }

    /// Returns the error with a number, or null if it is none of TSIG.
    static @Nullable TsigError of(int code) {
        for (TsigError each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        return null;
    }
}
