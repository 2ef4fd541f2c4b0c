package org.anycastdns.server.transfer;

import static org.anycastdns.server.transfer.CannedPrimary.later;
import static org.anycastdns.server.transfer.CannedPrimary.reply;
import static org.anycastdns.server.transfer.CannedPrimary.soa;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Limits of what a primary may send.
class TransferLimitsTest {

    private static final String NS = "example. NS ns.example.";
    private static final String A = "a.example. A 192.0.2.1";

    private static void assertTells(String part, String text) {
        assertTrue(text.contains(part), text);
    }

    @Test
    void case35LimitsEndATransfer() {
        Dialog octets = Dialog.axfr(new TransferLimits(100, 100, 1 << 20, 9, 100, 1_000, 100));
        octets.message(reply(octets.sent(), soa(1), NS, A, A, A, soa(1)));
        assertTells("octets", octets.failure(TransferFailure.LIMIT));
        Dialog records = Dialog.axfr(new TransferLimits(1_000, 3, 1 << 20, 9, 100, 1_000, 100));
        records.message(reply(records.sent(), soa(1), NS, A, A, soa(1)));
        assertTells("records", records.failure(TransferFailure.LIMIT));
        Dialog memory = Dialog.axfr(new TransferLimits(1_000, 100, 10, 9, 100, 1_000, 100));
        memory.message(reply(memory.sent(), soa(1), NS, A, soa(1)));
        assertTells("octets of memory", memory.failure(TransferFailure.LIMIT));
        Dialog slow = Dialog.axfr(new TransferLimits(1L << 40, 1_000, 1 << 20, 9, 100, 1_000, 100));
        byte[] request = slow.sent();
        slow.message(reply(request, soa(1), NS));
        while (!slow.isOver()) {
            slow.after(90).message(later(request, A));
        }
        assertTells("longer than", slow.failure(TransferFailure.LIMIT));
    }
}
