package org.anycastdns.server.zone.build;

import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.Nsec3Hash;

/// The parameters at the start of NSEC3PARAM and NSEC3 RDATA (RFC 5155 section 4.2 and 3.2):
///
/// ```
///   hash algorithm (1) | flags (1) | iterations (2) | salt length (1) | salt
/// ```
public final class Nsec3Fields {

    private static final int SHA1 = 1;
    private static final int FLAGS = 1;
    private static final int SALT = 5;

    /// Length of a hash in base32 with the extended hex alphabet (RFC 4648 section 7).
    private static final int LABEL_OCTETS = 32;

    private final byte[] rdata;

    /// Reads the parameters of a record.
    ///
    /// @param rdata shared, must not be modified
    public Nsec3Fields(byte[] rdata) {
        this.rdata = rdata;
    }

    /// Returns whether this server can use these NSEC3PARAM parameters. Parameters with flags must
    /// be ignored (RFC 5155 section 4.1.2).
    boolean usable() {
        return rdata[0] == SHA1 && rdata[FLAGS] == 0 && iterations() <= Nsec3Hash.ITERATIONS_MAX;
    }

    int iterations() {
        return (rdata[2] & 0xff) << 8 | (rdata[3] & 0xff);
    }

    byte[] salt() {
        return Arrays.copyOfRange(rdata, SALT, SALT + (rdata[4] & 0xff));
    }

    /// Returns whether an NSEC3 record belongs to the chain with these parameters; flags are
    /// ignored.
    public boolean sameParameters(byte[] nsec3) {
        int end = SALT + (rdata[4] & 0xff);
        return nsec3.length >= end
                && nsec3[0] == rdata[0]
                && Arrays.equals(rdata, 2, end, nsec3, 2, end);
    }

    /// Returns the hash in the first label of an NSEC3 owner name directly below the apex; empty if
    /// the name is not of this form.
    public static byte[] ownerHash(Name owner, Name apex) {
        byte[] folded = owner.folded();
        if (owner.labelCount() != apex.labelCount() + 1 || folded[0] != LABEL_OCTETS) {
            return new byte[0];
        }
        byte[] hash = new byte[Nsec3Hash.OCTETS];
        long bits = 0;
        for (int i = 0; i < LABEL_OCTETS; i++) {
            byte c = folded[i + 1];
            boolean isDecimal = c >= '0' && c <= '9';
            if (!isDecimal && (c < 'a' || c > 'v')) {
                return new byte[0];
            }
            int digit = isDecimal ? c - '0' : c - 'a' + 10;
            bits = bits << 5 | digit;
            if (i % 8 == 7) {
                for (int j = 0; j < 5; j++) {
                    hash[i / 8 * 5 + j] = (byte) (bits >> (32 - 8 * j));
                }
                bits = 0;
            }
        }
        return hash;
    }

    /// Returns the owner name of the NSEC3 record for a hash, in lowercase wire form; the inverse
    /// of {@link #ownerHash}.
    public static byte[] owner(byte[] hash, byte[] apex) {
        byte[] owner = new byte[1 + LABEL_OCTETS + apex.length];
        owner[0] = LABEL_OCTETS;
        for (int i = 0; i < LABEL_OCTETS; i++) {
            int at = i * 5 / 8;
            int next = at + 1 < hash.length ? hash[at + 1] & 0xff : 0;
            int digit = ((hash[at] & 0xff) << 8 | next) >> (11 - i * 5 % 8) & 31;
            owner[i + 1] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        System.arraycopy(apex, 0, owner, 1 + LABEL_OCTETS, apex.length);
        return owner;
    }
}
