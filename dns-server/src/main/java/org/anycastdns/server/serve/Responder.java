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

/// Answers requests for one worker thread: request bytes in, response bytes out. It does no I/O,
/// reads no clock and allocates nothing. It is not thread-safe; worker threads share only the
/// {@link ServedZones}.
///
/// Of the requests of a batch, several are read before the first one is answered. The zone data for
/// all of them is prefetched together, so that their cache misses overlap.
///
/// ```
///   one:    respond
///   batch:  beginBatch, { read, read, ... lookAhead, answer, answer, ... }, endBatch
/// ```
public final class Responder {

    /// The smallest response buffer in octets: a message of the smallest UDP size (RFC 1035 section
    /// 4.2.1).
    public static final int RESPONSE_OCTETS_MIN = Edns.UDP_SIZE_MIN;

    /// The most requests that can be read before they are answered. Each one prefetches four cache
    /// lines, and a core can wait for some 16 to 24 at a time. More requests would evict each
    /// other's lines from the nearest cache.
    public static final int PLACES = 16;

    /// Result of {@link #read}: {@link #answer} must write the response.
    public static final int LATER = -1;

    private final ServedZones.Reader zones;
    private final Chaos chaos;
    private final WorkerCounters counters = new WorkerCounters();
    private final Reading[] readings = new Reading[PLACES];
    private final MessageWriter writer = new MessageWriter();
    private final Lookup lookup = new Lookup();
    private final AnswerWriter answers;
    private final ResponseOptions options = new ResponseOptions();
    private final ServerCookie cookie;
    private final byte[] nsid;
    private final @Nullable ResponseCache responseCache;

    // The request that is being answered.
    private Query query;
    private MemorySegment response = MemorySegment.NULL;
    private Client client = new Client();
    private int sizeMax;
    private int slot;
    private int counterIndex;
    private boolean repeatable;
    private boolean repeated;
    private @Nullable ZoneSet batch;

    // Written by {@link #lookAhead} and never read.
    @SuppressWarnings("UnusedVariable")
    private int seen;

    /// One request between {@link #read} and {@link #answer}.
    private static final class Reading {
        private final Query query = new Query();
        private final ResponseCache.Miss miss = new ResponseCache.Miss();
        private MemorySegment request = MemorySegment.NULL;
        private int requestLength;
        private Query.Verdict verdict = Query.Verdict.DROP;
        private boolean waiting;

        /// The authoritative zone for QNAME; QNAME is hashed for it. Its memory may be freed after
        /// the batch.
        private @Nullable Zone zone;
    }

    /// Creates a responder for one worker thread.
    public Responder(ServedZones zones, Identity identity, CookieSecrets secrets) {
        this(zones, identity, secrets, true, true);
    }

