package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import org.anycastdns.server.lookup.Answer;
import org.anycastdns.server.lookup.Lookup;
import org.anycastdns.server.wire.Edns;
import org.anycastdns.server.wire.ExtendedError;
import org.anycastdns.server.wire.MessageWriter;
import org.anycastdns.server.wire.NameBuffer;
import org.anycastdns.server.wire.Opcode;
import org.anycastdns.server.wire.Query;
import org.anycastdns.server.wire.Rcode;
import org.anycastdns.server.wire.RecordClass;
import org.anycastdns.server.wire.RecordType;
import org.anycastdns.server.wire.ResponseOptions;
import org.anycastdns.server.zone.Zone;
import org.anycastdns.server.zone.ZoneSet;
import org.jspecify.annotations.Nullable;

/// Answers requests for one worker: request bytes to response bytes, without I/O, clock or
/// allocation. Not thread-safe; workers share only the {@link ServedZones}.
///
/// Of requests that came together, some are read before the first of them is answered, and the
/// memory is asked for what all of them need: it answers many at once as fast as one.
///
/// ```
///   one:    respond
///   batch:  beginBatch, { read, read, ... lookAhead, answer, answer, ... }, endBatch
/// ```
public final class Responder {

    /// The least room that a response buffer must have, in octets: a message of the smallest UDP
    /// size (RFC 1035 section 4.2.1).
    public static final int RESPONSE_OCTETS_MIN = Edns.UDP_SIZE_MIN;

    /// Requests that may be read before they are answered: each looks ahead at four lines of
    /// memory, and a core waits for some 16 to 24 at a time. More would only push one another out
    /// of its nearest cache.
    public static final int PLACES = 16;

    /// Result of {@link #read}: the response comes from {@link #answer}.
    public static final int LATER = -1;

    private final ServedZones.Reader zones;
    private final Chaos chaos;
    private final Tally tally = new Tally();
    private final Reading[] readings = new Reading[PLACES];
    private final MessageWriter writer = new MessageWriter();
    private final Lookup lookup = new Lookup();
    private final AnswerWriter answers;
    private final ResponseOptions options = new ResponseOptions();
    private final ServerCookie cookie;
    private final byte[] nsid;
    private final @Nullable Repeats repeats;

    // The request that is being answered.
    private Query query;
    private MemorySegment response = MemorySegment.NULL;
    private Client client = new Client();
    private int sizeMax;
    private int slot;
    private int cell;
    private boolean repeatable;
    private boolean repeated;
    private @Nullable ZoneSet batch;

    // Read by none.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    /// One request between being read and being answered.
    private static final class Reading {
        private final Query query = new Query();
        private final Repeats.Miss miss = new Repeats.Miss();
        private MemorySegment request = MemorySegment.NULL;
        private int requestLength;
        private Query.Verdict verdict = Query.Verdict.DROP;
        private boolean waiting;

        /// Speaks for QNAME, which is hashed for it. Its memory may go with the batch.
        private @Nullable Zone zone;
    }

    /// A responder for one worker.
    public Responder(ServedZones zones, Identity identity, CookieSecrets secrets) {
        this(zones, identity, secrets, true, true);
    }

    /// Whatever it may copy, the responses are the same octet for octet.
    ///
    /// @param readyMade whether record sets are copied where the image has them ready
    /// @param repeating whether answers are copied where the same was asked before
    Responder(
            ServedZones zones,
            Identity identity,
            CookieSecrets secrets,
            boolean readyMade,
            boolean repeating) {
        this.zones = zones.reader();
        this.answers = new AnswerWriter(writer, readyMade);
        this.cookie = new ServerCookie(secrets);
        this.chaos = new Chaos(identity);
        this.nsid = identity.name().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        this.repeats = repeating ? new Repeats() : null;
        Arrays.setAll(readings, _ -> new Reading());
        query = readings[0].query;
    }

    /// Begins a batch of requests, all answered from the same zones. Without a batch each request
    /// is one of its own.
    public void beginBatch() {
        batch = zones.begin();
    }

    /// Ends a batch: the zones may be swapped and their memory given back. Between batches a worker
    /// may be idle for any time.
    public void endBatch() {
        batch = null;
        zones.end();
    }

    /// Forgets what was read and not answered, after a fault within a batch.
    public void abandon() {
        for (Reading reading : readings) {
            reading.zone = null;
            reading.waiting = false;
        }
    }

    /// Answers one request.
    ///
    /// @param request holds the message from offset 0 on
    /// @param requestLength octets of the message
    /// @param into receives the response from offset 0 on; at least {@link #RESPONSE_OCTETS_MIN}
    ///   octets, and responses over TCP are only complete with 65,535
    /// @param from who asks and when; read before this returns
    /// @return length of the response in octets; 0 when none is to be sent
    public int respond(MemorySegment request, int requestLength, MemorySegment into, Client from) {
        ZoneSet set = batch;
        if (set != null) {
            return respond(set, request, requestLength, into, from);
        }
        try {
            return respond(zones.begin(), request, requestLength, into, from);
        } finally {
            zones.end();
        }
    }

