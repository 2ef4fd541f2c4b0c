package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.anycastdns.server.lookup.Answer;
import org.anycastdns.server.lookup.Lookup;
import org.anycastdns.server.lookup.Outcome;
import org.anycastdns.server.transfer.tsig.TsigKeys;
import org.anycastdns.server.transfer.tsig.TsigSigner;
import org.anycastdns.server.transfer.tsig.TsigVerdict;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Query;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.wire.ResponseOptions;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.jspecify.annotations.Nullable;

/// Answers requests for one worker thread: request octets in, response octets out. It does no I/O,
/// reads no clock and allocates nothing. It is not thread-safe; worker threads share only the
/// {@link ServedZones}.
///
/// There is one door, {@link #respond(RequestBatch)}. Several requests of a batch are read before
/// the first one is answered, and the zone data for all of them is prefetched together, so that
/// their cache misses overlap. A cache hit is answered while it is read.
///
/// ```
///   window of up to 16 requests
///     read       take -> response cache -> Query.parse -> zone ---> slot 0, 1, 2 ...
///     prefetch   the names of all slots
///     answer     slot 0, 1, 2 ...: answerParsed -> answerQuestion -> answerFrom(zone)
///                                     |               |
///                                     |               answerChaos, answerError
///                                     answerControl (NOTIFY, UPDATE, AXFR, IXFR)
/// ```
public final class Responder {

    /// The smallest response buffer in octets: a message of the smallest UDP size (RFC 1035 section
    /// 4.2.1).
    public static final int RESPONSE_OCTETS_MIN = Edns.UDP_SIZE_MIN;

    /// The most requests that are read before the first one is answered. Each one prefetches four
    /// cache lines, and a core can wait for some 16 to 24 at a time. More requests would evict each
    /// other's lines from the nearest cache.
    public static final int WINDOW = 16;

    private final ServedZones.Reader zones;
    private final Chaos chaos;
    private final WorkerCounters counters = new WorkerCounters();
    private final RequestSlot[] slots = new RequestSlot[WINDOW];
    private final SingleRequest single = new SingleRequest();
    private final MessageWriter writer = new MessageWriter();
    private final Lookup lookup = new Lookup();
    private final AnswerWriter answers;
    private final ResponseOptions options = new ResponseOptions();
    private final ServerCookie cookie;
    private final byte[] nsid;
    private final @Nullable ResponseCache responseCache;
    private final SignedRequests signed;
    private final ControlRequests control;

    // The request that is being answered.
    private Query query;
    private MemorySegment response = MemorySegment.NULL;
    private Client client = new Client();
    private Exchange exchange = new Exchange(MemorySegment.NULL);
    private TsigVerdict.@Nullable Verified signature;
    private int sizeMax;
    private int signatureOctets;
    private int counterSlot;
    private int counterIndex;
    private boolean repeatable;

    // Written by {@link #prefetch} and never read.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    /// Creates a responder for one worker thread.
    public Responder(ServedZones zones, Identity identity, CookieSecrets secrets) {
        this(zones, identity, secrets, TsigKeys.NONE, ControlDoor.CLOSED);
    }

    /// Creates a responder for one worker thread that knows keys, and gives or takes zones.
    ///
    /// @param keys requests with these keys get signed responses (RFC 8945)
    /// @param door answers what is no plain query
    public Responder(
            ServedZones zones,
            Identity identity,
            CookieSecrets secrets,
            TsigKeys keys,
            ControlDoor door) {
        this(zones, identity, secrets, keys, door, true, true);
    }

    /// Creates a responder with optional shortcuts. The responses are the same, octet for octet.
    ///
    /// @param readyMade whether to copy the precompressed record sets of the image
    /// @param repeating whether to use a response cache
    Responder(
            ServedZones zones,
            Identity identity,
            CookieSecrets secrets,
            TsigKeys keys,
            ControlDoor door,
            boolean readyMade,
            boolean repeating) {
        this.control = new ControlRequests(door);
        this.signed = new SignedRequests(keys);
        this.zones = zones.reader();
        this.answers = new AnswerWriter(writer, readyMade);
        this.cookie = new ServerCookie(secrets);
        this.chaos = new Chaos(identity);
        this.nsid = identity.name().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        this.responseCache = repeating ? new ResponseCache() : null;
        Arrays.setAll(slots, _ -> new RequestSlot());
        query = slots[0].query;
    }

