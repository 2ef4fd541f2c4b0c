package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.List;

/// Splits the text of a master file at points where reading can probably resume. These are the
/// lines that start with an owner name, after the directives at the start of the text.
///
/// Whether a split is valid is known only when the previous piece has been read to its end. A line
/// inside parentheses looks the same, and a directive in the middle may change the meaning of what
/// follows.
final class FileChunks {

    /// Size of a piece in octets: large enough to be worth a hand-over, small enough to share the
    /// work evenly.
    static final int OCTETS = 1 << 20;

    /// Number of octets searched for a line with an owner name, and for directives at the start of
    /// the text. A text without such a line is not an ordinary master file.
    private static final int SEARCH_OCTETS = 1 << 16;

    private FileChunks() {}

    /// Returns where the pieces start, in order, and finally the end of the text; fewer than two
    /// pieces mean that the text cannot be split.
    static List<Integer> starts(byte[] text, int octets) {
        List<Integer> starts = new ArrayList<>();
        if (text.length < 2L * octets) {
            return starts;
        }
        for (long at = lastDirective(text, octets); at < text.length - octets; at += octets) {
            int start = recordAfter(text, (int) at);
            if (start < 0) {
                return List.of();
            }
            if (starts.isEmpty() || start > starts.getLast()) {
                starts.add(start);
            }
        }
        starts.add(text.length);
        return starts;
    }

    private static int lastDirective(byte[] text, int octets) {
        int at = Math.min(octets, SEARCH_OCTETS);
        while (at > 0 && (text[at] != '$' || text[at - 1] != '\n')) {
            at--;
        }
        return Math.max(0, at);
    }

    private static int recordAfter(byte[] text, int from) {
        int to = Math.min(text.length - 1, from + SEARCH_OCTETS);
        for (int at = from; at < to; at++) {
            if (text[at] == '\n' && startsOwner(text[at + 1])) {
                return at + 1;
            }
        }
        return -1;
    }

    private static boolean startsOwner(byte octet) {
        return octet > ' ' && octet != ';' && octet != '(' && octet != ')' && octet != '"';
    }
}
