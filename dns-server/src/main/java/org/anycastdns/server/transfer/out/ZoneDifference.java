package org.anycastdns.server.transfer.out;

import java.util.Arrays;
import java.util.BitSet;
import org.anycastdns.server.transfer.IxfrStep;
import org.anycastdns.server.transfer.SoaRecord;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.build.Records;

/// Computes the difference between two versions of a zone. A record whose TTL or spelling changes
/// is deleted and added (RFC 1995 section 4 knows no other change). Signatures and proofs are
/// records as any other, so the difference of presigned zones needs nothing more.
///
/// The records of the version before are in a hash table of record numbers: a zone may have
/// millions, and an object for each would take many times their memory.
public final class ZoneDifference {

    private static final int NONE = -1;

    private final Records before;
    private final int[] table;
    private final BitSet kept = new BitSet();

    private ZoneDifference(Records before) {
        this.before = before;
        // At most half of the places are in use, so that a search is short.
        this.table = new int[Integer.highestOneBit(Math.max(1, before.size())) * 4];
        Arrays.fill(table, NONE);
    }

    /// Returns the change from one version to another.
    ///
    /// @param records all records of the version before, each once; not changed
    /// @param nextRecords all records of the version after, each once; not changed
    public static IxfrStep between(
            SoaRecord soa, Records records, SoaRecord next, Records nextRecords) {
        ZoneDifference difference = new ZoneDifference(records);
        difference.fill();
        Records adds = difference.added(nextRecords);
        return new IxfrStep(soa, difference.deleted(), next, adds);
    }

    private void fill() {
        for (int i = 0; i < before.size(); i++) {
            int record = before.number(i);
            if (before.type(record) != RecordType.SOA) {
                int place = place(before, record);
                while (table[place] != NONE) {
                    place = place + 1 & table.length - 1;
                }
                table[place] = i;
            }
        }
    }

    /// Returns the records of a version that the one before does not have, and notes those that it
    /// has.
    private Records added(Records after) {
        Records adds = new Records();
        for (int i = 0; i < after.size(); i++) {
            int record = after.number(i);
            if (after.type(record) == RecordType.SOA) {
                continue;
            }
            int index = find(after, record);
            if (index == NONE) {
                adds.add(after, record, 0);
            } else {
                kept.set(index);
            }
        }
        return adds;
    }

    private Records deleted() {
        Records deletes = new Records();
        for (int i = 0; i < before.size(); i++) {
            int record = before.number(i);
            if (!kept.get(i) && before.type(record) != RecordType.SOA) {
                deletes.add(before, record, 0);
            }
        }
        return deletes;
    }

    /// Returns the index of the same record in the version before, or {@link #NONE}.
    private int find(Records after, int record) {
        for (int place = place(after, record); table[place] != NONE; ) {
            if (isSame(before.number(table[place]), after, record)) {
                return table[place];
            }
            place = place + 1 & table.length - 1;
        }
        return NONE;
    }

    /// Returns whether two records agree in all, octet for octet.
    private boolean isSame(int mine, Records after, int other) {
        byte[] octets = before.octets(mine);
        byte[] others = after.octets(other);
        int owner = before.ownerOffset(mine);
        int otherOwner = after.ownerOffset(other);
        int length = Name.lengthAt(octets, owner);
        int rdata = before.rdataOffset(mine);
        int otherRdata = after.rdataOffset(other);
        return before.type(mine) == after.type(other)
                && before.ttlSeconds(mine) == after.ttlSeconds(other)
                && length == Name.lengthAt(others, otherOwner)
                && Arrays.equals(
                        octets, owner, owner + length, others, otherOwner, otherOwner + length)
                && Arrays.equals(
                        octets,
                        rdata,
                        rdata + before.rdataLength(mine),
                        others,
                        otherRdata,
                        otherRdata + after.rdataLength(other));
    }

    private int place(Records records, int record) {
        byte[] octets = records.octets(record);
        int owner = records.ownerOffset(record);
        int hash = records.type(record);
        hash = hash(hash, octets, owner, owner + Name.lengthAt(octets, owner));
        int rdata = records.rdataOffset(record);
        hash = hash(hash, octets, rdata, rdata + records.rdataLength(record));
        // Spreads the high bits, which the mask would lose.
        hash *= 0x9e3779b1;
        return (hash ^ hash >>> 15) & table.length - 1;
    }

    private static int hash(int start, byte[] octets, int from, int to) {
        int hash = start;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + octets[i];
        }
        return hash;
    }
}