    /// Creates a responder with optional shortcuts. The responses are the same, octet for octet.
    ///
    /// @param readyMade whether to copy the precompressed record sets of the image
    /// @param repeating whether to use a response cache
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
        this.responseCache = repeating ? new ResponseCache() : null;
        Arrays.setAll(readings, _ -> new Reading());
        query = readings[0].query;
    }

    /// Begins a batch of requests that are all answered from the same zones. Outside a batch, each
    /// request is a batch of its own.
    public void beginBatch() {
        batch = zones.begin();
    }

    /// Ends a batch. Afterwards the zones may be swapped and their memory may be freed. A worker
    /// thread may be idle between batches for any time.
    public void endBatch() {
        batch = null;
        zones.end();
    }

    /// Discards the requests that were read but not answered, after an internal error in a batch.
    public void abandon() {
        for (Reading reading : readings) {
            reading.zone = null;
            reading.waiting = false;
        }
    }

    /// Answers one request.
    ///
    /// @param request holds the message, starting at offset 0
    /// @param requestLength length of the message in octets
    /// @param into receives the response, starting at offset 0; at least {@link
    ///   #RESPONSE_OCTETS_MIN} octets. Complete TCP responses can need 65,535 octets.
    /// @param from the client and the time; read before this method returns
    /// @return length of the response in octets; 0 if no response must be sent
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

    /// Reads one request of a batch. A request that hits the response cache is answered at once.
    ///
    /// @param place index of a free slot in which the request waits for {@link #answer}, 0 to
    ///   {@link #PLACES} - 1
    /// @param request as for {@link #respond}; must not change until the request is answered
    /// @return length of the response in octets; 0 if no response must be sent; {@link #LATER} if
    ///   {@link #answer} must be called for this slot before the batch ends
    public int read(
            int place, MemorySegment request, int requestLength, MemorySegment into, Client from) {
        return read(batchZones(), readings[place], request, requestLength, into, from);
    }

    /// Prefetches the zone data for the names of all waiting requests.
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

    /// Returns whether a slot holds a request that waits for its response.
    public boolean isWaiting(int place) {
        return readings[place].waiting;
    }

    /// Answers a request that was read before.
    ///
    /// @param into as for {@link #respond}
    /// @param from the client, the same as for {@link #read}
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
        if (responseCache != null && from.transport() == Transport.UDP) {
            int copied = responseCache.find(set, request, requestLength, into, reading.miss);
            if (copied > 0) {
                counters.response(responseCache.counterIndex());
                repeated = true;
                return copied;
            }
        }
        reading.verdict = reading.query.parse(request, requestLength);
        if (reading.verdict == Query.Verdict.DROP) {
            counters.dropped();
            return 0;
        }
        reading.request = request;
        reading.requestLength = requestLength;
        reading.zone = zone(set, reading);
        reading.waiting = true;
        return LATER;
    }

    /// Returns the zone to answer QNAME from, if any.
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
        slot = WorkerCounters.SLOT_NONE;
        sizeMax = sizeMax((int) Math.min(into.byteSize(), MessageWriter.OCTETS_MAX));
        int length = answer(set, speaking, reading.verdict);
        if (repeatable && responseCache != null && from.transport() == Transport.UDP) {
            responseCache.keep(
                    reading.miss,
                    reading.request,
                    reading.requestLength,
                    into,
                    length,
                    counterIndex);
        }
        return length;
    }

    private int answer(ZoneSet set, @Nullable Zone speaking, Query.Verdict verdict) {
        if (verdict == Query.Verdict.REJECT) {
            return error(query.rcode(), null);
        }
        if (query.hasTrailingOctets()) {
            counters.trailing();
        }
        return query.opcode() == Opcode.QUERY ? answer(speaking) : notifyOrUpdate(set);
    }

    private int sizeMax(int capacity) {
        return client.transport() == Transport.TCP
                ? capacity
                : Math.min(capacity, Math.min(query.udpSize(), Edns.UDP_SIZE));
    }

    /// Refuses NOTIFY (RFC 1996 section 3.10) and UPDATE (RFC 2136 section 3.3): zones come from
    /// files.
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

    /// Returns the zone that is authoritative for QNAME. For DS at a zone apex this is the parent
    /// zone, if it is served here (RFC 4035 section 3.1.4.1).
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
        // The zone version is sent in referrals too, EXPIRE only with the SOA record.
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
                            text.length,
                            0,
                            0);
            writer.addAnswers(truncated ? 0 : 1);
        }
        return finish(Rcode.NOERROR, true, truncated);
    }

    private int error(int rcode, @Nullable ExtendedError extended) {
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
        counterIndex = WorkerCounters.counterIndex(slot, query.type(), rcode, client.transport());
        counters.response(counterIndex);
        if (truncated) {
            counters.truncated();
        }
        // Other responses depend only on the request's octets and the zones. Those excluded here
        // depend on the client or the time, or also increment other counters.
        repeatable = !query.hasCookie() && !truncated && !query.hasTrailingOctets();
        return writer.finish(query, rcode, authoritative, truncated);
    }

    /// Returns whether the last response from a zone was copied from the precompressed octets of
    /// the image.
    boolean readyMade() {
        return answers.readyMade();
    }

    /// Returns whether the last response came from the response cache.
    boolean repeated() {
        return repeated;
    }

    /// Returns this worker's counters.
    public WorkerCounters counters() {
        return counters;
    }
}
