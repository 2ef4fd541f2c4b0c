package org.anycastdns.server.transfer.tsig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.crypto.spec.SecretKeySpec;
import org.anycastdns.server.transfer.message.MessageMutations;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TSIGRecord;
import org.xbill.DNS.Type;

/// TSIG with dnsjava as the other side. Case numbers are those of the specification of transfers.
class TsigTest {

    private static final long NOW = 1_790_000_000;
    private static final byte[] SECRET =
            "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final Name NAME = Name.of("Transfer.Key.");
    private static final int MUTATIONS = 5_000;

    private static TsigKey key(TsigAlgorithm algorithm) {
        return new TsigKey(NAME, algorithm, SECRET);
    }

    private static TSIG theirs(TsigAlgorithm algorithm, long now) {
        return new TSIG(
                org.xbill.DNS.Name.fromConstantString(algorithm.wireName().toString()),
                org.xbill.DNS.Name.fromConstantString("transfer.key."),
                new SecretKeySpec(SECRET, algorithm.macName()),
                Clock.fixed(Instant.ofEpochSecond(now), ZoneOffset.UTC));
    }

    private static TSIG theirs(TsigAlgorithm algorithm) {
        return theirs(algorithm, NOW);
    }

    private static Message query() {
        return Message.newQuery(
                Record.newRecord(
                        org.xbill.DNS.Name.fromConstantString("Example."), Type.SOA, DClass.IN));
    }

    private static byte[] response(Message query, int number) throws IOException {
        Message response = new Message(query.getHeader().getID());
        response.getHeader().setFlag(org.xbill.DNS.Flags.QR);
        response.addRecord(query.getQuestion(), Section.QUESTION);
        response.addRecord(
                Record.fromString(
                        org.xbill.DNS.Name.fromConstantString("example."),
                        Type.TXT,
                        DClass.IN,
                        1,
                        "m" + number,
                        org.xbill.DNS.Name.root),
                Section.ANSWER);
        return response.toWire();
    }

    private static byte[] signed(TSIG by, Message message) {
        message.setTSIG(by, Rcode.NOERROR, null);
        return message.toWire(65_535);
    }

    private static TsigVerdict check(TsigKey key, byte[] request, long now) {
        return TsigRequests.check(new TsigKeys(List.of(key)), request, request.length, now);
    }

    private static TsigVerdict.Failed failed(TsigError error, TsigVerdict verdict) {
        TsigVerdict.Failed failed = assertInstanceOf(TsigVerdict.Failed.class, verdict);
        assertEquals(error, failed.error());
        return failed;
    }

    private static TSIGRecord record(byte[] message) throws IOException {
        return new Message(message).getTSIG();
    }

    /// Cases 69 and 74.
    @ParameterizedTest
    @EnumSource
    void dnsjavasRequestIsVerifiedAndItsResponseSigned(TsigAlgorithm algorithm) throws IOException {
        TSIG theirs = theirs(algorithm);
        Message query = query();
        byte[] request = signed(theirs, query);
        TsigVerdict.Verified verified =
                assertInstanceOf(
                        TsigVerdict.Verified.class, check(key(algorithm), request, NOW + 300));
        byte[] plain = response(query, 1);
        byte[] response = verified.reply().sign(plain, plain.length, NOW);
        assertEquals(plain.length + verified.reply().octets(), response.length);
        assertEquals(
                Rcode.NOERROR,
                theirs.verify(new Message(response), response, record(request), true));
    }

    /// The other direction.
    @ParameterizedTest
    @EnumSource
    void ourRequestIsVerifiedByDnsjavaAndItsResponseByUs(TsigAlgorithm algorithm)
            throws IOException {
        TSIG theirs = theirs(algorithm);
        Message query = query();
        byte[] plain = query.toWire();
        TsigSigner signer = TsigSigner.request(key(algorithm));
        byte[] request = signer.sign(plain, plain.length, NOW);
        assertEquals(Rcode.NOERROR, theirs.verify(new Message(request), request, null, true));
        Message response = new Message(response(query, 1));
        response.setTSIG(theirs, Rcode.NOERROR, record(request));
        byte[] octets = response.toWire(65_535);
        TsigStream stream = new TsigStream(key(algorithm), signer.mac());
        assertNull(stream.check(octets, octets.length, NOW));
        assertTrue(stream.isComplete());
        octets[30] ^= 1;
        String reason =
                new TsigStream(key(algorithm), signer.mac()).check(octets, octets.length, NOW);
        assertTrue(String.valueOf(reason).startsWith("BADSIG"), reason);
    }

