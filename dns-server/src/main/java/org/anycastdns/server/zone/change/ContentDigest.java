package org.anycastdns.server.zone.change;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import org.anycastdns.server.rdata.Rdata;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.zone.Sha256;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.jspecify.annotations.Nullable;

/// A digest of what a zone serves: equal for two servers exactly if their answers are, whatever way
/// the zone came to each. It is the sum modulo 2^256 of the SHA-256 hashes of all records in
/// canonical form (RFC 4034 section 6.2), so that a change of some records costs as much as hashing
/// them.
///
/// It covers the records of the image: with the TTL of their record set, and without those that no
/// answer has. It detects faults and not forgery: who chooses records can make sums collide.
public final class ContentDigest {

    private static final int BITS = 256;

    /// Digits of the text form.
    private static final int DIGITS = BITS / 4;

    /// Octets of a record in canonical form beside owner and RDATA.
    private static final int FIXED_OCTETS = 10;

    /// The digest of a zone without records, and of no change.
    static final ContentDigest NOTHING = new ContentDigest(BigInteger.ZERO);

    private final BigInteger sum;

    private ContentDigest(BigInteger sum) {
        this.sum = sum;
    }

    /// Computes the digest of a zone, at the cost of reading all of it.
    public static ContentDigest of(Zone zone) {
        if (!zone.available()) {
            return NOTHING;
        }
        Sum all = new Sum();
        new NodeRecords(zone, GivenForm.OF_IMAGE).forEach(_ -> false, all::add);
        return new ContentDigest(modulus(all.total));
    }

    /// Returns what a change adds to the digest.
    ///
    /// @param owners the names that it changed
    static ContentDigest difference(Zone before, Zone after, List<Name> owners) {
        NodeRecords old = new NodeRecords(before, GivenForm.OF_IMAGE);
        NodeRecords now = new NodeRecords(after, GivenForm.OF_IMAGE);
        Sum gone = new Sum();
        Sum come = new Sum();
        for (Name owner : owners) {
            old.at(owner).forEach(gone::add);
            now.at(owner).forEach(come::add);
        }
        return new ContentDigest(modulus(come.total.subtract(gone.total)));
    }

    ContentDigest plus(ContentDigest difference) {
        return new ContentDigest(modulus(sum.add(difference.sum)));
    }

    private static BigInteger modulus(BigInteger sum) {
        return sum.mod(BigInteger.ONE.shiftLeft(BITS));
    }

    /// The digest of a zone, computed when somebody asks for it.
    static final class OnDemand {
        private final Zone zone;
        private @Nullable ContentDigest digest;

        OnDemand(Zone zone) {
            this.zone = zone;
        }

        synchronized ContentDigest get() {
            ContentDigest present = digest;
            if (present == null) {
                present = of(zone);
                digest = present;
            }
            return present;
        }
    }

    /// Adds up hashes.
    private static final class Sum {
        private final MessageDigest sha256 = Sha256.begin();
        private BigInteger total = BigInteger.ZERO;

        private void add(ResourceRecord record) {
            byte[] owner = record.owner().folded();
            byte[] rdata = record.rdata().clone();
            Rdata.canonical(record.type(), rdata, 0, rdata.length);
            ByteBuffer fixed = ByteBuffer.allocate(FIXED_OCTETS);
            fixed.putShort((short) record.type()).putShort((short) RecordClass.IN);
            fixed.putInt(record.ttlSeconds()).putShort((short) rdata.length);
            sha256.update(owner, 0, record.owner().length());
            sha256.update(fixed.array());
            total = total.add(new BigInteger(1, sha256.digest(rdata)));
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ContentDigest that && sum.equals(that.sum);
    }

    @Override
    public int hashCode() {
        return sum.hashCode();
    }

    /// Returns 64 hexadecimal digits.
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%0" + DIGITS + "x", sum);
    }
}
