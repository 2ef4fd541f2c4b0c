package org.anycastdns.announcer.probe;

import java.nio.charset.StandardCharsets;

/// Bytes from outside as text that cannot harm a log line.
final class Printable {

    /// Longer identities are cut: a log line is a line.
    private static final int LENGTH_MAX = 64;

    private Printable() {}

    /// The bytes as ASCII, `?` for everything that is not printable, cut after 64.
    static String of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
    }

    /// The text with everything replaced that is not printable ASCII, cut after 64.
    static String of(String text) {
        return of(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
