package org.anycastdns.server.transfer.tsig;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.server.transfer.CannedPrimary;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Name;

/// Any changes of a signed request, and of the messages of its signed response.
///
/// ```
///   1 octet: algorithm | 1 octet: messages | edits, each for one message (0 is the request):
///     message 1 | 0 X: an octet     position 2, exclusive or 1
///               | 1    gone         | 2  twice
///               | 3    cut off      octets 2
///               | 4    more behind  octets 1, which follow
///               | 5    without TSIG | 6  before the one before
/// ```
///
/// What is accepted is what was signed, but for the ID, which TSIG has a copy of.
public final class TsigFuzz {

    private static final long NOW = 1_790_000_000;
    private static final int MESSAGES_MAX = 7;
    private static final byte[] SECRET = "the secret".getBytes(StandardCharsets.UTF_8);

    private final ByteBuffer in;

    private TsigFuzz(byte[] data) {
        in = ByteBuffer.wrap(data);
    }

    /// Signs, changes and verifies once.
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length >= 2) {
            new TsigFuzz(data).run();
        }
    }

    private void run() {
        TsigAlgorithm[] algorithms = TsigAlgorithm.values();
        TsigKey key = new TsigKey(Name.of("k."), algorithms[octet() % algorithms.length], SECRET);
        TsigKeys keys = new TsigKeys(List.of(key));
        byte[] question = CannedPrimary.message(7, 0, null, List.of(), List.of());
        TsigSigner asks = TsigSigner.request(key);
        byte[] request = asks.sign(question, question.length, NOW);
        List<byte[]> originals = responses(1 + octet() % MESSAGES_MAX);
        List<byte[]> messages = new ArrayList<>(List.of(request));
        if (!(TsigRequests.check(keys, request, request.length, NOW)
                instanceof TsigVerdict.Verified(TsigKey _, TsigSigner replies))) {
            throw new AssertionError("what was signed is not accepted");
        }
        originals.forEach(each -> messages.add(replies.sign(each, each.length, NOW)));
        List<byte[]> unsigned = new ArrayList<>(List.of(question));
        unsigned.addAll(originals);
        while (in.hasRemaining() && !messages.isEmpty()) {
            edit(messages, unsigned);
        }
        if (!messages.isEmpty()) {
            byte[] first = messages.getFirst();
            TsigVerdict verdict = TsigRequests.check(keys, first, first.length, NOW);
            require(
                    !(verdict instanceof TsigVerdict.Verified) || begins(first, question),
                    "another request is accepted");
            stream(key, asks, messages.subList(1, messages.size()), originals);
        }
    }

    private static void stream(
            TsigKey key, TsigSigner asks, List<byte[]> messages, List<byte[]> originals) {
        TsigStream stream = new TsigStream(key, asks.mac());
        for (int i = 0; i < messages.size(); i++) {
            byte[] message = messages.get(i);
            if (stream.check(message, message.length, NOW) != null) {
                return;
            }
            if (stream.isComplete()) {
                require(i < originals.size(), "a message more is accepted");
                for (int j = 0; j <= i; j++) {
                    require(begins(messages.get(j), originals.get(j)), "another message " + j);
                }
            }
        }
    }

    /// Returns whether a message is another one with a TSIG record behind it, but for the ID.
    private static boolean begins(byte[] message, byte[] original) {
        byte[] start = Arrays.copyOf(message, original.length);
        System.arraycopy(original, 0, start, 0, Short.BYTES);
        // ARCOUNT counts the TSIG record.
        start[Header.OCTETS - 1]--;
        return message.length > original.length && Arrays.equals(start, original);
    }

    private static List<byte[]> responses(int count) {
        List<byte[]> responses = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String record = "n%d.example. A 192.0.2.%d".formatted(i, i);
            responses.add(
                    CannedPrimary.message(
                            7, Header.QR, null, List.of(CannedPrimary.record(record)), List.of()));
        }
        return responses;
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError(what);
        }
    }

    private int octet() {
        return in.hasRemaining() ? in.get() & 0xff : 0;
    }

    private void edit(List<byte[]> messages, List<byte[]> unsigned) {
        int chosen = octet() % messages.size();
        byte[] message = messages.get(chosen);
        switch (octet() % 7) {
            case 0 -> {
                int position = octet() << 8 | octet();
                if (message.length > 0) {
                    byte[] changed = message.clone();
                    changed[position % message.length] ^= (byte) octet();
                    messages.set(chosen, changed);
                }
            }
            case 1 -> messages.remove(chosen);
            case 2 -> {
                if (messages.size() < 2 * MESSAGES_MAX) {
                    messages.add(chosen, message);
                }
            }
            case 3 -> {
                int octets = octet() << 8 | octet();
                messages.set(chosen, Arrays.copyOf(message, octets % (message.length + 1)));
            }
            case 4 -> {
                byte[] more = new byte[Math.min(octet(), in.remaining())];
                in.get(more);
                byte[] longer = Arrays.copyOf(message, message.length + more.length);
                System.arraycopy(more, 0, longer, message.length, more.length);
                messages.set(chosen, longer);
            }
            case 5 -> messages.set(chosen, unsigned.get(chosen % unsigned.size()));
            default -> {
                if (chosen > 0) {
                    messages.set(chosen, messages.get(chosen - 1));
                    messages.set(chosen - 1, message);
                }
            }
        }
    }
}
