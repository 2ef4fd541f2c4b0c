package org.anycastdns.server.config;

import java.util.regex.Pattern;

/// A 128-bit key, or none. Its string form hides the key, so that no log reveals it.
public final class CookieSecret {

    /// No key.
    public static final CookieSecret UNSET = new CookieSecret(false, 0, 0);

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{32}");

    private final boolean set;
    private final long high;
    private final long low;

    private CookieSecret(boolean set, long high, long low) {
        this.set = set;
        this.high = high;
        this.low = low;
    }

    /// Parses 32 hexadecimal digits, or 'unset'.
    ///
    /// @throws IllegalArgumentException with a message that does not repeat the text
    public static CookieSecret of(String text) {
        if (text.equals("unset")) {
            return UNSET;
        }
        if (!HEX.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a secret has 32 hexadecimal digits, e.g. from 'openssl rand -hex 16', not"
                            + " %d characters".formatted(text.length()));
        }
        return new CookieSecret(
                true,
                Long.parseUnsignedLong(text, 0, 16, 16),
                Long.parseUnsignedLong(text, 16, 32, 16));
    }

    /// Returns whether there is a key.
    public boolean isSet() {
        return set;
    }

    /// Returns the first eight octets.
    public long high() {
        return high;
    }

    /// Returns the last eight octets.
    public long low() {
        return low;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CookieSecret secret
                && set == secret.set
                && high == secret.high
                && low == secret.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high ^ low);
    }

    @Override
    public String toString() {
        return set ? "[...]" : "unset";
    }
}