    /// Answers a batch of requests, all from the same zones. The results are in the exchanges. An
    /// internal error costs the response to one request; {@link Exchange#fault} has it.
    public void respond(RequestBatch batch) {
        ZoneSet set = zones.begin();
        try {
            int size = batch.size();
            for (int first = 0; first < size; first += WINDOW) {
                answerWindow(set, batch, first, Math.min(size, first + WINDOW));
            }
        } finally {
            // Afterwards the zones may be swapped and their memory may be freed.
            zones.end();
        }
    }

    /// Answers one request as a batch of one. An internal error is thrown.
    ///
    /// @param request holds the message, starting at offset 0
    /// @param requestLength length of the message in octets
    /// @param into as for {@link Exchange#Exchange}
    /// @param from the client and the time; read before this method returns
    /// @return length of the response in octets; 0 if no response must be sent, or {@link
    ///   #exchange} has another one
    public int respond(MemorySegment request, int requestLength, MemorySegment into, Client from) {
        single.begin(request, requestLength, into, from);
        respond(single);
        return single.responseLength();
    }

    /// Returns the exchange of the last request of {@link #respond(MemorySegment, int,
    /// MemorySegment, Client)}, for a response that is no message in the buffer.
    public Exchange exchange() {
        return single.take(0);
    }

    private void answerWindow(ZoneSet set, RequestBatch batch, int from, int to) {
        int waiting = 0;
        for (int i = from; i < to; i++) {
            Exchange exchange = batch.take(i);
            if (exchange != null && readInto(slots[waiting], set, exchange)) {
                waiting++;
            }
        }
        if (waiting > 1) {
            prefetch(waiting);
        }
        for (int i = 0; i < waiting; i++) {
            answerSlot(slots[i], set);
        }
    }

