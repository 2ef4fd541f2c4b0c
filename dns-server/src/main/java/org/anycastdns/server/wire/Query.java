package org.anycastdns.server.wire;

import static org.anycastdns.server.wire.NetworkOrder.INT;
import static org.anycastdns.server.wire.NetworkOrder.LONG;
import static org.anycastdns.server.wire.NetworkOrder.SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// One parsed request: a flyweight that a worker thread reuses for every message.
///
/// {@link #parse} reads the header, the question and the OPT record and returns how to treat the
/// request. The fields are valid until the next call. Records in the answer and authority sections
/// are skipped; this server has no use for the SOA record of an IXFR request. Octets after the last
/// record do not affect the verdict.
public final class Query {

    /// How to treat a request, decided before any zone is looked up.
    public enum Verdict {
        /// Send no response: the request is too short to have an ID or is itself a response.
        /// Answering a response could cause a loop.
        DROP,
        /// Send a response with {@link Query#rcode} and no answer.
        REJECT,
        /// Answer the request: it is well-formed and has one question. Its opcode is QUERY, NOTIFY
        /// or UPDATE.
        ANSWER
    }

    /// Length of a COOKIE option in octets: the client cookie alone, or followed by a server cookie
    /// of 8 to 32 octets (RFC 7873 section 4). This server's cookies have 16 octets (RFC 9018
    /// section 4).
    private static final int CLIENT_COOKIE_OCTETS = 8;

    private static final int COOKIE_OCTETS_MIN = 16;
    private static final int COOKIE_OCTETS_MAX = 40;
    private static final int OUR_COOKIE_OCTETS = 24;

    /// The most records that are skipped to find the OPT record. A query has none, IXFR has one,
    /// and TSIG and SIG(0) add one. The limit bounds the work that a hostile packet can cause.
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
    private boolean padding;
    private boolean malformedOption;
    private boolean tsig;
    private int cookieOctets;
    private long clientCookie;
    private long serverCookieHead;
    private long serverCookieHash;
    private int udpSize;
    private int ednsVersion;
    private int cursor;

