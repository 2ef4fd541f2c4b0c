package org.anycastdns.server.zone.change;

import java.util.Arrays;
import org.anycastdns.server.zone.IntTable;

/// The owners of record sets that name hosts for which the zone has no addresses, by the hash of
/// the host. When such a host gets addresses, these record sets must be written anew. Hashes are
/// cut to 31 bits: an owner too many does no harm.
final class Dangling {

    private static final int END = -1;

    // Hash to the last owner with it, and from each owner to the one before.
    private final IntTable last;
    private final Owners owners;

    /// The owners of all versions. An owner that was added never changes.
    private static final class Owners {
        private int[] owners = new int[8];
        private int[] before = new int[8];
        private int count;

        private synchronized int add(int owner, int previous) {
            if (count == owners.length) {
                owners = Arrays.copyOf(owners, 2 * count);
                before = Arrays.copyOf(before, 2 * count);
            }
            owners[count] = owner;
            before[count] = previous;
            return count++;
        }

        private synchronized int[] from(int end, int max) {
            int[] found = new int[max];
            int size = 0;
            for (int at = end; at != END && size < max; at = before[at]) {
                found[size++] = owners[at];
            }
            return Arrays.copyOf(found, size);
        }
    }

    private Dangling(IntTable last, Owners owners) {
        this.last = last;
        this.owners = owners;
    }

    /// Returns a version in which nothing dangles.
    static Dangling none() {
        return new Dangling(IntTable.EMPTY.copy(), new Owners());
    }

    /// Returns the next version, which may be filled until it is shared.
    Dangling copy() {
        return new Dangling(last.copy(), owners);
    }

    /// Adds the owner of a record set that names a host.
    ///
    /// @param owner first number of the owner's node
    void add(long hash, int owner) {
        last.put(key(hash), owners.add(owner, last.get(key(hash), END)));
    }

    /// Returns whether nothing dangles.
    boolean isEmpty() {
        return last.isEmpty();
    }

    /// Returns the first numbers of owners of record sets that may name a host; an owner may be
    /// there several times.
    ///
    /// @param max the most numbers that are returned
    int[] owners(long hash, int max) {
        return owners.from(last.get(key(hash), END), max);
    }

    private static int key(long hash) {
        return (int) (hash >>> 33);
    }
}