    private int respond(
            ZoneSet set,
            MemorySegment request,
            int requestLength,
            MemorySegment into,
            Client from) {
        Reading reading = readings[0];
        int length = read(set, reading, request, requestLength, into, from);
        return length == LATER ? answer(set, reading, into, from) : length;
    }

    /// Reads one request of a batch; what was answered before is answered at once.
    ///
    /// @param place where it waits for its answer, 0 to {@link #PLACES} - 1; none other waits there
    /// @param request as for {@link #respond}; stays as it is until the answer
    /// @return length of the response in octets; 0 when none is to be sent; {@link #LATER} when
    ///   {@link #answer} must be called for this place before the batch ends
    public int read(
            int place, MemorySegment request, int requestLength, MemorySegment into, Client from) {
        return read(batchZones(), readings[place], request, requestLength, into, from);
    }

    /// Asks the memory for where the zones have the names that wait for an answer.
    public void lookAhead() {
        int sum = 0;
        for (Reading reading : readings) {
            Zone zone = reading.zone;
            if (zone != null) {
                sum += zone.lookAhead(reading.query.name());
            }
        }
        seen = sum;
    }

    /// Whether a request was read into a place and waits there for its answer.
    public boolean isWaiting(int place) {
        return readings[place].waiting;
    }

    /// Answers a request that was read before.
    ///
    /// @param into as for {@link #respond}
    /// @param from who asked, the same as when it was read
    /// @return length of the response in octets, never 0
    public int answer(int place, MemorySegment into, Client from) {
        return answer(batchZones(), readings[place], into, from);
    }

    private ZoneSet batchZones() {
        return Objects.requireNonNull(batch, "no batch has begun");
    }

    private int read(
            ZoneSet set,
            Reading reading,
            MemorySegment request,
            int requestLength,
            MemorySegment into,
            Client from) {
        repeated = false;
        if (repeats != null && from.transport() == Transport.UDP) {
            int copied = repeats.find(set, request, requestLength, into, reading.miss);
            if (copied > 0) {
                tally.response(repeats.cell());
                repeated = true;
                return copied;
            }
        }
        reading.verdict = reading.query.parse(request, requestLength);
        if (reading.verdict == Query.Verdict.DROP) {
            tally.dropped();
            return 0;
        }
        reading.request = request;
        reading.requestLength = requestLength;
        reading.zone = zone(set, reading);
        reading.waiting = true;
        return LATER;
    }

    /// The zone to ask about QNAME, if any.
    private static @Nullable Zone zone(ZoneSet set, Reading reading) {
        Query query = reading.query;
        if (reading.verdict != Query.Verdict.ANSWER
                || query.opcode() != Opcode.QUERY
                || query.recordClass() != RecordClass.IN) {
            return null;
        }
        Zone zone = zone(set, query.name(), query.type());
        if (zone != null) {
            zone.hash(query.name());
        }
        return zone;
    }

    private int answer(ZoneSet set, Reading reading, MemorySegment into, Client from) {
        Zone speaking = reading.zone;
        reading.zone = null;
        reading.waiting = false;
        query = reading.query;
        response = into;
        client = from;
        slot = Tally.SLOT_NONE;
        sizeMax = sizeMax((int) Math.min(into.byteSize(), MessageWriter.OCTETS_MAX));
        int length = answer(set, speaking, reading.verdict);
        if (repeatable && repeats != null && from.transport() == Transport.UDP) {
            repeats.keep(reading.miss, reading.request, reading.requestLength, into, length, cell);
        }
        return length;
    }

    private int answer(ZoneSet set, @Nullable Zone speaking, Query.Verdict verdict) {
        if (verdict == Query.Verdict.REJECT) {
            return error(query.rcode(), null);
        }
        if (query.hasTrailingOctets()) {
            tally.trailing();
        }
        return query.opcode() == Opcode.QUERY ? answer(speaking) : notifyOrUpdate(set);
    }

    private int sizeMax(int capacity) {
        return client.transport() == Transport.TCP
                ? capacity
                : Math.min(capacity, Math.min(query.udpSize(), Edns.UDP_SIZE));
    }

    /// Zones come from files: nothing can be notified (RFC 1996 section 3.10) or updated (RFC 2136
    /// section 3.3).
    private int notifyOrUpdate(ZoneSet set) {
        Zone named = set.find(query.name(), 0);
        boolean apex = named != null && named.apex().labelCount() == query.name().labelCount();
        return error(apex ? Rcode.REFUSED : Rcode.NOTAUTH, ExtendedError.PROHIBITED);
    }

