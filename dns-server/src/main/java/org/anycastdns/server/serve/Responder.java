package org.anycastdns.server.serve;

import java.lang.foreign.MemorySegment;
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

/// Answers one request after the other for one worker: request bytes to response bytes, without
/// I/O, clock or allocation. Not thread-safe; workers share only the {@link ServedZones}.
public final class Responder {

    /// The least room that a response buffer must have, in octets: a message of the smallest UDP
    /// size (RFC 1035 section 4.2.1).
    public static final int RESPONSE_OCTETS_MIN = Edns.UDP_SIZE_MIN;

    private final ServedZones.Reader zones;
    private final Chaos chaos;
    private final Tally tally = new Tally();
    private final Query query = new Query();
    private final MessageWriter writer = new MessageWriter();
    private final Lookup lookup = new Lookup();
    private final AnswerWriter answers;
    private final ResponseOptions options = new ResponseOptions();
    private final ServerCookie cookie;
    private final byte[] nsid;
    private final @Nullable Repeats repeats;

    private MemorySegment response = MemorySegment.NULL;
    private Client client = new Client();
    private int sizeMax;
    private int slot;
    private int cell;
    private boolean repeatable;
    private boolean repeated;
    private @Nullable ZoneSet batch;

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
        repeated = false;
        Repeats known = from.transport() == Transport.UDP ? repeats : null;
        if (known == null) {
            return respondAnew(set, request, requestLength, into, from);
        }
        int copied = known.find(set, request, requestLength, into);
        if (copied > 0) {
            tally.response(known.cell());
            repeated = true;
            return copied;
        }
        int length = respondAnew(set, request, requestLength, into, from);
        if (length > 0 && repeatable) {
            known.keep(request, requestLength, into, length, cell);
        }
        return length;
    }

    private int respondAnew(
            ZoneSet set,
            MemorySegment request,
            int requestLength,
            MemorySegment into,
            Client from) {
        response = into;
        client = from;
        slot = Tally.SLOT_NONE;
        int capacity = (int) Math.min(into.byteSize(), MessageWriter.OCTETS_MAX);
        return switch (query.parse(request, requestLength)) {
            case DROP -> {
                tally.dropped();
                yield 0;
            }
            case REJECT -> {
                sizeMax = sizeMax(capacity);
                yield error(query.rcode(), null);
            }
            case ANSWER -> {
                sizeMax = sizeMax(capacity);
                if (query.hasTrailingOctets()) {
                    tally.trailing();
                }
                yield query.opcode() == Opcode.QUERY ? answer(set) : notifyOrUpdate(set);
            }
        };
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

    private int answer(ZoneSet set) {
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
        Zone speaking = zone(set, type);
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
        return write(speaking, lookup.resolve(speaking, query.name(), type, query.dnssecOk()));
    }

    /// The zone that speaks for QNAME; for DS at an apex the parent's, when it is served here (RFC
    /// 4035 section 3.1.4.1).
    private @Nullable Zone zone(ZoneSet set, int type) {
        NameBuffer name = query.name();
        Zone closest = set.find(name, 0);
        boolean apex = closest != null && closest.apex().labelCount() == name.labelCount();
        if (type == RecordType.DS && apex && name.labelCount() > 0) {
            Zone parent = set.find(name, 1);
            return parent != null && parent.available() ? parent : closest;
        }
        return closest;
    }

    private int write(Zone zone, Answer answer) {
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
        boolean truncated =
                !answers.write(zone, answer, query.name(), query.type(), query.dnssecOk());
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
