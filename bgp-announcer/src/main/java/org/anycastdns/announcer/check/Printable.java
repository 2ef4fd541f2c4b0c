package org.anycastdns.announcer.check;

import java.nio.charset.StandardCharsets;

/// Makes bytes from outside safe for log lines.
final class Printable {

    /// The maximum length in characters; longer text is cut, because a log line must stay short.
    private static final int LENGTH_MAX = 64;

    private Printable() {}

    /// Returns the bytes as ASCII, with `?` for everything that is not printable, cut after 64.
    static String of(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
        return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX) + "...";
    }

    /// Returns the text with `?` for everything that is not printable ASCII, cut after 64.
    static String of(String text) {
        return of(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