    private int answer(@Nullable Zone speaking) {
        int type = query.type();
        if (type == 0
                || type == RecordType.OPT
                || type == RecordType.NXNAME
                || type == RecordType.TSIG
                || type == RecordType.TKEY) {
            return error(Rcode.FORMERR, null);
        }
        if (query.recordClass() == RecordClass.CH) {
            return chaos();
        }
        if (query.recordClass() != RecordClass.IN) {
            return error(Rcode.REFUSED, ExtendedError.NOT_SUPPORTED);
        }
        if (type == RecordType.AXFR && client.transport() == Transport.UDP) {
            return error(Rcode.NOTIMP, null);
        }
        if (speaking == null) {
            return error(Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
        }
        slot = speaking.counterSlot();
        if (!speaking.available()) {
            return error(Rcode.SERVFAIL, ExtendedError.NOT_READY);
        }
        if (type == RecordType.AXFR || type == RecordType.IXFR) {
            return error(Rcode.REFUSED, ExtendedError.PROHIBITED);
        }
        boolean signed = query.dnssecOk() && speaking.isSigned();
        return write(speaking, lookup.resolve(speaking, query.name(), type, signed), signed);
    }

    /// The zone that speaks for QNAME; for DS at an apex the parent's, when it is served here (RFC
    /// 4035 section 3.1.4.1).
    private static @Nullable Zone zone(ZoneSet set, NameBuffer name, int type) {
        Zone closest = set.find(name, 0);
        boolean apex = closest != null && closest.apex().labelCount() == name.labelCount();
        if (type == RecordType.DS && apex && name.labelCount() > 0) {
            Zone parent = set.find(name, 1);
            return parent != null && parent.available() ? parent : closest;
        }
        return closest;
    }

    private int write(Zone zone, Answer answer, boolean signed) {
        ExtendedError extended = answer.looped() ? ExtendedError.OTHER_LOOP : null;
        options(extended);
        // A zone's version is told in referrals too, EXPIRE with the SOA record only.
        if (query.zoneVersion()) {
            options.zoneVersion(zone.apex().labelCount(), zone.serial());
        }
        if (query.expire() && query.type() == RecordType.SOA && isAtApex(zone, answer)) {
            options.expire(zone.expireSeconds());
        }
        begin();
        boolean truncated = !answers.write(zone, answer, query.name(), query.type(), signed);
        return finish(answer.rcode(), answer.authoritative(), truncated);
    }

    private boolean isAtApex(Zone zone, Answer answer) {
        return answer.size() == 1 && query.name().labelCount() == zone.apex().labelCount();
    }

    private int chaos() {
        byte[] text = chaos.text(query.name());
        if (text == null) {
            return error(Rcode.REFUSED, ExtendedError.NOT_AUTHORITATIVE);
        }
        options(null);
        begin();
        boolean truncated = false;
        if (query.type() == RecordType.TXT || query.type() == RecordType.ANY) {
            NameBuffer owner = query.name();
            truncated =
                    !writer.record(
                            owner.wire(),
                            owner.length(),
                            RecordType.TXT,
                            RecordClass.CH,
                            0,
                            text,
                            0,
                            text.length);
            writer.addAnswers(truncated ? 0 : 1);
        }
        return finish(Rcode.NOERROR, true, truncated);
    }

    private int error(int rcode, @Nullable ExtendedError extended) {
        options(extended);
        begin();
        return finish(rcode, false, false);
    }

    /// Collects the options that any response may have, whatever its RCODE.
    private void options(@Nullable ExtendedError extended) {
        options.begin(sizeMax - query.questionEnd() - ResponseOptions.RECORD_OCTETS_MIN);
        if (query.hasCookie()) {
            tally.cookie(cookie.take(query, client));
            options.cookie(query.clientCookie(), cookie.head(), cookie.hash());
        }
        if (extended != null) {
            options.extendedError(extended);
        }
        // RFC 7828 section 3.2.1: ignored over UDP.
        if (query.tcpKeepalive() && client.transport() == Transport.TCP) {
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
        }
        cell = Tally.cell(slot, query.type(), rcode, client.transport());
        tally.response(cell);
        if (truncated) {
            tally.truncated();
        }
        // Its octets and the zones say all of the others: who asks and when, and what is counted
        // beside the response, matter for these alone.
        repeatable = !query.hasCookie() && !truncated && !query.hasTrailingOctets();
        return writer.finish(query, rcode, authoritative, truncated);
    }

    /// Whether the last answer from a zone was copied as the image has it ready.
    boolean readyMade() {
        return answers.readyMade();
    }

    /// Whether the last answer was copied from one that was given before.
    boolean repeated() {
        return repeated;
    }

    /// This worker's counters.
    public Tally tally() {
        return tally;
    }
}
