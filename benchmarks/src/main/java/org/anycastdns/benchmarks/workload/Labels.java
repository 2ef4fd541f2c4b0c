package org.anycastdns.benchmarks.workload;

/// Unique labels, one for each number, that look like registered domain names.
///
/// A number goes through a keyed permutation of 32 bits and is then spelled in syllables. Every
/// fourth label gets a hyphen and a common word. No syllable has a hyphen, so labels stay unique.
final class Labels {

    private static final String CONSONANTS = "bcdfghjklmnprstvwxyz";
    private static final String VOWELS = "aeiou";
    private static final int SYLLABLES = CONSONANTS.length() * VOWELS.length();
    private static final String[] WORDS = {
        "shop", "web", "online", "group", "media", "tech", "design", "service"
    };

    private final int key;
    private final int rotation;

    /// Creates the labels of a seed.
    Labels(long seed) {
        long mixed = mix(seed);
        key = (int) mixed;
        rotation = (int) (mixed >>> 32);
    }

    /// Returns the label of a number, 2 to 18 characters.
    String of(int index) {
        int bits = permuted(index);
        StringBuilder label = new StringBuilder(20);
        for (long rest = bits & 0xffff_ffffL; rest > 0 || label.isEmpty(); rest /= SYLLABLES) {
            int syllable = (int) (rest % SYLLABLES);
            label.append(CONSONANTS.charAt(syllable / VOWELS.length()))
                    .append(VOWELS.charAt(syllable % VOWELS.length()));
        }
        int word = (int) mix(bits) & (4 * WORDS.length - 1);
        if (word < WORDS.length) {
            label.append('-').append(WORDS[word]);
        }
        return label.toString();
    }

    /// Permutes 32 bits. Every step is invertible, so different numbers stay different.
    private int permuted(int index) {
        int bits = (index ^ key) * 0x9e37_79b1;
        bits ^= bits >>> 16;
        bits = (bits + rotation) * 0x85eb_ca6b;
        return bits ^ (bits >>> 15);
    }

    /// Hashes a number to 64 bits, so that adjacent numbers get unrelated values.
    static long mix(long value) {
        long bits = (value ^ (value >>> 33)) * 0xff51_afd7_ed55_8ccdL;
        bits = (bits ^ (bits >>> 33)) * 0xc4ce_b9fe_1a85_ec53L;
        return bits ^ (bits >>> 33);
    }
}