    /// The names of RFC 8945 for truncated MACs. dnsjava sends whole MACs under some of them, so
    /// the name alone is taken from it.
    @Test
    void aTruncatedKeyAcceptsTheTruncatedNamesAndWholeMacs() {
        TsigKey truncated = new TsigKey(NAME, TsigAlgorithm.HMAC_SHA256, 16, SECRET);
        byte[] plain = query().toWire();
        byte[] shorter = TsigSigner.request(truncated).sign(plain, plain.length, NOW);
        byte[] whole =
                TsigSigner.request(key(TsigAlgorithm.HMAC_SHA256)).sign(plain, plain.length, NOW);
        assertEquals(16, whole.length - shorter.length);
        assertInstanceOf(TsigVerdict.Verified.class, check(truncated, shorter, NOW));
        assertInstanceOf(TsigVerdict.Verified.class, check(truncated, whole, NOW));
        assertEquals(
                new TsigMethod(TsigAlgorithm.HMAC_SHA512, 32),
                TsigAlgorithm.named(Name.of("hmac-sha512-256.")));
        assertEquals(
                new TsigMethod(TsigAlgorithm.HMAC_SHA384, 24),
                TsigAlgorithm.named(Name.of("HMAC-sha384-192.")));
        assertNull(TsigAlgorithm.named(Name.of("hmac-sha1-80.")));
    }

    /// Case 68.
    @Test
    void aRecordAtTheWrongPlaceIsMalformed() throws IOException {
        Message query = query();
        TSIG theirs = theirs(TsigAlgorithm.HMAC_SHA256);
        byte[] request = signed(theirs, query);
        Message two = new Message(request);
        two.addRecord(record(request), Section.ADDITIONAL);
        assertInstanceOf(
                TsigVerdict.Malformed.class,
                check(key(TsigAlgorithm.HMAC_SHA256), two.toWire(), NOW));
        Message answer = query();
        answer.addRecord(record(request), Section.ANSWER);
        assertInstanceOf(
                TsigVerdict.Malformed.class,
                check(key(TsigAlgorithm.HMAC_SHA256), answer.toWire(), NOW));
        int record =
                assertInstanceOf(
                                TsigRecord.Found.One.class,
                                TsigRecord.find(request, request.length))
                        .record()
                        .offset();
        for (int offset : new int[] {3, 7}) {
            byte[] changed = request.clone();
            changed[record + NAME.length() + offset]++;
            TsigVerdict verdict = check(key(TsigAlgorithm.HMAC_SHA256), changed, NOW);
            assertInstanceOf(TsigVerdict.Malformed.class, verdict, "offset " + offset);
        }
        assertInstanceOf(
                TsigVerdict.Unsigned.class,
                check(key(TsigAlgorithm.HMAC_SHA256), query().toWire(), NOW));
    }

    /// Case 70: an unknown name, and a known one with another algorithm. The time does not count.
    @Test
    void anUnknownKeyIsBadKeyWithoutMac() throws IOException {
        byte[] request = signed(theirs(TsigAlgorithm.HMAC_SHA256), query());
        TsigKey other = new TsigKey(Name.of("other."), TsigAlgorithm.HMAC_SHA256, SECRET);
        for (TsigKey key : List.of(other, key(TsigAlgorithm.HMAC_SHA512))) {
            TsigVerdict.Failed failed = failed(TsigError.BADKEY, check(key, request, 0));
            byte[] plain = response(query(), 1);
            TSIGRecord record = record(failed.reply().sign(plain, plain.length, NOW));
            assertEquals(17, record.getError());
            assertEquals(0, record.getSignature().length);
            assertEquals("transfer.key.", record.getName().toString());
        }
    }

    /// Case 71.
    @Test
    void aWrongMacIsBadSigWithoutMac() throws IOException {
        byte[] request = signed(theirs(TsigAlgorithm.HMAC_SHA256), query());
        TsigKey wrong = new TsigKey(NAME, TsigAlgorithm.HMAC_SHA256, new byte[] {1});
        byte[] plain = response(query(), 1);
        TSIGRecord record =
                record(
                        failed(TsigError.BADSIG, check(wrong, request, 0))
                                .reply()
                                .sign(plain, plain.length, NOW));
        assertEquals(16, record.getError());
        assertEquals(0, record.getSignature().length);
    }

