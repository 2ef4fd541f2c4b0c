package org.anycastdns.server.transfer;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.anycastdns.server.transfer.RequesterAction.Finish;
import org.anycastdns.server.transfer.RequesterAction.SendDatagram;
import org.anycastdns.server.transfer.RequesterAction.SendMessage;
import org.anycastdns.server.transfer.RequesterAction.Wait;
import org.anycastdns.server.transfer.TransferResult.Failed;
import org.anycastdns.server.transfer.message.MessageParser;
import org.anycastdns.server.transfer.message.MessageRecord;
import org.anycastdns.server.transfer.message.ParsedMessage;
import org.anycastdns.server.transfer.message.Question;
import org.anycastdns.server.transfer.message.WholeMessage;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigStream;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.Header;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.jspecify.annotations.Nullable;

/// Asks one primary for one zone: a state machine without I/O and clock. It accepts any octets.
///
/// ```
///   any version wanted ------------------------------------------.
///   SOA over UDP --no reply, TC, REFUSED--> SOA over TCP          |
///     |  equal, older: end           |                            v
///     '--newer--> IXFR <-------------'  --not possible--> AXFR on the same connection
/// ```
///
/// Datagrams that do not match the request may be forged, so they are ignored. Over TCP, what does
/// not match ends the request. IXFR is always asked over TCP.
public final class Requester {

    /// How often SOA is asked over UDP, and how long each time. After it, TCP is tried.
    static final int DATAGRAMS_MAX = 3;

    static final long DATAGRAM_MILLIS = 2_000;

    private enum Phase {
        SOA_UDP(RecordType.SOA),
        SOA_TCP(RecordType.SOA),
        IXFR(RecordType.IXFR),
        AXFR(RecordType.AXFR);

        private final int type;

        Phase(int type) {
            this.type = type;
        }

        private boolean isStream() {
            return this == IXFR || this == AXFR;
        }
    }

    private static final int NO_ID = -1;

    private final TransferRequest request;
    private final IntSupplier ids;
    private Phase phase = Phase.SOA_UDP;
    private int id;
    private int abandonedId = NO_ID;
    private boolean edns = true;
    private @Nullable TsigStream signatures;
    private TransferStream stream;
    private boolean answered;
    private String ixfrRefused = "";
    private String ignored = "";
    private OptionalLong expireSeconds = OptionalLong.empty();
    private int datagrams;
    private long startMillis;
    private long deadlineMillis;
    private int messages;
    private long octets;

    /// Creates a requester.
    ///
    /// @param ids returns random message IDs, 0 to 65535
    public Requester(TransferRequest request, IntSupplier ids) {
        this.request = request;
        this.ids = ids;
        this.stream = new TransferStream(request.zone(), null, request.limits());
    }

    /// Returns the first action.
    public RequesterAction begin(Moment now) {
        startMillis = now.millis();
        Phase soa = request.datagrams() ? Phase.SOA_UDP : Phase.SOA_TCP;
        return ask(request.ours() == null ? Phase.AXFR : soa, now);
    }

    /// Returns when {@link RequesterEvent.Deadline} is due, in milliseconds of {@link
    /// Moment#millis}.
    public long deadlineMillis() {
        return deadlineMillis;
    }

    /// Takes an event and returns the next action. After {@link Finish} there must be no event.
    public RequesterAction on(RequesterEvent event, Moment now) {
        return switch (event) {
            case RequesterEvent.Datagram(byte[] message) ->
                    phase == Phase.SOA_UDP ? onDatagram(message, now) : new Wait();
            case RequesterEvent.StreamMessage(byte[] message) ->
                    phase == Phase.SOA_UDP ? new Wait() : onMessage(message, now);
            case RequesterEvent.Closed(String reason) ->
                    phase == Phase.SOA_UDP ? new Wait() : onClosed(reason);
            case RequesterEvent.Deadline() -> onDeadline(now);
        };
    }

    private RequesterAction ask(Phase next, Moment now) {
        phase = next;
        answered = false;
        id = ids.getAsInt() & 0xffff;
        while (id == abandonedId) {
            id = id + 1 & 0xffff;
        }
        SoaRecord ours = next == Phase.IXFR ? request.ours() : null;
        stream = new TransferStream(request.zone(), ours, request.limits());
        boolean datagram = next == Phase.SOA_UDP;
        byte[] message = RequestMessages.of(id, question(), ours, edns, datagram);
        TsigKey key = request.key();
        if (key != null) {
            TsigSigner signer = TsigSigner.request(key);
            message = signer.sign(message, message.length, now.epochSeconds());
            signatures = new TsigStream(key, signer.mac());
        }
        datagrams += datagram ? 1 : 0;
        wait(datagram ? DATAGRAM_MILLIS : request.limits().idleMillis(), now);
        return datagram ? new SendDatagram(message) : new SendMessage(message);
    }

    private Question question() {
        return new Question(request.zone(), phase.type, RecordClass.IN);
    }

    private void wait(long millis, Moment now) {
        deadlineMillis =
                Math.min(now.millis() + millis, startMillis + request.limits().totalMillis());
    }

