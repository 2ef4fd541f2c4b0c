package org.anycastdns.server.zonefile;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.wire.RecordType;

/// RDATA of the common types from the octets of a master file straight to wire form.
///
/// It reads what nearly all files hold, in the way that nearly all files write it, and nothing
/// else: what is wrong, and what is right but unusual (a TTL such as 1h in the SOA, an IPv4 address
/// at the end of an IPv6 one, algorithms by name), it leaves to {@link Rdata}, which has the last
/// word. So it may say no to anything, but what it reads is what dnsjava would read.
final class CommonRdata {

    private static final int NAMES_BITS = 8;
    private static final int TYPES_MAX = 0x400;
    private static final int TIME_CHARACTERS = 14;
    private static final int HASH_CHARACTERS = 32;
    private static final int SALT_CHARACTERS_MAX = 2 * 255;
    private static final int STRING_OCTETS_MAX = 255;

    /// Octets that a value takes at most before {@link #room} is asked for again.
    private static final int STEP_OCTETS = 512;

    private static final int[] BASE64 =
            digits("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    private static final int[] BASE32 = foldedDigits("0123456789ABCDEFGHIJKLMNOPQRSTUV");
    private static final int[] BASE16 = foldedDigits("0123456789ABCDEF");

    // Mnemonics by their octets in upper case, as one number: an open-addressed table.
    private static final long[] MNEMONICS = new long[1 << NAMES_BITS];
    private static final short[] NUMBERS = new short[1 << NAMES_BITS];

    static {
        String common =
                "A NS CNAME SOA PTR HINFO MX TXT RP AFSDB AAAA LOC SRV NAPTR DNAME DS SSHFP RRSIG"
                        + " NSEC DNSKEY NSEC3 TLSA CDS CDNSKEY SVCB HTTPS CAA";
        for (String mnemonic : common.split(" ")) {
            byte[] text = mnemonic.getBytes(StandardCharsets.US_ASCII);
            long key = key(text, 0, text.length);
            int slot = slot(key);
            while (MNEMONICS[slot] != 0) {
                slot = slot + 1 & MNEMONICS.length - 1;
            }
            MNEMONICS[slot] = key;
            NUMBERS[slot] = (short) RecordType.of(mnemonic);
        }
    }

    private byte[] out = new byte[2 * STEP_OCTETS];
    private int end;
    private byte[] text = new byte[0];
    private int token;
    private byte[] origin = Name.ROOT.wire();
    private final long[] types = new long[TYPES_MAX >> 6];

    private static int[] digits(String alphabet) {
        int[] values = new int[256];
        Arrays.fill(values, -1);
        for (int i = 0; i < alphabet.length(); i++) {
            values[alphabet.charAt(i)] = i;
        }
        return values;
    }

    private static int[] foldedDigits(String alphabet) {
        int[] values = digits(alphabet);
        for (int i = 0; i < alphabet.length(); i++) {
            values[Name.fold((byte) alphabet.charAt(i))] = i;
        }
        return values;
    }

    /// Sets the name that relative names are below from now on.
    void origin(Name name) {
        origin = name.wire();
    }

    /// The RDATA that was read last; {@link #length} octets of it count.
    byte[] octets() {
        return out;
    }

    /// Octets of the RDATA, or of the name, that was read last.
    int length() {
        return end;
    }

    /// The number of a common type's mnemonic, 0 for any other word.
    static int type(byte[] text, int from, int to) {
        if (to - from > Long.BYTES || to == from) {
            return 0;
        }
        long key = key(text, from, to);
        int slot = slot(key);
        while (MNEMONICS[slot] != 0) {
            if (MNEMONICS[slot] == key) {
                return NUMBERS[slot];
            }
            slot = slot + 1 & MNEMONICS.length - 1;
        }
        return 0;
    }

    private static long key(byte[] text, int from, int to) {
        long key = 0;
        for (int i = from; i < to; i++) {
            byte c = text[i];
            int folded = c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c & 0xff;
            key = (key << 8) | folded;
        }
        return key;
    }

    private static int slot(long key) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> (64 - NAMES_BITS));
    }

    /// Reads an owner name from a token; false when it is none, or an unusual one.
    boolean owner(Scanner entry, int index) {
        begin(entry, index);
        return name(entry);
    }

    private void begin(Scanner entry, int first) {
        text = entry.text();
        token = first;
        end = 0;
    }

    /// Reads the RDATA from an entry's tokens; false when somebody else has to.
    ///
    /// @param first index of the token after the type; the RDATA goes to the end of the entry
    boolean read(int type, Scanner entry, int first) {
        begin(entry, first);
        if (first == entry.count() || isGeneric(entry, first)) {
            return false;
        }
        boolean read =
                switch (type) {
                    case RecordType.A -> ipv4(entry);
                    case RecordType.AAAA -> ipv6(entry);
                    case RecordType.NS, RecordType.CNAME, RecordType.PTR -> name(entry);
                    case RecordType.MX -> number(entry, 2) && name(entry);
                    case RecordType.SRV -> numbers(entry, 2, 3) && name(entry);
                    case RecordType.SOA -> soa(entry);
                    case RecordType.TXT -> strings(entry);
                    case RecordType.CAA -> caa(entry);
                    case RecordType.DS -> ds(entry);
                    case RecordType.DNSKEY ->
                            number(entry, 2) && numbers(entry, 1, 2) && base64ToEnd(entry);
                    case RecordType.RRSIG -> rrsig(entry);
                    case RecordType.NSEC -> name(entry) && bitmap(entry);
                    case RecordType.NSEC3 -> nsec3(entry);
                    default -> false;
                };
        return read && token == entry.count() && end <= 0xffff;
    }

    /// Whether the data is written for any type, as \# (RFC 3597 section 5).
    private boolean isGeneric(Scanner entry, int index) {
        int at = entry.start(index);
        return entry.length(index) == 2 && text[at] == '\\' && text[at + 1] == '#';
    }

    private boolean word(Scanner entry) {
        return token < entry.count() && !entry.isQuoted(token);
    }

    private void room(int octets) {
        if (out.length - end < octets) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, end + octets));
        }
    }

    private void put(long value, int octets) {
        room(octets);
        for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8) {
            out[end++] = (byte) (value >>> shift);
        }
    }

    // Numbers

    /// An unsigned number of so many octets.
    private boolean number(Scanner entry, int octets) {
        return number(entry, octets, (1L << (8 * octets)) - 1);
    }

    private boolean numbers(Scanner entry, int octets, int count) {
        for (int i = 0; i < count; i++) {
            if (!number(entry, octets)) {
                return false;
            }
        }
        return true;
    }

    private boolean number(Scanner entry, int octets, long max) {
        if (!word(entry)) {
            return false;
        }
        long value = decimal(entry.start(token), entry.end(token));
        if (value < 0 || value > max) {
            return false;
        }
        put(value, octets);
        token++;
        return true;
    }

    /// The number that up to ten digits stand for, -1 for anything else.
    private long decimal(int from, int to) {
        if (to - from > 10 || to == from) {
            return -1;
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }

    private boolean times(Scanner entry, int count) {
        for (int i = 0; i < count; i++) {
            if (!time(entry)) {
                return false;
            }
        }
        return true;
    }

    /// YYYYMMDDHHMMSS (RFC 4034 section 3.2).
    private boolean time(Scanner entry) {
        if (!word(entry) || entry.length(token) != TIME_CHARACTERS) {
            return false;
        }
        int at = entry.start(token);
        long year = decimal(at, at + 4);
        long day = decimal(at + 4, at + 8);
        long clock = decimal(at + 8, at + 14);
        int month = (int) (day / 100);
        int dayOfMonth = (int) (day % 100);
        int minute = (int) (clock / 100 % 100);
        if (year < 1970
                || year > 2105
                || month < 1
                || month > 12
                || dayOfMonth < 1
                || dayOfMonth > YearMonth.of((int) year, month).lengthOfMonth()
                || clock < 0
                || clock >= 240_000
                || minute > 59
                || clock % 100 > 59) {
            return false;
        }
        LocalDateTime moment =
                LocalDateTime.of(
                        (int) year,
                        month,
                        dayOfMonth,
                        (int) (clock / 10_000),
                        minute,
                        (int) (clock % 100));
        put(moment.toEpochSecond(ZoneOffset.UTC), 4);
        token++;
        return true;
    }

    // Addresses

    private boolean ipv4(Scanner entry) {
        if (!word(entry)) {
            return false;
        }
        room(4);
        int to = entry.end(token);
        int digits = 0;
        int value = 0;
        int parts = 0;
        for (int i = entry.start(token); i <= to; i++) {
            byte c = i == to ? (byte) '.' : text[i];
            if (c == '.') {
                if (digits == 0 || parts == 4) {
                    return false;
                }
                out[end++] = (byte) value;
                parts++;
                digits = 0;
                value = 0;
            } else {
                value = 10 * value + (c - '0');
                boolean leadingZero = digits > 0 && value < 10;
                if (c < '0' || c > '9' || leadingZero || ++digits > 3 || value > 255) {
                    return false;
                }
            }
        }
        token++;
        return parts == 4;
    }

    /// Groups of hexadecimal digits, with "::" for two groups of zeros or more.
    private boolean ipv6(Scanner entry) {
        if (!word(entry)) {
            return false;
        }
        room(16);
        int start = end;
        int gap = -1;
        int at = entry.start(token);
        int to = entry.end(token);
        if (to - at >= 2 && text[at] == ':' && text[at + 1] == ':') {
            gap = start;
            at += 2;
        }
        while (at < to) {
            int value = 0;
            int digits = 0;
            for (; at < to && text[at] != ':'; at++, digits++) {
                int digit = BASE16[text[at] & 0xff];
                if (digit < 0 || digits == 4) {
                    return false;
                }
                value = value << 4 | digit;
            }
            if (digits == 0 || end - start == 16) {
                return false;
            }
            put(value, 2);
            if (at < to && ++at == to) {
                return false;
            }
            if (at < to && text[at] == ':') {
                if (gap >= 0) {
                    return false;
                }
                gap = end;
                at++;
            }
        }
        token++;
        int zeros = 16 - (end - start);
        if (gap < 0 || zeros < 4) {
            return gap < 0 && zeros == 0;
        }
        System.arraycopy(out, gap, out, gap + zeros, end - gap);
        Arrays.fill(out, gap, gap + zeros, (byte) 0);
        end += zeros;
        return true;
    }

    // Names and strings

    private boolean name(Scanner entry) {
        if (!word(entry)) {
            return false;
        }
        room(2 * Name.OCTETS_MAX);
        int start = end;
        int at = entry.start(token);
        int to = entry.end(token);
        token++;
        if (to - at == 1 && text[at] == '@') {
            return originAfter(start);
        }
        if (to - at == 1 && text[at] == '.') {
            out[end++] = 0;
            return true;
        }
        int label = end++;
        while (at < to) {
            byte c = text[at++];
            if (c == '.') {
                int octets = end - label - 1;
                if (octets == 0 || octets > Name.LABEL_OCTETS_MAX) {
                    return false;
                }
                out[label] = (byte) octets;
                label = end++;
            } else {
                if (c == '\\') {
                    at = escape(at, to);
                    if (at < 0) {
                        return false;
                    }
                } else {
                    out[end++] = c;
                }
            }
            if (end - start > Name.OCTETS_MAX) {
                return false;
            }
        }
        int octets = end - label - 1;
        if (octets == 0) {
            out[label] = 0;
            return true;
        }
        out[label] = (byte) octets;
        return octets <= Name.LABEL_OCTETS_MAX && originAfter(start);
    }

    private boolean originAfter(int start) {
        System.arraycopy(origin, 0, out, end, origin.length);
        end += origin.length;
        return end - start <= Name.OCTETS_MAX;
    }

    /// Writes the octet that an escape stands for; returns where the text goes on, or -1.
    private int escape(int at, int to) {
        if (at == to) {
            return -1;
        }
        int digit = text[at] - '0';
        if (digit < 0 || digit > 9) {
            out[end++] = text[at];
            return at + 1;
        }
        long octet = at + 3 <= to ? decimal(at, at + 3) : -1;
        if (octet < 0 || octet > 255) {
            return -1;
        }
        out[end++] = (byte) octet;
        return at + 3;
    }

    private boolean strings(Scanner entry) {
        boolean read = true;
        while (read && token < entry.count()) {
            put(0, 1);
            int length = end - 1;
            read = string(entry);
            out[length] = (byte) (end - length - 1);
        }
        return read;
    }

    /// The octets of a character string without their number.
    private boolean string(Scanner entry) {
        room(STEP_OCTETS);
        int max = end + STRING_OCTETS_MAX;
        int at = entry.start(token);
        int to = entry.end(token);
        token++;
        while (at >= 0 && at < to) {
            if (end == max) {
                return false;
            }
            byte c = text[at++];
            if (c == '\\') {
                at = escape(at, to);
            } else {
                out[end++] = c;
            }
        }
        return at >= 0;
    }

    private boolean caa(Scanner entry) {
        if (!number(entry, 1) || !word(entry) || entry.length(token) == 0) {
            return false;
        }
        for (int i = entry.start(token); i < entry.end(token); i++) {
            boolean digit = text[i] >= '0' && text[i] <= '9';
            if (!digit && (text[i] < 'a' || text[i] > 'z')) {
                return false;
            }
        }
        put(0, 1);
        int length = end - 1;
        if (!string(entry)) {
            return false;
        }
        out[length] = (byte) (end - length - 1);
        return token < entry.count() && string(entry);
    }

    private boolean names(Scanner entry, int count) {
        for (int i = 0; i < count; i++) {
            if (!name(entry)) {
                return false;
            }
        }
        return true;
    }

    private boolean soa(Scanner entry) {
        return names(entry, 2) && numbers(entry, 4, 5);
    }

    // DNSSEC

    private boolean ds(Scanner entry) {
        if (!number(entry, 2) || !numbers(entry, 1, 2)) {
            return false;
        }
        int digest = end + digestOctets(out[end - 1]);
        return hexToEnd(entry) && end == digest;
    }

    /// Octets of the digests that are in use; of others dnsjava knows what to make.
    private static int digestOctets(byte type) {
        return switch (type) {
            case 1 -> 20;
            case 2 -> 32;
            case 4 -> 48;
            default -> -1;
        };
    }

    private boolean rrsig(Scanner entry) {
        int covered = word(entry) ? type(text, entry.start(token), entry.end(token)) : 0;
        if (covered == 0) {
            return false;
        }
        put(covered, 2);
        token++;
        return numbers(entry, 1, 2)
                && number(entry, 4, Integer.MAX_VALUE)
                && times(entry, 2)
                && number(entry, 2)
                && name(entry)
                && base64ToEnd(entry);
    }

    private boolean nsec3(Scanner entry) {
        return numbers(entry, 1, 2)
                && number(entry, 2)
                && salt(entry)
                && hash(entry)
                && bitmap(entry);
    }

    private boolean salt(Scanner entry) {
        if (!word(entry) || entry.length(token) > SALT_CHARACTERS_MAX) {
            return false;
        }
        int at = entry.start(token);
        if (entry.length(token) == 1 && text[at] == '-') {
            put(0, 1);
            token++;
            return true;
        }
        put(entry.length(token) / 2, 1);
        return hex(entry);
    }

    private boolean hash(Scanner entry) {
        if (!word(entry) || entry.length(token) != HASH_CHARACTERS) {
            return false;
        }
        put(HASH_CHARACTERS * 5 / 8, 1);
        int at = entry.start(token);
        for (int i = 0; i < HASH_CHARACTERS / 8; i++) {
            long bits = 0;
            for (int j = 0; j < 8; j++) {
                int digit = BASE32[text[at++] & 0xff];
                if (digit < 0) {
                    return false;
                }
                bits = bits << 5 | digit;
            }
            put(bits, 5);
        }
        token++;
        return true;
    }

    private boolean hexToEnd(Scanner entry) {
        boolean read = token < entry.count();
        while (read && token < entry.count()) {
            read = hex(entry);
        }
        return read;
    }

    private boolean hex(Scanner entry) {
        if (!word(entry) || (entry.length(token) & 1) != 0) {
            return false;
        }
        room(entry.length(token) / 2);
        int to = entry.end(token);
        for (int at = entry.start(token); at < to; at += 2) {
            int octet = BASE16[text[at] & 0xff] << 4 | BASE16[text[at + 1] & 0xff];
            if (octet < 0) {
                return false;
            }
            out[end++] = (byte) octet;
        }
        token++;
        return true;
    }

    /// Groups of four characters, which may stand in any number of tokens.
    private boolean base64ToEnd(Scanner entry) {
        if (token == entry.count()) {
            return false;
        }
        int bits = 0;
        int characters = 0;
        int padding = 0;
        for (; token < entry.count(); token++) {
            if (entry.isQuoted(token)) {
                return false;
            }
            room(entry.length(token) + 3);
            for (int at = entry.start(token); at < entry.end(token); at++) {
                int digit = BASE64[text[at] & 0xff];
                if (text[at] == '=') {
                    padding++;
                    digit = 0;
                } else if (digit < 0 || padding > 0) {
                    return false;
                }
                bits = bits << 6 | digit;
                if (++characters % 4 == 0) {
                    out[end++] = (byte) (bits >> 16);
                    out[end++] = (byte) (bits >> 8);
                    out[end++] = (byte) bits;
                }
            }
        }
        if (characters % 4 != 0 || padding > 2) {
            return false;
        }
        for (int i = 1; i <= padding; i++) {
            // Bits that no octet has must be 0.
            if (out[end - i] != 0) {
                return false;
            }
        }
        end -= padding;
        return true;
    }

    /// Types to the end of the entry, as blocks of bits (RFC 4034 section 4.1.2).
    private boolean bitmap(Scanner entry) {
        Arrays.fill(types, 0);
        for (; token < entry.count(); token++) {
            int type = word(entry) ? type(text, entry.start(token), entry.end(token)) : 0;
            if (type == 0) {
                return false;
            }
            types[type >> 6] |= 1L << (63 - (type & 63));
        }
        for (int block = 0; block < types.length / 4; block++) {
            int octets = 32;
            while (octets > 0 && mapped(block, octets - 1) == 0) {
                octets--;
            }
            if (octets > 0) {
                put(block, 1);
                put(octets, 1);
                for (int i = 0; i < octets; i++) {
                    put(mapped(block, i), 1);
                }
            }
        }
        return true;
    }

    private int mapped(int block, int octet) {
        return (int) (types[4 * block + (octet >> 3)] >>> (56 - 8 * (octet & 7))) & 0xff;
    }
}
