package org.anycastdns.server.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One request, parsed: a flyweight that a worker reuses for every message.
///
/// {@link #parse} reads the header, the question and the OPT record and says what the request
/// deserves; the fields are valid until the next call. What stands in the answer and authority
/// sections of a request is skipped (an IXFR client's SOA is of no use here); octets that trail
/// behind the last record say nothing.
public final class Query {

    /// What a request deserves before any zone is looked at.
    public enum Verdict {
        /// No reply: too short to have an ID, or itself a response (answering would make loops).
        DROP,
        /// A reply with {@link Query#rcode}, without an answer.
        REJECT,
        /// A well-formed query of opcode QUERY with one question.
        ANSWER
    }

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    /// Length of a COOKIE option: the client's part alone, or with a server's part of 8 to 32
    /// octets (RFC 7873 section 4); ours has 16 (RFC 9018 section 4).
    private static final int CLIENT_COOKIE_OCTETS = 8;

    private static final int COOKIE_OCTETS_MIN = 16;
    private static final int COOKIE_OCTETS_MAX = 40;
    private static final int OUR_COOKIE_OCTETS = 24;

    /// The most records that are skipped to find the OPT record: a query has none, IXFR one, and
    /// TSIG and SIG(0) add one; the limit bounds the work that a hostile packet can ask for.
    private static final int RECORDS_MAX = 16;

    private final NameBuffer name = new NameBuffer();
    private MemorySegment message = MemorySegment.NULL;
    private int length;
    private int flags;
    private int rcode;
    private int questionEnd;
    private int type;
    private int recordClass;
    private boolean edns;
    private boolean dnssecOk;
    private boolean nsid;
    private boolean expire;
    private boolean tcpKeepalive;
    private boolean zoneVersion;
    private boolean malformedOption;
    private int cookieOctets;
    private long clientCookie;
    private long serverCookieHead;
    private long serverCookieHash;
    private int udpSize;
    private int ednsVersion;
    private int cursor;

    /// Reads a request.
    ///
    /// @param request holds the message from offset 0 on
    /// @param requestLength octets that count
    public Verdict parse(MemorySegment request, int requestLength) {
        message = request;
        length = requestLength;
        rcode = Rcode.NOERROR;
        questionEnd = Header.OCTETS;
        type = 0;
        recordClass = 0;
        edns = false;
        dnssecOk = false;
        nsid = false;
        expire = false;
        tcpKeepalive = false;
        zoneVersion = false;
        malformedOption = false;
        cookieOctets = 0;
        udpSize = Edns.UDP_SIZE_MIN;
        ednsVersion = 0;
        name.clear();
        if (requestLength < Header.OCTETS) {
            return Verdict.DROP;
        }
        flags = shortAt(Header.FLAGS);
        if ((flags & Header.QR) != 0) {
            return Verdict.DROP;
        }
        return opcode() == Opcode.QUERY ? parseQuery() : parseOther();
    }

    private Verdict parseQuery() {
        cursor = Header.OCTETS;
        int questions = shortAt(Header.QDCOUNT);
        // RFC 9619 section 4: more than one question is an error.
        if (questions > 1 || (questions == 1 && !parseQuestion())) {
            return reject(Rcode.FORMERR);
        }
        if (!parseRecords()) {
            return reject(Rcode.FORMERR);
        }
        if (ednsVersion != 0) {
            return reject(Rcode.BADVERS);
        }
        if (malformedOption) {
            return reject(Rcode.FORMERR);
        }
        if (questions == 0) {
            // Without a question a client can only ask for a cookie (RFC 7873 section 5.4).
            return reject(hasCookie() ? Rcode.NOERROR : Rcode.FORMERR);
        }
        return Verdict.ANSWER;
    }

