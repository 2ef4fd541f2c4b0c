package org.anycastdns.server.zone.build;

import org.anycastdns.server.wire.CanonicalKey;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ParallelRunner;

/// Sorts owner names in canonical order (RFC 4034 section 6.1). It compares the first 8 octets of
/// their sort keys, then the next 8 octets of those that are equal so far, and so on.
final class CanonicalOrder {

    private static final int WORD_OCTETS = 8;

    /// Number of owners in a run that is sorted by insertion before the runs are merged.
    private static final int RUN = 16;

    /// Maximum number of parts that are sorted in parallel, a power of two: a few for each core.
    private static final int PARTS_MAX = 64;

    /// Minimum number of owners in a part; a smaller part costs more to hand over than it saves.
    private static final int PART_MIN = 1 << 15;

    private final OwnerNames names;
    private final int skipped;
    private final CanonicalKey key = new CanonicalKey();
    private final byte[] folded = new byte[Name.OCTETS_MAX];
    private final int[] numbers;
    private final int[] otherNumbers;
    private final long[] words;
    private final long[] otherWords;

    /// Creates a worker of a parallel sort, with its own buffers and the shared arrays.
    private CanonicalOrder(CanonicalOrder all) {
        this.names = all.names;
        this.numbers = all.numbers;
        this.otherNumbers = all.otherNumbers;
        this.words = all.words;
        this.otherWords = all.otherWords;
        this.skipped = all.skipped;
    }

    private CanonicalOrder(OwnerNames names, Name apex, int[] numbers) {
        this.names = names;
        this.numbers = numbers;
        this.otherNumbers = new int[numbers.length];
        this.words = new long[numbers.length];
        this.otherWords = new long[numbers.length];
        // The keys of all names in the zone begin with the key of the apex.
        key.set(apex.folded(), 0);
        this.skipped = key.length();
    }

    /// Sorts owners in place.
    static void sort(OwnerTable owners, Name apex, int[] numbers, ParallelRunner runner) {
        if (numbers.length > 1) {
            new CanonicalOrder(owners.names(), apex, numbers).sort(runner);
        }
    }

    /// Sorts in three steps: sorts each part by the first word, merges the parts in pairs, and
    /// sorts the owners with an equal first word by the words that follow.
    private void sort(ParallelRunner runner) {
        int parts = 1;
        while (parts < PARTS_MAX && numbers.length / parts > PART_MIN) {
            parts *= 2;
        }
        int size = (numbers.length + parts - 1) / parts;
        int count = parts;
        runner.each(parts, i -> worker(count).sortByWord(end(i, size), end(i + 1, size), 0));
        for (int run = 1; run < parts; run *= 2) {
            int step = 2 * run;
            int half = run;
            runner.each(
                    parts / step,
                    i ->
                            merge(
                                    end(i * step, size),
                                    end(i * step + half, size),
                                    end((i + 1) * step, size)));
        }
        int[] bounds = new int[parts + 1];
        for (int i = 1; i <= parts; i++) {
            bounds[i] = Math.max(bounds[i - 1], end(i, size));
            while (bounds[i] < numbers.length && words[bounds[i]] == words[bounds[i] - 1]) {
                bounds[i]++;
            }
        }
        runner.each(parts, i -> worker(count).sortEqual(bounds[i], bounds[i + 1], 0));
    }

    /// Returns a worker of a parallel sort. A sort with one part uses this object: there may be
    /// many zones, and another object would cost memory.
    private CanonicalOrder worker(int count) {
        return count == 1 ? this : new CanonicalOrder(this);
    }

    /// Returns the index after the given number of parts.
    private int end(int parts, int size) {
        return (int) Math.min(numbers.length, (long) parts * size);
    }

    private void sortByWord(int from, int to, int word) {
        for (int i = from; i < to; i++) {
            words[i] = word(numbers[i], skipped + WORD_OCTETS * word);
        }
        merge(from, to);
    }

    /// Sorts each group of owners that have the same word by the next word.
    private void sortEqual(int from, int to, int word) {
        for (int start = from; start < to; ) {
            int end = start + 1;
            while (end < to && words[end] == words[start]) {
                end++;
            }
            if (end - start > 1) {
                sortByWord(start, end, word + 1);
                sortEqual(start, end, word + 1);
            }
            start = end;
        }
    }

    /// Returns 8 octets of a sort key as a number with the same order; zeros follow the end of the
    /// key.
    private long word(int owner, int from) {
        byte[] octets = names.octets(owner);
        int start = names.offset(owner);
        int length = names.length(owner);
        for (int i = 0; i < length; i++) {
            folded[i] = Name.fold(octets[start + i]);
        }
        key.set(folded, 0);
        long word = 0;
        for (int i = from; i < from + WORD_OCTETS; i++) {
            word = word << 8 | (i < key.length() ? key.octets()[i] & 0xff : 0);
        }
        return word ^ Long.MIN_VALUE;
    }

    private void merge(int from, int to) {
        for (int start = from; start < to; start += RUN) {
            insert(start, Math.min(to, start + RUN));
        }
        for (int run = RUN; run < to - from; run *= 2) {
            for (int start = from; start < to - run; start += 2 * run) {
                merge(start, start + run, Math.min(to, start + 2 * run));
            }
        }
    }

    private void insert(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            long word = words[i];
            int number = numbers[i];
            int at = i;
            for (; at > from && words[at - 1] > word; at--) {
                words[at] = words[at - 1];
                numbers[at] = numbers[at - 1];
            }
            words[at] = word;
            numbers[at] = number;
        }
    }

    private void merge(int from, int middle, int to) {
        if (words[middle - 1] <= words[middle]) {
            return;
        }
        System.arraycopy(words, from, otherWords, from, middle - from);
        System.arraycopy(numbers, from, otherNumbers, from, middle - from);
        int left = from;
        int right = middle;
        for (int at = from; left < middle; at++) {
            boolean takesLeft = right == to || otherWords[left] <= words[right];
            words[at] = takesLeft ? otherWords[left] : words[right];
            numbers[at] = takesLeft ? otherNumbers[left++] : numbers[right++];
        }
    }
}
