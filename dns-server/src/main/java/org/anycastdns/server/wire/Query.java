package org.anycastdns.server.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// One request, parsed: a flyweight that a worker reuses for every message.
///
/// {@link #parse} reads the header, the question and the OPT record and says what the request
/// deserves; the fields are valid until the next call. What stands in the answer and authority
/// sections of a request is skipped (an IXFR client's SOA is of no use here), trailing octets are
/// ignored.
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
        // RFC 9619 section 4: more than one question is an error; none is only meaningful with a
        // cookie (RFC 7873 section 5.4), and then the reply is empty.
        if (questions > 1 || (questions == 1 && !parseQuestion())) {
            return reject(Rcode.FORMERR);
        }
        if (!parseRecords()) {
            return reject(Rcode.FORMERR);
        }
        if (ednsVersion != 0) {
            return reject(Rcode.BADVERS);
        }
        return questions == 0 ? reject(Rcode.FORMERR) : Verdict.ANSWER;
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
        return Verdict.ANSWER;
    }

    private Verdict reject(int code) {
        rcode = code;
        return Verdict.REJECT;
    }

    private boolean parseQuestion() {
        int at = cursor;
        int octets = 1;
        while (true) {
            if (at >= length) {
                return noQuestion();
            }
            int size = message.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            if (size == 0) {
                break;
            }
            octets += size + 1;
            // A pointer has nothing to point at yet, and types 0x40 and 0x80 are not defined.
            if (size > Name.LABEL_OCTETS_MAX || octets > Name.OCTETS_MAX || at + size >= length) {
                return noQuestion();
            }
            name.label();
            for (int end = at + size; at <= end; at++) {
                name.append(message.get(ValueLayout.JAVA_BYTE, at));
            }
        }
        name.end();
        if (at + 5 > length) {
            return noQuestion();
        }
        type = shortAt(at + 1);
        recordClass = shortAt(at + 3);
        questionEnd = at + 5;
        cursor = questionEnd;
        return true;
    }

    private boolean noQuestion() {
        name.clear();
        return false;
    }

    private boolean parseRecords() {
        int before = shortAt(Header.ANCOUNT) + shortAt(Header.NSCOUNT);
        int records = before + shortAt(Header.ARCOUNT);
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
            nsid |= shortAt(at) == Edns.NSID;
            at += 4 + shortAt(at + 2);
        }
        edns = true;
        udpSize = Math.max(Edns.UDP_SIZE_MIN, shortAt(rdata - 8));
        ednsVersion = (ttl >>> 16) & 0xff;
        dnssecOk = (ttl & Edns.DO) != 0;
        return true;
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

    /// Largest UDP reply that the client takes, in octets, at least 512.
    public int udpSize() {
        return udpSize;
    }
}
