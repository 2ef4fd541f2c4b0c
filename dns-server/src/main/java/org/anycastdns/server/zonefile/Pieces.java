package org.anycastdns.server.zonefile;

import java.util.ArrayList;
import java.util.List;

/// Cuts the text of a master file where reading can probably begin anew: before lines that start
/// with an owner name, after the directives that the text begins with. That it can is only known
/// when the piece before has been read to its end: a line in parentheses looks the same, and a
/// directive in the midst of the text may change what the rest means.
final class Pieces {

    /// Octets of a piece: enough to be worth a hand-over, few enough to share the work evenly.
    static final int OCTETS = 1 << 20;

    /// Octets that are searched for such a line, what has none is no ordinary master file; and at
    /// the text's beginning for directives.
    private static final int SEARCH_OCTETS = 1 << 16;

    private Pieces() {}

    /// Where pieces start, in order, and at last the text's end; fewer than two pieces are none.
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
