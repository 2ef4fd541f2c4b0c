package org.anycastdns.server.zone.change;

import java.util.Arrays;
import org.anycastdns.server.zone.IntTable;

/// The owners of record sets that name hosts for which the zone has no addresses, by the hash of
/// the host. When such a host gets addresses, these record sets must be written anew. Hashes are
/// cut to 31 bits: an owner too many does no harm.
final class Dangling {

    /// Nothing dangles; nothing is added to it.
    static final Dangling NONE = new Dangling();

    private static final int ROOM_MIN = 8;
    private static final int END = -1;

    // Hash to the last owner with it, and from each owner to the one before.
    private IntTable last = IntTable.EMPTY;
    private int[] owners = new int[0];
    private int[] before = new int[0];
    private int count;

    /// Returns a copy, which may be filled until it is shared.
    Dangling copy() {
        Dangling copy = new Dangling();
        copy.last = last.copy();
        copy.owners = Arrays.copyOf(owners, Math.max(ROOM_MIN, owners.length));
        copy.before = Arrays.copyOf(before, copy.owners.length);
        copy.count = count;
        return copy;
    }

    /// Adds the owner of a record set that names a host.
    ///
    /// @param owner first number of the owner's node
    void add(long hash, int owner) {
        if (count == owners.length) {
            owners = Arrays.copyOf(owners, 2 * count);
            before = Arrays.copyOf(before, 2 * count);
        }
        owners[count] = owner;
        before[count] = last.get(key(hash), END);
        last.put(key(hash), count++);
    }

    /// Returns whether nothing dangles.
    boolean isEmpty() {
        return count == 0;
    }

    /// Returns the first numbers of owners of record sets that may name a host.
    int[] owners(long hash) {
        int[] found = new int[0];
        for (int at = last.get(key(hash), END); at != END; at = before[at]) {
            found = Arrays.copyOf(found, found.length + 1);
            found[found.length - 1] = owners[at];
        }
        return found;
    }

    private static int key(long hash) {
        return (int) (hash >>> 33);
    }
}
