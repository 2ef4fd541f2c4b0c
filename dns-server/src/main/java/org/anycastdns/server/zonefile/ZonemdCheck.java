package org.anycastdns.server.zonefile;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.zone.ParallelRunner;
import org.anycastdns.server.zone.build.OwnerTable;
import org.anycastdns.server.zone.build.Records;
import org.anycastdns.server.zone.build.ZoneDigest;
import org.anycastdns.server.zonefile.problem.Findings;
import org.jspecify.annotations.Nullable;

/// Verifies a zone by its ZONEMD records (RFC 8976 section 4): one match is enough. Only DNSSEC can
/// prove that the records themselves are genuine. Without it, they detect transport damage, not
/// malice.
///
/// @param apexOwner the owner of the apex
record ZonemdCheck(OwnerTable owners, Records records, Name apex, int apexOwner) {

    private static final int SIMPLE = 1;

    /// Length of SERIAL, SCHEME and HASH ALGORITHM.
    private static final int HEAD_OCTETS = 6;

    /// Length of the five numbers at the end of SOA, SERIAL first (RFC 1035 section 3.3.13).
    private static final int SOA_NUMBERS_OCTETS = 20;

    /// Hash algorithms (RFC 8976 section 5.3).
    private static final int SHA384 = 1;

    private static final int SHA512 = 2;

    /// A ZONEMD record.
    ///
    /// @param record number of the record
    private record Claim(int record, int serial, int scheme, int algorithm, byte[] digest) {

        boolean sameMethod(Claim other) {
            return scheme == other.scheme && algorithm == other.algorithm;
        }
    }

    /// The reason why a record does not verify the zone.
    private record Failure(Claim claim, ZonemdStatus status, String text) {}

    /// Verifies a zone; if no record matches, reports why.
    ///
    /// @param owners owners of a zone without errors
    static ZonemdStatus check(
            OwnerTable owners, ZonemdPolicy policy, Findings findings, ParallelRunner runner) {
        ZonemdCheck check =
                new ZonemdCheck(owners, owners.records(), owners.origin(), owners.apex());
        List<Claim> claims = check.claims();
        if (claims.isEmpty()) {
            return ZonemdStatus.ABSENT;
        }
        if (policy == ZonemdPolicy.IGNORE) {
            return ZonemdStatus.UNCHECKED;
        }
        List<Failure> failures = check.failures(claims, runner);
        if (failures.size() < claims.size()) {
            return ZonemdStatus.VERIFIED;
        }
        for (Failure failure : failures) {
            if (policy == ZonemdPolicy.VERIFY) {
                findings.error(failure.claim.record, failure::text);
            } else {
                findings.warning(failure.claim.record, failure::text);
            }
        }
        boolean mismatch = failures.stream().anyMatch(each -> each.status == ZonemdStatus.MISMATCH);
        return mismatch ? ZonemdStatus.MISMATCH : ZonemdStatus.UNSUPPORTED;
    }

    /// Returns the ZONEMD records at the apex, without duplicates; those elsewhere have no meaning
    /// (RFC 8976 section 2).
    private List<Claim> claims() {
        List<Claim> claims = new ArrayList<>();
        for (int i = owners.start(apexOwner); i < owners.end(apexOwner); i++) {
            int record = owners.record(i);
            if (records.type(record) == RecordType.ZONEMD
                    && claims.stream()
                            .noneMatch(each -> records.compareRdata(each.record, record) == 0)) {
                claims.add(claim(record));
            }
        }
        return claims;
    }

    private Claim claim(int record) {
        byte[] rdata = Arrays.copyOf(records.rdata(record), Math.max(HEAD_OCTETS, length(record)));
        return new Claim(
                record,
                ByteBuffer.wrap(rdata).getInt(0),
                rdata[4] & 0xff,
                rdata[5] & 0xff,
                Arrays.copyOfRange(rdata, HEAD_OCTETS, rdata.length));
    }

    private int length(int record) {
        return records.rdataLength(record);
    }

    private List<Failure> failures(List<Claim> claims, ParallelRunner runner) {
        List<Failure> failures = new ArrayList<>();
        List<Claim> usable = new ArrayList<>();
        int serial = serial();
        for (Claim claim : claims) {
            Failure failure = unusable(claim, claims, serial);
            if (failure == null) {
                usable.add(claim);
            } else {
                failures.add(failure);
            }
        }
        // There is at most one usable record for a pair of scheme and hash algorithm.
        List<MessageDigest> digests = usable.stream().map(each -> begin(each.algorithm)).toList();
        if (!usable.isEmpty()) {
            ZoneDigest.simple(owners, apex, runner, digests);
        }
        for (int i = 0; i < usable.size(); i++) {
            Claim claim = usable.get(i);
            byte[] digest = digests.get(i).digest();
            if (!Arrays.equals(digest, claim.digest)) {
                failures.add(
                        new Failure(
                                claim,
                                ZonemdStatus.MISMATCH,
                                "the zone does not match its ZONEMD digest: it was changed or damaged after the digest was made; the zone's %s is %s"
                                        .formatted(
                                                digests.get(i).getAlgorithm(),
                                                HexFormat.of().formatHex(digest))));
            }
        }
        return failures;
    }

    private static MessageDigest begin(int algorithm) {
        try {
            return MessageDigest.getInstance(algorithm == SHA384 ? "SHA-384" : "SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has both", e);
        }
    }

    private int serial() {
        for (int i = owners.start(apexOwner); i < owners.end(apexOwner); i++) {
            int record = owners.record(i);
            if (records.type(record) == RecordType.SOA) {
                int end = records.rdataOffset(record) + records.rdataLength(record);
                return ByteBuffer.wrap(records.octets(record)).getInt(end - SOA_NUMBERS_OCTETS);
            }
        }
        throw new IllegalStateException("zone " + apex + " has no SOA record");
    }

    /// Returns why a record cannot be used to verify the zone, or null if it can.
    private static @Nullable Failure unusable(Claim claim, List<Claim> claims, int serial) {
        if (claims.stream()
                .anyMatch(other -> other.record != claim.record && other.sameMethod(claim))) {
            return unsupported(
                    claim,
                    "there are ZONEMD records with the same scheme %d and hash algorithm %d: none of them counts (RFC 8976 section 2)"
                            .formatted(claim.scheme, claim.algorithm));
        }
        if (claim.scheme != SIMPLE) {
            return unsupported(
                    claim,
                    "ZONEMD scheme %d cannot be verified: only 1, SIMPLE, is known"
                            .formatted(claim.scheme));
        }
        if (claim.algorithm != SHA384 && claim.algorithm != SHA512) {
            return unsupported(
                    claim,
                    "ZONEMD hash algorithm %d cannot be verified: only 1, SHA-384, and 2, SHA-512, are known"
                            .formatted(claim.algorithm));
        }
        if (claim.serial != serial) {
            return new Failure(
                    claim,
                    ZonemdStatus.MISMATCH,
                    "ZONEMD has serial %s but the SOA record has %s: make a new digest with every change"
                            .formatted(
                                    Integer.toUnsignedString(claim.serial),
                                    Integer.toUnsignedString(serial)));
        }
        return null;
    }

    private static Failure unsupported(Claim claim, String text) {
        return new Failure(claim, ZonemdStatus.UNSUPPORTED, text);
    }
}
