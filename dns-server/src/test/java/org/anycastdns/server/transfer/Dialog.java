package org.anycastdns.server.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.jspecify.annotations.Nullable;

/// One request to a primary, driven by a test.
final class Dialog {

    static final long EPOCH_SECONDS = 1_790_000_000;

    private final Requester requester;
    private long millis;
    private RequesterAction action;

    private Dialog(TransferRequest request) {
        requester = new Requester(request, new Random(1)::nextInt);
        action = requester.begin(now());
    }

    static Dialog of(TransferRequest request) {
        return new Dialog(request);
    }

    static TransferRequest request(
            long serial, boolean incremental, @Nullable TsigKey key, TransferLimits limits) {
        SoaRecord ours = serial < 0 ? null : CannedPrimary.soaRecord(serial);
        return new TransferRequest(CannedPrimary.ZONE, ours, incremental, key, limits);
    }

    /// A secondary with a version; the primary has told by SOA that it has a newer one.
    static Dialog ixfr(long ours, long theirs) {
        return ixfr(ours, theirs, TransferLimits.DEFAULT);
    }

    static Dialog ixfr(long ours, long theirs, TransferLimits limits) {
        Dialog dialog = of(request(ours, true, null, limits));
        return dialog.datagram(CannedPrimary.reply(dialog.sent(), CannedPrimary.soa(theirs)));
    }

    /// A secondary without data.
    static Dialog axfr() {
        return axfr(TransferLimits.DEFAULT);
    }

    static Dialog axfr(TransferLimits limits) {
        return of(request(-1, true, null, limits));
    }

    private Moment now() {
        return new Moment(millis, EPOCH_SECONDS + millis / 1_000);
    }

    /// The octets that were sent last.
    byte[] sent() {
        return switch (action) {
            case RequesterAction.SendDatagram(byte[] message) -> message;
            case RequesterAction.SendMessage(byte[] message) -> message;
            case RequesterAction.Wait _, RequesterAction.Finish _ ->
                    throw new AssertionError("nothing is sent: " + action);
        };
    }

    WholeMessage sentMessage() {
        return CannedPrimary.parsed(sent());
    }

    boolean sendsDatagram() {
        return action instanceof RequesterAction.SendDatagram;
    }

    boolean waits() {
        return action instanceof RequesterAction.Wait;
    }

    Dialog datagram(byte[] message) {
        return on(new RequesterEvent.Datagram(message));
    }

    Dialog message(byte[] message) {
        return on(new RequesterEvent.StreamMessage(message));
    }

    Dialog closed() {
        return on(new RequesterEvent.Closed("reset"));
    }

    Dialog deadline() {
        millis = requester.deadlineMillis();
        return on(new RequesterEvent.Deadline());
    }

    Dialog after(long more) {
        millis += more;
        return this;
    }

    boolean isOver() {
        return action instanceof RequesterAction.Finish;
    }

    private Dialog on(RequesterEvent event) {
        assertTrue(!isOver(), () -> "the request has ended: " + action);
        action = requester.on(event, now());
        return this;
    }

    TransferResult result() {
        return assertInstanceOf(RequesterAction.Finish.class, action, action::toString).result();
    }

    TransferResult.Whole whole() {
        return assertInstanceOf(TransferResult.Whole.class, result(), () -> "" + result());
    }

    TransferResult.Changes changes() {
        return assertInstanceOf(TransferResult.Changes.class, result(), () -> "" + result());
    }

    String failure(TransferFailure failure) {
        TransferResult.Failed failed =
                assertInstanceOf(TransferResult.Failed.class, result(), () -> "" + result());
        assertEquals(failure, failed.failure(), failed.reason());
        return failed.reason();
    }
}