    /// Prefetches the zone data for the names of the first slots.
    private void prefetch(int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            RequestSlot slot = slots[i];
            Zone zone = slot.zone;
            if (zone != null) {
                sum += zone.lookAhead(slot.query.name());
            }
        }
        seen = sum;
    }

    /// Reads a request. A cache hit is answered at once.
    ///
    /// @return whether the slot now holds a request that waits for {@link #answerSlot}
    private boolean readInto(RequestSlot slot, ZoneSet set, Exchange exchange) {
        try {
            return read(slot, set, exchange);
        } catch (RuntimeException | AssertionError fault) {
            exchange.fail(fault);
            return false;
        }
    }

    private boolean read(RequestSlot slot, ZoneSet set, Exchange exchange) {
        MemorySegment request = exchange.request();
        int length = exchange.requestLength();
        if (responseCache != null && exchange.client().transport() == Transport.UDP) {
            int copied = responseCache.find(set, request, length, exchange.response(), slot.miss);
            if (copied > 0) {
                counters.response(responseCache.counterIndex());
                exchange.respondFromCache(copied);
                return false;
            }
        }
        slot.verdict = slot.query.parse(request, length);
        if (slot.verdict == Query.Verdict.DROP) {
            counters.dropped();
            return false;
        }
        slot.findZone(set);
        slot.exchange = exchange;
        return true;
    }

    /// Answers the request that waits in a slot.
    private void answerSlot(RequestSlot slot, ZoneSet set) {
        exchange = slot.exchange;
        Zone zone = slot.zone;
        // A worker that is idle after the batch must not keep replaced zones reachable.
        slot.zone = null;
        try {
            query = slot.query;
            response = exchange.response();
            client = exchange.client();
            counterSlot = WorkerCounters.SLOT_NONE;
            signatureOctets = 0;
            sizeMax = sizeMax((int) Math.min(response.byteSize(), MessageWriter.OCTETS_MAX));
            int length =
                    query.mayBeSigned()
                            ? answerSigned(slot, zone, set)
                            : answerParsed(slot.verdict, zone, set);
            exchange.respond(length);
            keep(slot, exchange, length);
        } catch (RuntimeException | AssertionError fault) {
            exchange.fail(fault);
        }
    }

    private int sizeMax(int capacity) {
        return client.transport() == Transport.UDP
                ? Math.min(capacity, Math.min(query.udpSize(), Edns.UDP_SIZE))
                : capacity;
    }

    /// Offers the response to the response cache, if a repeated request may get it again.
    private void keep(RequestSlot slot, Exchange exchange, int length) {
        if (repeatable && responseCache != null && client.transport() == Transport.UDP) {
            responseCache.keep(
                    slot.miss,
                    exchange.request(),
                    exchange.requestLength(),
                    response,
                    length,
                    counterIndex);
        }
    }

    /// Answers a message with a TSIG record. Room for the record of the response is kept free.
    private int answerSigned(RequestSlot slot, @Nullable Zone zone, ZoneSet set) {
        TsigVerdict verdict = signed.check(slot.exchange);
        counters.signature(verdict);
        return switch (verdict) {
            case TsigVerdict.Unsigned() -> answerParsed(slot.verdict, zone, set);
            case TsigVerdict.Malformed _ -> answerError(Rcode.FORMERR, null);
            case TsigVerdict.Failed failed -> {
                if (control.handsOn(failed, query, slot.verdict, exchange, set)) {
                    repeatable = false;
                    yield 0;
                }
                ExtendedError error = SignedRequests.extendedError(failed.error());
                yield keepRoom(failed.reply())
                        ? sign(failed.reply(), answerError(Rcode.NOTAUTH, error))
                        : answerError(Rcode.NOTAUTH, null);
            }
            case TsigVerdict.Verified verified -> {
                if (!keepRoom(verified.reply())) {
                    yield answerError(Rcode.FORMERR, null);
                }
                signature = verified;
                try {
                    int length = answerParsed(slot.verdict, zone, set);
                    // The messages of a stream are signed one by one.
                    yield length == 0 ? 0 : sign(verified.reply(), length);
                } finally {
                    signature = null;
                }
            }
        };
    }

    /// Returns whether header, question, OPT and TSIG fit, and reduces the room for the rest. Only
    /// absurdly long names of keys do not fit.
    private boolean keepRoom(TsigSigner reply) {
        int least = query.questionEnd() + ResponseOptions.RECORD_OCTETS_MIN + reply.octets();
        boolean fits = least <= sizeMax;
        signatureOctets = fits ? reply.octets() : 0;
        sizeMax -= signatureOctets;
        return fits;
    }

    private int sign(TsigSigner reply, int length) {
        return SignedRequests.sign(reply, response, length, client);
    }

    /// Answers a message of any opcode by the result of its parser.
    private int answerParsed(Query.Verdict verdict, @Nullable Zone zone, ZoneSet set) {
        if (verdict == Query.Verdict.REJECT) {
            return answerError(query.rcode(), null);
        }
        if (query.hasTrailingOctets()) {
            counters.trailing();
        }
        return query.opcode() == Opcode.QUERY ? answerQuestion(zone, set) : answerControl(set);
    }

    /// Answers what is no plain query.
    private int answerControl(ZoneSet set) {
        Zone own = ControlRequests.zone(set, query);
        counterSlot = own == null ? WorkerCounters.SLOT_NONE : own.counterSlot();
        int length =
                switch (control.answer(exchange, own, sizeMax, signature)) {
                    case ControlReply.Plain plain -> {
                        options(plain.extended());
                        begin();
                        yield finish(plain.rcode(), plain.authoritative(), false);
                    }
                    case ControlReply.Octets(byte[] message) -> {
                        count(Rcode.NOERROR);
                        MemorySegment.copy(
                                message, 0, response, ValueLayout.JAVA_BYTE, 0, message.length);
                        yield message.length;
                    }
                    case ControlReply.Stream(ResponseStream messages) -> {
                        count(Rcode.NOERROR);
                        exchange.respond(messages);
                        yield 0;
                    }
                    case ControlReply.Later(CompletableFuture<byte[]> message) -> {
                        // Who answers counts it: its RCODE is not known yet.
                        exchange.respond(message);
                        yield 0;
                    }
                };
        // The reply may be another one next time, and the door must see each request.
        repeatable = false;
        return length;
    }

    /// Answers a query, from a zone if one is authoritative.
    private int answerQuestion(@Nullable Zone zone, ZoneSet set) {
        int type = query.type();
        if (type == 0
                || type == RecordType.OPT
                || type == RecordType.NXNAME
                || type == RecordType.TSIG
                || type == RecordType.TKEY) {
            return answerError(Rcode.FORMERR, null);
        }
        if (query.recordClass() == RecordClass.CH) {
            return answerChaos();
        }
        if (query.recordClass() != RecordClass.IN) {
            return answerError(Rcode.REFUSED, ExtendedError.NOT_SUPPORTED);
        }
        if (type == RecordType.AXFR || type == RecordType.IXFR) {
            return type == RecordType.AXFR && client.transport() == Transport.UDP
                    ? answerError(Rcode.NOTIMP, null)
                    : answerControl(set);
        }
        if (zone == null) {
            return answerError(Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
        }
        counterSlot = zone.counterSlot();
        if (!zone.available()) {
            return answerError(
                    Rcode.SERVFAIL,
                    zone.isExpired() ? ExtendedError.EXPIRED : ExtendedError.NOT_READY);
        }
        boolean dnssec = query.dnssecOk() && zone.isSigned();
        return answerFrom(zone, lookup.resolve(zone, query.name(), type, dnssec), dnssec);
    }

    /// Writes the response that a lookup in a zone found.
    private int answerFrom(Zone zone, Answer answer, boolean signed) {
        options(answer.outcome() == Outcome.LOOP ? ExtendedError.OTHER_LOOP : null);
        // The zone version is sent in referrals too, EXPIRE only with the SOA record.
        if (query.zoneVersion()) {
            options.zoneVersion(zone.apex().labelCount(), zone.serial());
        }
        if (query.expire() && query.type() == RecordType.SOA && hasApexSoa(zone, answer)) {
            options.expire(zone.expireSeconds());
        }
        begin();
        boolean truncated = !answers.write(zone, answer, query.name(), query.type(), signed);
        return finish(answer.outcome().rcode(), answer.authoritative(), truncated);
    }

    private boolean hasApexSoa(Zone zone, Answer answer) {
        return answer.outcome() == Outcome.ANSWER
                && !answer.chained()
                && query.name().labelCount() == zone.apex().labelCount();
    }

    /// Answers a question about the server itself (RFC 4892).
    private int answerChaos() {
        byte[] text = chaos.text(query.name());
        if (text == null) {
            return answerError(Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
        }
        options(null);
        begin();
        boolean truncated = false;
        if (query.type() == RecordType.TXT || query.type() == RecordType.ANY) {
            truncated = !Chaos.write(writer, query.name(), text);
        }
        return finish(Rcode.NOERROR, true, truncated);
    }

    private int answerError(int rcode, @Nullable ExtendedError extended) {
        options(extended);
        begin();
        return finish(rcode, false, false);
    }

    /// Collects the options that a response can have whatever its RCODE.
    private void options(@Nullable ExtendedError extended) {
        options.begin(sizeMax - query.questionEnd() - ResponseOptions.RECORD_OCTETS_MIN);
        if (query.hasCookie()) {
            counters.cookie(cookie.take(query, client));
            options.cookie(query.clientCookie(), cookie.head(), cookie.hash());
        }
        if (extended != null) {
            options.extendedError(extended);
        }
        // RFC 7828 section 3.2.1: ignored over UDP.
        if (query.tcpKeepalive() && client.transport() != Transport.UDP) {
            options.tcpKeepalive(client.idleTimeoutDeciseconds());
        }
        if (query.nsid()) {
            options.nsid(nsid);
        }
    }

    private void begin() {
        writer.begin(query, response, sizeMax, query.edns() ? options.recordOctets() : 0);
    }

    private int finish(int rcode, boolean authoritative, boolean truncated) {
        if (query.edns()) {
            writer.opt(rcode, query.dnssecOk(), options);
            // Only encryption makes the length worth hiding (RFC 7830 section 6).
            if (query.padding() && client.transport() == Transport.TLS) {
                writer.pad(sizeMax, signatureOctets);
            }
        }
        count(rcode);
        if (truncated) {
            counters.truncated();
        }
        // Other responses depend only on the request's octets and the zones. Those excluded here
        // depend on the client or the time, or also increment other counters.
        repeatable =
                !query.hasCookie()
                        && !truncated
                        && !query.hasTrailingOctets()
                        && !query.mayBeSigned();
        return writer.finish(query, rcode, authoritative, truncated);
    }

    private void count(int rcode) {
        counterIndex =
                WorkerCounters.counterIndex(counterSlot, query.type(), rcode, client.transport());
        counters.response(counterIndex);
    }

    /// Returns whether the last response from a zone was copied from the precompressed octets of
    /// the image.
    boolean readyMade() {
        return answers.readyMade();
    }

    /// Returns this worker's counters.
    public WorkerCounters counters() {
        return counters;
    }
}