    private RequesterAction onDeadline(Moment now) {
        if (now.millis() >= startMillis + request.limits().totalMillis()) {
            return failed(
                    TransferFailure.LIMIT,
                    "the transfer took longer than %d s"
                            .formatted(request.limits().totalMillis() / 1_000));
        }
        if (now.millis() < deadlineMillis) {
            return new Wait();
        }
        if (phase == Phase.SOA_UDP) {
            return ask(datagrams < DATAGRAMS_MAX ? Phase.SOA_UDP : Phase.SOA_TCP, now);
        }
        return stream.hasBegun()
                ? failed(TransferFailure.BROKEN, "no message came for the idle time")
                : failed(TransferFailure.UNREACHABLE, "no response in time" + ignored);
    }

    private RequesterAction onClosed(String reason) {
        return stream.hasBegun()
                ? failed(
                        TransferFailure.BROKEN,
                        "the stream ended after %d records: %s".formatted(stream.count(), reason))
                : failed(TransferFailure.UNREACHABLE, reason + ignored);
    }

    private RequesterAction onDatagram(byte[] octetsOfMessage, Moment now) {
        if (idOf(octetsOfMessage) != id) {
            return ignore("a datagram had another ID");
        }
        String unsigned = unverified(octetsOfMessage, now);
        if (unsigned != null) {
            return ignore(unsigned);
        }
        return switch (MessageParser.parse(octetsOfMessage)) {
            case ParsedMessage.Malformed(int _, String reason) -> ignore(reason);
            case ParsedMessage.Sound(WholeMessage message) -> {
                String mismatch = mismatch(message);
                yield mismatch == null ? onSoa(message, now) : ignore(mismatch);
            }
        };
    }

    private Wait ignore(String reason) {
        ignored = "; ignored before: " + reason;
        return new Wait();
    }

    private static int idOf(byte[] message) {
        return message.length < Header.OCTETS
                ? NO_ID
                : ByteBuffer.wrap(message).getShort() & 0xffff;
    }

    /// Returns why a message is not verified; null if it is, or if nothing is signed.
    private @Nullable String unverified(byte[] message, Moment now) {
        return signatures == null
                ? null
                : signatures.check(message, message.length, now.epochSeconds());
    }

    /// Returns why a message is no response to the request; null if it is one.
    private @Nullable String mismatch(WholeMessage message) {
        if (!message.isResponse() || message.opcode() != Opcode.QUERY) {
            return "the message is not a response to a query";
        }
        // RFC 5936 section 2.2.1: later messages of a transfer need no question. A FORMERR may
        // have none.
        boolean needed = !answered && message.rcode() == Rcode.NOERROR;
        boolean right =
                message.questions().isEmpty()
                        ? !needed
                        : message.questions().size() == 1
                                && message.questions().getFirst().equals(question());
        return right ? null : "the response is to another question";
    }

    private RequesterAction onMessage(byte[] message, Moment now) {
        octets += message.length;
        messages++;
        if (octets > request.limits().octetsMax()) {
            return failed(
                    TransferFailure.LIMIT,
                    "more than %d octets".formatted(request.limits().octetsMax()));
        }
        if (now.millis() >= startMillis + request.limits().totalMillis()) {
            return onDeadline(now);
        }
        int theirs = idOf(message);
        if (theirs == abandonedId && theirs != NO_ID) {
            // The rest of an IXFR that was given up for an AXFR. It does not extend the idle time.
            return new Wait();
        }
        if (theirs != id) {
            return failed(TransferFailure.PROTOCOL, "a message has another ID than the request");
        }
        wait(request.limits().idleMillis(), now);
        String unsigned = unverified(message, now);
        if (unsigned != null) {
            return failed(TransferFailure.SIGNATURE, unsigned);
        }
        return switch (MessageParser.parse(message)) {
            case ParsedMessage.Malformed(int offset, String reason) ->
                    broken(
                            new Failed(
                                    TransferFailure.PROTOCOL,
                                    "octet %d: %s".formatted(offset, reason)),
                            now);
            case ParsedMessage.Sound(WholeMessage sound) -> {
                String mismatch = mismatch(sound);
                if (mismatch != null) {
                    yield failed(TransferFailure.PROTOCOL, mismatch);
                }
                yield phase.isStream() ? onTransfer(sound, now) : onSoa(sound, now);
            }
        };
    }

