package org.anycastdns.server.zone.change;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.List;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.zone.ContentDigest;
import org.anycastdns.server.zone.Sha256;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;

/// Computes the {@link ContentDigest} of zones and of changes.
public final class ContentHash {

    /// Octets of a record in canonical form beside owner and RDATA.
    private static final int FIXED_OCTETS = 10;

    private final MessageDigest sha256 = Sha256.begin();
    private final byte[] hash = new byte[ContentDigest.OCTETS];
    private final ByteBuffer fixed = ByteBuffer.allocate(FIXED_OCTETS);
    private ContentDigest sum = ContentDigest.NOTHING;

    private ContentHash() {}

    /// Returns the digest of a zone. The first call for an image reads all of it; afterwards it is
    /// known, also for changed versions.
    ///
    /// @throws IllegalStateException if the memory of the zone was freed meanwhile
    public static ContentDigest of(Zone zone) {
        return of(zone, () -> {});
    }

    /// Returns the digest of a zone like {@link #of(Zone)}.
    ///
    /// @param pause is called after each record that is read, and may wait
    public static ContentDigest of(Zone zone, Runnable pause) {
        ContentDigest known = zone.digest().get();
        if (known != null) {
            return known;
        }
        ContentHash all = new ContentHash();
        if (zone.available()) {
            new NodeRecords(zone, GivenForm.OF_IMAGE)
                    .forEach(
                            _ -> false,
                            record -> {
                                all.add(record);
                                pause.run();
                            });
        }
        zone.digest().set(all.sum);
        return all.sum;
    }

    /// Returns what a change adds to the digest.
    ///
    /// @param owners the names that it changed
    static ContentDigest difference(Zone before, Zone after, List<Name> owners) {
        NodeRecords old = new NodeRecords(before, GivenForm.OF_IMAGE);
        NodeRecords now = new NodeRecords(after, GivenForm.OF_IMAGE);
        ContentHash gone = new ContentHash();
        ContentHash come = new ContentHash();
        for (Name owner : owners) {
            old.at(owner).forEach(gone::add);
            now.at(owner).forEach(come::add);
        }
        return come.sum.minus(gone.sum);
    }

    private void add(ResourceRecord record) {
        byte[] rdata = record.rdata().clone();
        Rdata.canonical(record.type(), rdata, 0, rdata.length);
        fixed.clear();
        fixed.putShort((short) record.type()).putShort((short) RecordClass.IN);
        fixed.putInt(record.ttlSeconds()).putShort((short) rdata.length);
        sha256.update(record.owner().folded(), 0, record.owner().length());
        sha256.update(fixed.array());
        sha256.update(rdata);
        try {
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has %d octets".formatted(hash.length), e);
        }
        sum = sum.plus(ContentDigest.of(hash));
    }
}
