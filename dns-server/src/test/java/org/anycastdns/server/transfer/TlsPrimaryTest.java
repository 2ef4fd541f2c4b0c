package org.anycastdns.server.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.anycastdns.server.wire.RecordType;
import org.junit.jupiter.api.Test;

/// Requests to a primary with TLS, of which nothing may go over UDP.
class TlsPrimaryTest {

    @Test
    void case94APrimaryWithTlsIsNeverAskedOverUdp() {
        Dialog dialog =
                Dialog.of(
                        new TransferRequest(
                                CannedPrimary.ZONE,
                                CannedPrimary.soaRecord(1),
                                true,
                                null,
                                TransferLimits.DEFAULT,
                                false));
        assertFalse(dialog.sendsDatagram());
        assertEquals(RecordType.SOA, dialog.sentMessage().questions().getFirst().type());
        dialog.message(CannedPrimary.reply(dialog.sent(), CannedPrimary.soa(2)));
        assertFalse(dialog.sendsDatagram());
        assertEquals(RecordType.IXFR, dialog.sentMessage().questions().getFirst().type());
        dialog.closed().failure(TransferFailure.UNREACHABLE);
    }
}
