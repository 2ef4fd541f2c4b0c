package org.anycastdns.server.transfer;

import static org.anycastdns.server.transfer.CannedPrimary.soa;
import static org.anycastdns.server.transfer.CannedPrimary.texts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.anycastdns.server.transfer.message.MessageMutations;
import org.anycastdns.server.transfer.tsig.TsigAlgorithm;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigRequests;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;

/// Random transfers in random messages, signed ones among them, and damaged ones.
class TransferStreamTest {

    private static final int STREAMS = 400;
    private static final TsigKey KEY =
            new TsigKey(
                    Name.of("k."),
                    TsigAlgorithm.HMAC_SHA256,
                    "secret".getBytes(StandardCharsets.UTF_8));

    private final long seed = Long.getLong("anycastdns.streams.seed", 20261203);
    private final Random random = new Random(seed);

    private List<String> records(int count) {
        List<String> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add("n%d.example. A 192.0.2.%d".formatted(random.nextInt(99), i));
        }
        return records;
    }

    /// Splits records into messages: the first with a question, some empty ones after it.
    private List<byte[]> messages(byte[] request, List<String> records) {
        List<byte[]> messages = new ArrayList<>();
        int at = 0;
        while (at < records.size()) {
            int count = random.nextInt(messages.isEmpty() ? 1 : 0, 5);
            int end = Math.min(records.size(), at + count);
            String[] part = records.subList(at, end).toArray(String[]::new);
            messages.add(
                    messages.isEmpty()
                            ? CannedPrimary.reply(request, part)
                            : CannedPrimary.later(request, part));
            at = end;
        }
        return messages;
    }

    private Dialog dialog(long ours, boolean signed) {
        Dialog dialog =
                Dialog.of(Dialog.request(ours, true, signed ? KEY : null, TransferLimits.DEFAULT));
        if (ours >= 0) {
            byte[] reply = CannedPrimary.reply(dialog.sent(), soa(ours + 1_000 & 0xffff_ffffL));
            dialog.datagram(signed ? sign(dialog.sent(), List.of(reply)).getFirst() : reply);
        }
        return dialog;
    }

    private static List<byte[]> sign(byte[] request, List<byte[]> messages) {
        TsigVerdict verdict =
                TsigRequests.check(
                        new TsigKeys(List.of(KEY)), request, request.length, Dialog.EPOCH_SECONDS);
        if (verdict instanceof TsigVerdict.Verified(TsigKey _, TsigSigner signer)) {
            return messages.stream()
                    .map(each -> signer.sign(each, each.length, Dialog.EPOCH_SECONDS))
                    .toList();
        }
        throw new AssertionError(verdict);
    }

    private static void feed(Dialog dialog, List<byte[]> messages) {
        for (byte[] message : messages) {
            if (!dialog.isOver()) {
                dialog.message(message);
            }
        }
    }

    @Test
    void randomZonesArriveHoweverTheyAreSplit() {
        for (int i = 0; i < STREAMS; i++) {
            boolean signed = random.nextBoolean();
            Dialog dialog = dialog(-1, signed);
            List<String> zone = records(random.nextInt(40));
            zone.addFirst("example. NS ns.example.");
            List<String> stream = new ArrayList<>(zone);
            stream.addFirst(soa(1));
            stream.add(soa(1));
            byte[] request = dialog.sent();
            List<byte[]> messages = messages(request, stream);
            feed(dialog, signed ? sign(request, messages) : messages);
            zone.add(soa(1));
            String what = "seed %d, stream %d".formatted(seed, i);
            assertEquals(texts(zone.toArray(String[]::new)), texts(dialog.whole().records()), what);
            assertEquals(stream.size(), dialog.whole().counts().records(), what);
        }
    }

    @Test
    void randomChangesArriveHoweverTheyAreSplit() {
        for (int i = 0; i < STREAMS; i++) {
            boolean signed = random.nextBoolean();
            Dialog dialog = dialog(0xffff_fff0L, signed);
            List<List<String>> parts = new ArrayList<>();
            List<String> stream = new ArrayList<>();
            long serial = 0xffff_fff0L;
            int steps = random.nextInt(1, 6);
            for (int j = 0; j < steps; j++) {
                stream.add(soa(serial & 0xffff_ffffL));
                parts.add(records(random.nextInt(5)));
                stream.addAll(parts.getLast());
                serial += random.nextInt(1, 9);
                stream.add(soa(serial & 0xffff_ffffL));
                parts.add(records(random.nextInt(5)));
                stream.addAll(parts.getLast());
            }
            stream.addFirst(soa(serial & 0xffff_ffffL));
            stream.add(soa(serial & 0xffff_ffffL));
            byte[] request = dialog.sent();
            List<byte[]> messages = messages(request, stream);
            feed(dialog, signed ? sign(request, messages) : messages);
            List<IxfrStep> changes = dialog.changes().steps();
            String what = "seed %d, stream %d".formatted(seed, i);
            assertEquals(steps, changes.size(), what);
            for (int j = 0; j < steps; j++) {
                assertEquals(
                        texts(parts.get(2 * j).toArray(String[]::new)),
                        texts(changes.get(j).deletes()),
                        what);
                assertEquals(
                        texts(parts.get(2 * j + 1).toArray(String[]::new)),
                        texts(changes.get(j).adds()),
                        what);
            }
        }
    }

    /// A damaged stream never throws; with a signature, it is never taken.
    @Test
    void damagedStreamsNeverThrowAndAreNotTakenIfSigned() {
        int ended = 0;
        for (int i = 0; i < STREAMS * 5; i++) {
            boolean signed = random.nextBoolean();
            Dialog dialog = dialog(random.nextBoolean() ? -1 : 7, signed);
            byte[] request = dialog.sent();
            List<String> stream = records(random.nextInt(9));
            stream.addFirst(soa(1_007));
            stream.add(soa(1_007));
            List<byte[]> messages = messages(request, stream);
            messages = new ArrayList<>(signed ? sign(request, messages) : messages);
            int damaged = random.nextInt(messages.size());
            byte[] before = messages.get(damaged);
            messages.set(damaged, MessageMutations.mutated(before, random));
            String what = "seed %d, stream %d".formatted(seed, i);
            try {
                feed(dialog, messages);
            } catch (RuntimeException | AssertionError fault) {
                throw new AssertionError(what, fault);
            }
            ended += dialog.isOver() ? 1 : 0;
        }
        assertTrue(ended > STREAMS, ended + " ended");
    }

    /// Cases 76 and 77.
    @Test
    void aSignedRequestNeedsASignedResponse() {
        Dialog unsigned = dialog(-1, true);
        byte[] reply =
                CannedPrimary.reply(unsigned.sent(), soa(1), "example. NS ns.example.", soa(1));
        String reason = unsigned.message(reply).failure(TransferFailure.SIGNATURE);
        assertTrue(reason.contains("not signed"), reason);
        Dialog last = dialog(-1, true);
        byte[] request = last.sent();
        byte[] first = CannedPrimary.reply(request, soa(1), "example. NS ns.example.");
        last.message(sign(request, List.of(first)).getFirst());
        last.message(CannedPrimary.later(request, soa(1)));
        assertTrue(last.failure(TransferFailure.SIGNATURE).contains("last"), "unsigned end");
    }
}