    /// NOTIFY and UPDATE have a question-like section that the reply repeats; of unknown opcodes
    /// only the header is understood (RFC 8906 section 3.1.4).
    private Verdict parseOther() {
        boolean known = opcode() == Opcode.NOTIFY || opcode() == Opcode.UPDATE;
        if (!known) {
            return reject(Rcode.NOTIMP);
        }
        cursor = Header.OCTETS;
        if (shortAt(Header.QDCOUNT) != 1 || !parseQuestion()) {
            return reject(Rcode.FORMERR);
        }
        // An UPDATE may have any number of records; none of them matters for refusing it.
        if (records() <= RECORDS_MAX && (!parseRecords() || malformedOption)) {
            return reject(Rcode.FORMERR);
        }
        return ednsVersion == 0 ? Verdict.ANSWER : reject(Rcode.BADVERS);
    }

    private Verdict reject(int code) {
        rcode = code;
        return Verdict.REJECT;
    }

    private boolean parseQuestion() {
        // A pointer has nothing to point at yet, and label types 0x40 and 0x80 are not defined.
        int at = name.read(message, cursor, length);
        if (at < 0) {
            return false;
        }
        if (at + 4 > length) {
            name.clear();
            return false;
        }
        type = shortAt(at);
        recordClass = shortAt(at + 2);
        questionEnd = at + 4;
        cursor = questionEnd;
        return true;
    }

    private int records() {
        return shortAt(Header.ANCOUNT) + shortAt(Header.NSCOUNT) + shortAt(Header.ARCOUNT);
    }

    private boolean parseRecords() {
        int before = shortAt(Header.ANCOUNT) + shortAt(Header.NSCOUNT);
        int records = records();
        if (records > RECORDS_MAX) {
            return false;
        }
        for (int i = 0; i < records; i++) {
            if (!parseRecord(i >= before)) {
                return false;
            }
        }
        return true;
    }

    private boolean parseRecord(boolean additional) {
        boolean root = cursor < length && message.get(ValueLayout.JAVA_BYTE, cursor) == 0;
        if (!skipName() || cursor + 10 > length) {
            return false;
        }
        int recordType = shortAt(cursor);
        int size = shortAt(cursor + 8);
        int rdata = cursor + 10;
        if (rdata + size > length) {
            return false;
        }
        cursor = rdata + size;
        if (recordType != RecordType.OPT) {
            return true;
        }
        // RFC 6891 section 6.1.1 and 6.1.2: one OPT, in the additional section, at the root.
        return additional && root && !edns && parseOpt(rdata, size);
    }

    private boolean skipName() {
        while (cursor < length) {
            int size = message.get(ValueLayout.JAVA_BYTE, cursor) & 0xff;
            if (size == 0) {
                cursor++;
                return true;
            }
            if (size >= 0xc0) {
                cursor += 2;
                return cursor <= length;
            }
            if (size > Name.LABEL_OCTETS_MAX) {
                return false;
            }
            cursor += size + 1;
        }
        return false;
    }

    /// The OPT record, RFC 6891 section 6.1.3:
    ///
    /// ```
    ///   NAME 0 | TYPE 41 | CLASS = UDP size | TTL = extended RCODE, VERSION, DO, Z | RDLENGTH
    ///   RDATA = { OPTION-CODE, OPTION-LENGTH, OPTION-DATA } ...
    /// ```
    private boolean parseOpt(int rdata, int size) {
        int ttl = message.get(INT, rdata - 6);
        int end = rdata + size;
        int at = rdata;
        while (at < end) {
            if (at + 4 > end || at + 4 + shortAt(at + 2) > end) {
                return false;
            }
            parseOption(shortAt(at), at + 4, shortAt(at + 2));
            at += 4 + shortAt(at + 2);
        }
        edns = true;
        udpSize = Math.max(Edns.UDP_SIZE_MIN, shortAt(rdata - 8));
        ednsVersion = (ttl >>> 16) & 0xff;
        dnssecOk = (ttl & Edns.DO) != 0;
        return true;
    }

