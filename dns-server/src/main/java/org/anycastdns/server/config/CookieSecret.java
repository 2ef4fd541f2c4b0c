package org.anycastdns.server.config;

import java.util.regex.Pattern;

/// A 128-bit key, or none. Its string form hides the key, so that no log reveals it.
///
/// @param isSet whether there is a key
/// @param high the first eight octets
/// @param low the last eight octets
public record CookieSecret(boolean isSet, long high, long low) {

    /// No key.
    public static final CookieSecret UNSET = new CookieSecret(false, 0, 0);

    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{32}");

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

    @Override
    public String toString() {
        return isSet ? "[...]" : "unset";
    }
}
