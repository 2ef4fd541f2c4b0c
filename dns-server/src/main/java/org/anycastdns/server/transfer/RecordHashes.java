package org.anycastdns.server.transfer;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.Sha256;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Which records a zone has, as hashes of 64 bits: enough to see whether changes fit (RFC 1995
/// section 4) at the cost of the changes, without the records. Immutable; versions share memory.
///
/// Two records with the same hash are one in a hundred million for a zone of a million records, and
/// cost that a change which does not fit is not noticed.
public final class RecordHashes {

    /// Changed records from which on the hashes should be made anew from all records: each change
    /// copies what has changed before, so they must stay few.
    private static final int CHANGES_MAX = 1_000;

    private final Name zone;
    private final long[] table;
    private final Map<Long, Boolean> changes;
    private final int nameServers;

    private RecordHashes(Name zone, long[] table, Map<Long, Boolean> changes, int nameServers) {
        this.zone = zone;
        this.table = table;
        this.changes = changes;
        this.nameServers = nameServers;
    }

    /// Returns the hashes of all records of a zone.
    ///
    /// @param records each once; not changed
    public static RecordHashes of(Name zone, Records records) {
        // At most half of the places are in use, so that a search is short.
        long[] table = new long[Integer.highestOneBit(Math.max(1, records.size())) * 4];
        MessageDigest sha256 = Sha256.begin();
        int nameServers = 0;
        for (ResourceRecord record : records.list()) {
            long hash = hash(RecordKey.of(record), sha256);
            table[place(table, hash)] = hash;
            nameServers += isNameServer(zone, record) ? 1 : 0;
        }
        return new RecordHashes(zone, table, Map.of(), nameServers);
    }

    private static boolean isNameServer(Name zone, ResourceRecord record) {
        return record.type() == RecordType.NS && record.owner().equals(zone);
    }

    /// Returns the place of a hash, or the free one where it belongs.
    private static int place(long[] table, long hash) {
        int place = (int) hash & table.length - 1;
        while (table[place] != 0 && table[place] != hash) {
            place = place + 1 & table.length - 1;
        }
        return place;
    }

    private static long hash(RecordKey key, MessageDigest sha256) {
        sha256.update(key.owner().folded(), 0, key.owner().length());
        sha256.update((byte) (key.type() >>> Byte.SIZE));
        sha256.update((byte) key.type());
        sha256.update(key.canonical().duplicate());
        long hash = ByteBuffer.wrap(sha256.digest()).getLong();
        // A free place is 0.
        return hash == 0 ? 1 : hash;
    }

    /// Returns whether so much has changed that the hashes should be made anew.
    public boolean areWorn() {
        return changes.size() > CHANGES_MAX;
    }

    /// A version that is being made of another one.
    final class Next {

        private final MessageDigest sha256 = Sha256.begin();
        private final Map<Long, Boolean> next = new HashMap<>(changes);
        private int servers = nameServers;

        /// Returns whether the version before has a record.
        boolean had(RecordKey key) {
            long hash = hash(key, sha256);
            Boolean changed = changes.get(hash);
            return changed == null ? table[place(table, hash)] == hash : changed;
        }

        /// Adds or removes a record.
        void put(RecordKey key, ResourceRecord record, boolean had, boolean has) {
            if (had != has) {
                next.put(hash(key, sha256), has);
                servers += isNameServer(zone, record) ? has ? 1 : -1 : 0;
            }
        }

        /// Returns whether the zone has NS records at its apex.
        boolean hasNameServers() {
            return servers > 0;
        }

        RecordHashes done() {
            return new RecordHashes(zone, table, next, servers);
        }
    }

    Next next() {
        return new Next();
    }
}