    /// Notes an option that this server knows; others are ignored (RFC 6891 section 6.1.2).
    private void parseOption(int code, int data, int size) {
        switch (code) {
            case Edns.NSID -> nsid = true;
            case Edns.EXPIRE -> expire = true;
            case Edns.TCP_KEEPALIVE -> tcpKeepalive = true;
            case Edns.ZONEVERSION -> {
                zoneVersion = true;
                // A client has no version to tell (RFC 9660 section 3.1).
                malformedOption |= size != 0;
            }
            case Edns.COOKIE -> parseCookie(data, size);
            default -> {}
        }
    }

    private void parseCookie(int data, int size) {
        if (cookieOctets != 0) {
            // RFC 7873 section 5.2: the first one counts.
            return;
        }
        if (size != CLIENT_COOKIE_OCTETS
                && (size < COOKIE_OCTETS_MIN || size > COOKIE_OCTETS_MAX)) {
            malformedOption = true;
            return;
        }
        cookieOctets = size;
        clientCookie = message.get(LONG, data);
        if (size == OUR_COOKIE_OCTETS) {
            serverCookieHead = message.get(LONG, data + 8L);
            serverCookieHash = message.get(LONG, data + 16L);
        }
    }

    private int shortAt(int offset) {
        return message.get(SHORT, offset) & 0xffff;
    }

    /// The request's octets.
    MemorySegment message() {
        return message;
    }

    /// The second 16 bits of the header.
    int flags() {
        return flags;
    }

    /// The RCODE of a {@link Verdict#REJECT}.
    public int rcode() {
        return rcode;
    }

    /// The OPCODE, 0 to 15.
    public int opcode() {
        return (flags >>> Header.OPCODE_SHIFT) & Header.OPCODE_MASK;
    }

    /// Whether the question could be read; else name, type and class are empty.
    public boolean hasQuestion() {
        return questionEnd > Header.OCTETS;
    }

    /// Offset of the first octet after the question.
    public int questionEnd() {
        return questionEnd;
    }

    /// Whether octets follow the last record of a query that gets an {@link Verdict#ANSWER}.
    public boolean hasTrailingOctets() {
        return opcode() == Opcode.QUERY && cursor < length;
    }

    /// QNAME; belongs to this query, valid until the next one is parsed.
    public NameBuffer name() {
        return name;
    }

    /// QTYPE.
    public int type() {
        return type;
    }

    /// QCLASS.
    public int recordClass() {
        return recordClass;
    }

    /// Whether a sound OPT record came with the query, so that the reply has one too.
    public boolean edns() {
        return edns;
    }

    /// Whether the client set the DO bit (RFC 3225).
    public boolean dnssecOk() {
        return dnssecOk;
    }

    /// Whether the client asked for our identity (RFC 5001).
    public boolean nsid() {
        return nsid;
    }

    /// Whether the client asked how long a secondary may serve the zone (RFC 7314).
    public boolean expire() {
        return expire;
    }

    /// Whether the client asked how long a TCP connection may be idle (RFC 7828).
    public boolean tcpKeepalive() {
        return tcpKeepalive;
    }

    /// Whether the client asked for the zone's version (RFC 9660).
    public boolean zoneVersion() {
        return zoneVersion;
    }

    /// Whether a cookie came with the query (RFC 7873), so that the reply has one too.
    public boolean hasCookie() {
        return cookieOctets != 0;
    }

    /// Whether the cookie has a server's part as long as ours.
    public boolean hasServerCookie() {
        return cookieOctets == OUR_COOKIE_OCTETS;
    }

    /// Whether the cookie has a server's part that cannot be ours.
    public boolean hasForeignCookie() {
        return cookieOctets > CLIENT_COOKIE_OCTETS && !hasServerCookie();
    }

    /// The client's part of the cookie.
    public long clientCookie() {
        return clientCookie;
    }

    /// The first half of {@link #hasServerCookie a server's part}: version and time (RFC 9018
    /// section 4).
    public long serverCookieHead() {
        return serverCookieHead;
    }

    /// The second half: the hash.
    public long serverCookieHash() {
        return serverCookieHash;
    }

    /// Largest UDP reply that the client takes, in octets, at least 512.
    public int udpSize() {
        return udpSize;
    }
}