    /// Case 72: signed, with the client's time in it and the server's time beside it.
    @Test
    void aWrongTimeIsBadTimeAndSigned() throws IOException {
        for (long time : new long[] {0, NOW - 301, NOW + 301}) {
            TSIG theirs = theirs(TsigAlgorithm.HMAC_SHA256, time);
            Message query = query();
            byte[] request = signed(theirs, query);
            TsigSigner reply =
                    failed(TsigError.BADTIME, check(key(TsigAlgorithm.HMAC_SHA256), request, NOW))
                            .reply();
            byte[] plain = response(query, 1);
            byte[] response = reply.sign(plain, plain.length, NOW);
            TSIGRecord record = record(response);
            assertEquals(18, record.getError());
            assertEquals(time, record.getTimeSigned().getEpochSecond());
            assertEquals(6, record.getOther().length);
            assertEquals(NOW, java.nio.ByteBuffer.wrap(record.getOther()).getInt(2) & 0xffffffffL);
            assertEquals(32, record.getSignature().length);
            TsigStream stream =
                    new TsigStream(key(TsigAlgorithm.HMAC_SHA256), record(request).getSignature());
            String reason = stream.check(response, response.length, NOW);
            assertTrue(String.valueOf(reason).contains("BADTIME"), reason);
        }
    }

    /// Case 73.
    @Test
    void aShortMacIsMalformedOrBadTruncOrTaken() throws IOException {
        byte[] plain = query().toWire();
        TsigKey whole = key(TsigAlgorithm.HMAC_SHA256);
        TsigKey half = new TsigKey(NAME, TsigAlgorithm.HMAC_SHA256, 16, SECRET);
        byte[] request = TsigSigner.request(half).sign(plain, plain.length, NOW);
        TsigSigner reply = failed(TsigError.BADTRUNC, check(whole, request, NOW)).reply();
        byte[] response = reply.sign(plain, plain.length, NOW);
        assertEquals(22, record(response).getError());
        assertEquals(32, record(response).getSignature().length);
        assertThrows(
                IllegalArgumentException.class,
                () -> new TsigKey(NAME, TsigAlgorithm.HMAC_SHA256, 15, SECRET));
        TsigRecord found =
                assertInstanceOf(
                                TsigRecord.Found.One.class,
                                TsigRecord.find(request, request.length))
                        .record();
        for (int octets : new int[] {0, 9, 15, 33}) {
            byte[] changed =
                    found.with(Arrays.copyOf(found.mac(), octets)).appendTo(plain, plain.length);
            assertInstanceOf(
                    TsigVerdict.Malformed.class, check(whole, changed, NOW), "octets " + octets);
        }
    }

    /// Case 75: dnsjava verifies each message of a stream.
    @Test
    void everyMessageOfAStreamIsSigned() throws IOException {
        TSIG theirs = theirs(TsigAlgorithm.HMAC_SHA256);
        Message query = query();
        byte[] request = signed(theirs, query);
        TsigSigner reply =
                assertInstanceOf(
                                TsigVerdict.Verified.class,
                                check(key(TsigAlgorithm.HMAC_SHA256), request, NOW))
                        .reply();
        TSIG.StreamVerifier verifier = new TSIG.StreamVerifier(theirs, record(request));
        for (int i = 0; i < 5; i++) {
            byte[] plain = response(query, i);
            byte[] message = reply.sign(plain, plain.length, NOW);
            assertNotNull(record(message));
            assertEquals(Rcode.NOERROR, verifier.verify(new Message(message), message, i == 4));
        }
    }

    /// Case 76.
    @Test
    void upTo99MessagesBetweenSignedOnesMayBeUnsigned() throws IOException {
        Message query = query();
        byte[] plain = query.toWire();
        TsigKey key = key(TsigAlgorithm.HMAC_SHA512);
        for (int gap : new int[] {0, 1, 99, 100}) {
            TsigSigner ours = TsigSigner.request(key);
            byte[] request = ours.sign(plain, plain.length, NOW);
            TsigStream stream = new TsigStream(key, ours.mac());
            byte[] mac = record(request).getSignature();
            byte[] first = signedMessage(key, mac, List.of(response(query, 0)), false);
            assertNull(stream.check(first, first.length, NOW));
            assertTrue(stream.isComplete());
            List<byte[]> messages = new java.util.ArrayList<>();
            String reason = null;
            for (int i = 0; i < gap; i++) {
                byte[] unsigned = response(query, i + 1);
                messages.add(unsigned);
                reason = stream.check(unsigned, unsigned.length, NOW);
                assertFalse(stream.isComplete());
            }
            if (gap == 100) {
                assertTrue(String.valueOf(reason).contains("more than 99"), reason);
                continue;
            }
            messages.add(response(query, 1_000));
            byte[] last = signedMessage(key, record(first).getSignature(), messages, true);
            assertNull(stream.check(last, last.length, NOW), "gap " + gap);
            assertTrue(stream.isComplete());
        }
    }

