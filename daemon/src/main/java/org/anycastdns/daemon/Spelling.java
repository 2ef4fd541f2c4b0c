package org.anycastdns.daemon;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the known word that a mistyped one was probably meant to be.
public final class Spelling {

    /// With more errors than this, it is a different word.
    private static final int SLIPS_MAX = 2;

    private Spelling() {}

    /// Returns the known word nearest to the given one, the first if there are several, or null if
    /// none is near.
    public static @Nullable String nearest(String word, List<String> known) {
        String nearest = null;
        int fewest = SLIPS_MAX + 1;
        for (String candidate : known) {
            int slips = slips(word, candidate);
            if (slips < fewest) {
                fewest = slips;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /// Returns the Levenshtein distance: the insertions, deletions and replacements that turn one
    /// word into the other.
    private static int slips(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