    /// Parses a request.
    ///
    /// @param request holds the message, starting at offset 0
    /// @param requestLength length of the message in octets
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
        padding = false;
        malformedOption = false;
        tsig = false;
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
            // Without a question, a client can only request a cookie (RFC 7873 section 5.4).
            return reject(hasCookie() ? Rcode.NOERROR : Rcode.FORMERR);
        }
        return Verdict.ANSWER;
    }

    /// Parses a request whose opcode is not QUERY. NOTIFY and UPDATE have a section like a
    /// question, which the response repeats. Of unknown opcodes only the header is understood (RFC
    /// 8906 section 3.1.4).
    private Verdict parseOther() {
        boolean known = opcode() == Opcode.NOTIFY || opcode() == Opcode.UPDATE;
        if (!known) {
            return reject(Rcode.NOTIMP);
        }
        cursor = Header.OCTETS;
        if (shortAt(Header.QDCOUNT) != 1 || !parseQuestion()) {
            return reject(Rcode.FORMERR);
        }
        // An UPDATE can have any number of records; none but TSIG affects its refusal.
        if (records() > RECORDS_MAX) {
            tsig = shortAt(Header.ARCOUNT) > 0;
        } else if (!parseRecords() || malformedOption) {
            return reject(Rcode.FORMERR);
        }
        return ednsVersion == 0 ? Verdict.ANSWER : reject(Rcode.BADVERS);
    }

    private Verdict reject(int code) {
        rcode = code;
        return Verdict.REJECT;
    }

    private boolean parseQuestion() {
        // No name precedes this one, so a pointer is invalid. Label types 0x40 and 0x80 are
        // undefined.
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
        if (tsig) {
            // RFC 8945 section 5.1: TSIG is the last record.
            return false;
        }
        if (recordType != RecordType.OPT) {
            tsig = recordType == RecordType.TSIG;
            return !tsig || additional;
        }
        // RFC 6891 sections 6.1.1 and 6.1.2: one OPT record, in the additional section, at the
        // root.
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

    /// Parses the OPT record (RFC 6891 section 6.1.3):
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

    /// Records an option that this server supports and ignores others (RFC 6891 section 6.1.2).
    private void parseOption(int code, int data, int size) {
        switch (code) {
            case Edns.NSID -> nsid = true;
            case Edns.EXPIRE -> expire = true;
            case Edns.TCP_KEEPALIVE -> tcpKeepalive = true;
            case Edns.ZONEVERSION -> {
                zoneVersion = true;
                // A client sends the option without data (RFC 9660 section 3.1).
                malformedOption |= size != 0;
            }
            case Edns.COOKIE -> parseCookie(data, size);
            case Edns.PADDING -> padding = true;
            default -> {}
        }
    }

    private void parseCookie(int data, int size) {
        if (cookieOctets != 0) {
            // RFC 7873 section 5.2: only the first cookie counts.
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

    /// Returns the octets of the request.
    MemorySegment message() {
        return message;
    }

    /// Returns the second 16 bits of the header.
    int flags() {
        return flags;
    }

    /// Returns the RCODE of a {@link Verdict#REJECT}.
    public int rcode() {
        return rcode;
    }

    /// Returns the OPCODE, 0 to 15.
    public int opcode() {
        return (flags >>> Header.OPCODE_SHIFT) & Header.OPCODE_MASK;
    }

    /// Returns whether the question was parsed; otherwise name, type and class are empty.
    public boolean hasQuestion() {
        return questionEnd > Header.OCTETS;
    }

    /// Returns the offset of the first octet after the question.
    public int questionEnd() {
        return questionEnd;
    }

    /// Returns whether octets follow the last record of a query that gets an {@link
    /// Verdict#ANSWER}.
    public boolean hasTrailingOctets() {
        return opcode() == Opcode.QUERY && cursor < length;
    }

    /// Returns QNAME. The buffer belongs to this query and is valid until the next parse.
    public NameBuffer name() {
        return name;
    }

    /// Returns QTYPE.
    public int type() {
        return type;
    }

    /// Returns QCLASS.
    public int recordClass() {
        return recordClass;
    }

    /// Returns whether the request has a valid OPT record, so that the response needs one too.
    public boolean edns() {
        return edns;
    }

    /// Returns whether the request has a TSIG record (RFC 8945), or so many records that they were
    /// not read and TSIG may be among them.
    public boolean mayBeSigned() {
        return tsig;
    }

    /// Returns whether the client set the DO bit (RFC 3225).
    public boolean dnssecOk() {
        return dnssecOk;
    }

    /// Returns whether the client requested the name server identifier (RFC 5001).
    public boolean nsid() {
        return nsid;
    }

    /// Returns whether the client requested the EXPIRE value of the zone (RFC 7314).
    public boolean expire() {
        return expire;
    }

    /// Returns whether the client requested the TCP idle timeout (RFC 7828).
    public boolean tcpKeepalive() {
        return tcpKeepalive;
    }

    /// Returns whether the client requested the zone version (RFC 9660).
    public boolean zoneVersion() {
        return zoneVersion;
    }

    /// Returns whether the client padded the request, so that an encrypted response needs padding
    /// too (RFC 7830 section 4).
    public boolean padding() {
        return padding;
    }

    /// Returns whether the request has a cookie, so that the response needs one too (RFC 7873).
    public boolean hasCookie() {
        return cookieOctets != 0;
    }

    /// Returns whether the cookie includes a server cookie of this server's length.
    public boolean hasServerCookie() {
        return cookieOctets == OUR_COOKIE_OCTETS;
    }

    /// Returns whether the cookie includes a server cookie that cannot be this server's.
    public boolean hasForeignCookie() {
        return cookieOctets > CLIENT_COOKIE_OCTETS && !hasServerCookie();
    }

    /// Returns the client cookie.
    public long clientCookie() {
        return clientCookie;
    }

    /// Returns the first half of {@link #hasServerCookie the server cookie}: version and time (RFC
    /// 9018 section 4).
    public long serverCookieHead() {
        return serverCookieHead;
    }

    /// Returns the second half of the server cookie: the hash.
    public long serverCookieHash() {
        return serverCookieHash;
    }

    /// Returns the largest UDP response that the client accepts, in octets, at least 512.
    public int udpSize() {
        return udpSize;
    }
}