    /// Takes the response to the question for SOA.
    private RequesterAction onSoa(WholeMessage message, Moment now) {
        int rcode = message.rcode();
        if (edns && message.opt() == null && (rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP)) {
            edns = false;
            return ask(phase, now);
        }
        // Knot answers for a catalog that it generates over TCP alone.
        boolean elsewhere = message.isTruncated() || rcode == Rcode.REFUSED;
        if (elsewhere && phase == Phase.SOA_UDP) {
            return ask(Phase.SOA_TCP, now);
        }
        if (rcode != Rcode.NOERROR) {
            return failed(TransferFailure.REFUSED, "the primary answers " + message.rcodeName());
        }
        if (!message.isAuthoritative()) {
            return failed(TransferFailure.REFUSED, "the primary is not authoritative for the zone");
        }
        MessageRecord found = null;
        for (MessageRecord record : message.answers()) {
            if (record.type() == RecordType.SOA) {
                if (found != null) {
                    return failed(TransferFailure.PROTOCOL, "the answer has two SOA records");
                }
                found = record;
            }
        }
        if (found == null
                || found.recordClass() != RecordClass.IN
                || !found.owner().equals(request.zone())) {
            return failed(TransferFailure.PROTOCOL, "the answer has no SOA record of the zone");
        }
        expire(message);
        SoaRecord theirs = new SoaRecord(found.zoneRecord());
        SoaRecord ours = request.ours();
        SerialOrder order =
                ours == null ? SerialOrder.NEWER : SerialOrder.of(theirs.serial(), ours.serial());
        return order == SerialOrder.NEWER
                ? ask(request.incremental() ? Phase.IXFR : Phase.AXFR, now)
                : new Finish(notNewer(order, theirs));
    }

    private TransferResult notNewer(SerialOrder order, SoaRecord theirs) {
        return switch (order) {
            case EQUAL -> new TransferResult.UpToDate(expireSeconds);
            case OLDER -> new TransferResult.Behind(theirs.serial());
            case UNDEFINED ->
                    new Failed(
                            TransferFailure.SERIAL,
                            "the primary's serial %s is 2^31 from ours: neither is newer"
                                    .formatted(Integer.toUnsignedString(theirs.serial())));
            case NEWER -> throw new IllegalArgumentException(order.toString());
        };
    }

    private void expire(WholeMessage message) {
        byte[] option = message.option(Edns.EXPIRE);
        if (option != null && option.length == Integer.BYTES) {
            expireSeconds =
                    OptionalLong.of(Integer.toUnsignedLong(ByteBuffer.wrap(option).getInt()));
        }
    }

    /// Takes a message of AXFR or IXFR.
    private RequesterAction onTransfer(WholeMessage message, Moment now) {
        int rcode = message.rcode();
        if (rcode != Rcode.NOERROR) {
            return onError(message, now);
        }
        if (!answered) {
            expire(message);
            if (phase == Phase.IXFR && message.answers().isEmpty()) {
                return fallBack("the primary sends an empty response to IXFR", now);
            }
        }
        answered = true;
        for (MessageRecord record : message.answers()) {
            Failed wrong = stream.add(record);
            if (wrong != null) {
                return broken(wrong, now);
            }
        }
        return stream.isComplete() ? complete(now) : new Wait();
    }

    private RequesterAction onError(WholeMessage message, Moment now) {
        int rcode = message.rcode();
        boolean unknown = rcode == Rcode.NOTIMP || rcode == Rcode.FORMERR || rcode == Rcode.REFUSED;
        if (phase == Phase.IXFR && unknown && !answered) {
            return fallBack("the primary answers %s to IXFR".formatted(message.rcodeName()), now);
        }
        if (edns && !answered && rcode == Rcode.FORMERR && message.opt() == null) {
            edns = false;
            return ask(phase, now);
        }
        return failed(TransferFailure.REFUSED, "the primary answers " + message.rcodeName());
    }

    /// Ends the request because of what came; after a bad IXFR, AXFR is still possible.
    private RequesterAction broken(Failed wrong, Moment now) {
        if (phase != Phase.IXFR) {
            return new Finish(wrong);
        }
        // Changes that are too large say nothing about the next ones.
        return fallBack(wrong.failure() == TransferFailure.LIMIT ? "" : wrong.reason(), now);
    }

    private RequesterAction fallBack(String reason, Moment now) {
        ixfrRefused = reason;
        abandonedId = id;
        return ask(Phase.AXFR, now);
    }

    private RequesterAction complete(Moment now) {
        if (signatures != null && !signatures.isComplete()) {
            return failed(TransferFailure.SIGNATURE, "the last message is not signed");
        }
        SoaRecord ours = request.ours();
        SoaRecord theirs = stream.soa();
        SerialOrder order =
                ours == null ? SerialOrder.NEWER : SerialOrder.of(theirs.serial(), ours.serial());
        if (order != SerialOrder.NEWER) {
            return new Finish(notNewer(order, theirs));
        }
        TransferCounts counts =
                new TransferCounts(
                        messages,
                        octets,
                        stream.count(),
                        stream.skipped(),
                        now.millis() - startMillis);
        if (!stream.steps().isEmpty()) {
            return new Finish(new TransferResult.Changes(stream.steps(), expireSeconds, counts));
        }
        if (!stream.hasNameServers()) {
            return failed(TransferFailure.CONTENT, "the zone has no NS records at its apex");
        }
        return new Finish(
                new TransferResult.Whole(
                        theirs, stream.records(), expireSeconds, ixfrRefused, counts));
    }

    private static Finish failed(TransferFailure failure, String reason) {
        return new Finish(new Failed(failure, reason));
    }
}