    /// Signs the last message; the signature covers those before. The MAC is made here anew.
    private static byte[] signedMessage(
            TsigKey key, byte[] prior, List<byte[]> messages, boolean timersOnly) {
        byte[] last = messages.getLast();
        TsigRecord record =
                new TsigRecord(
                        last.length,
                        key.name(),
                        key.algorithm().wireName(),
                        NOW,
                        300,
                        new byte[0],
                        (last[0] & 0xff) << 8 | (last[1] & 0xff),
                        0,
                        new byte[0]);
        javax.crypto.Mac mac = key.mac();
        mac.update(new byte[] {0, (byte) prior.length});
        mac.update(prior);
        messages.forEach(mac::update);
        mac.update(timersOnly ? record.timers() : record.variables());
        return record.with(mac.doFinal()).appendTo(last, last.length);
    }

    /// Case 77.
    @Test
    void unsignedResponsesAreNotTrusted() throws IOException {
        TsigKey key = key(TsigAlgorithm.HMAC_SHA256);
        Message query = query();
        byte[] plain = query.toWire();
        TsigSigner ours = TsigSigner.request(key);
        byte[] request = ours.sign(plain, plain.length, NOW);
        byte[] unsigned = response(query, 1);
        String reason = new TsigStream(key, ours.mac()).check(unsigned, unsigned.length, NOW);
        assertTrue(String.valueOf(reason).contains("not signed"), reason);
        TsigKey stranger = new TsigKey(NAME, TsigAlgorithm.HMAC_SHA256, new byte[] {2});
        for (TsigKey servers :
                List.of(stranger, new TsigKey(Name.of("b."), TsigAlgorithm.HMAC_MD5, SECRET))) {
            TsigVerdict.Failed failed =
                    assertInstanceOf(TsigVerdict.Failed.class, check(servers, request, NOW));
            byte[] refusal = failed.reply().sign(unsigned, unsigned.length, NOW);
            String told = new TsigStream(key, ours.mac()).check(refusal, refusal.length, NOW);
            assertTrue(String.valueOf(told).contains(failed.error().name()), told);
        }
    }

    /// Case 74: the original ID counts, the ID in the header does not.
    @Test
    void aForwarderMayChangeTheId() {
        byte[] request = signed(theirs(TsigAlgorithm.HMAC_SHA1), query());
        request[0] ^= 0x55;
        assertInstanceOf(
                TsigVerdict.Verified.class, check(key(TsigAlgorithm.HMAC_SHA1), request, NOW));
    }

    @Test
    void theSecretIsNotShown() {
        assertFalse(key(TsigAlgorithm.HMAC_MD5).toString().contains("0123"));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TsigKey(NAME, TsigAlgorithm.HMAC_MD5, new byte[0]));
    }

    /// Hostile octets give a value, and nothing that was changed is verified.
    @Test
    void mutatedRequestsNeverThrowAndAreNeverVerified() throws IOException {
        long seed = Long.getLong("anycastdns.tsig.seed", 20261202);
        Random random = new Random(seed);
        TsigKey key = key(TsigAlgorithm.HMAC_SHA256);
        byte[] whole = signed(theirs(TsigAlgorithm.HMAC_SHA256), query());
        byte[] mac = record(whole).getSignature();
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] octets = MessageMutations.mutated(whole, random);
            // The ID and the spelling of names are not signed.
            boolean same =
                    octets.length == whole.length
                            && Arrays.equals(
                                    lower(octets),
                                    2,
                                    octets.length,
                                    lower(whole),
                                    2,
                                    octets.length);
            try {
                TsigVerdict verdict = check(key, octets, NOW);
                assertTrue(same || !(verdict instanceof TsigVerdict.Verified), verdict::toString);
                if (verdict instanceof TsigVerdict.Failed failed && octets.length >= 12) {
                    byte[] reply = failed.reply().sign(octets, octets.length, NOW);
                    assertEquals(octets.length + failed.reply().octets(), reply.length);
                }
                new TsigStream(key, mac).check(octets, octets.length, NOW);
            } catch (RuntimeException | AssertionError fault) {
                throw new AssertionError("seed %d, round %d".formatted(seed, i), fault);
            }
        }
    }

    private static byte[] lower(byte[] octets) {
        byte[] lower = octets.clone();
        for (int i = 0; i < lower.length; i++) {
            lower[i] = Name.fold(lower[i]);
        }
        return lower;
    }
}
