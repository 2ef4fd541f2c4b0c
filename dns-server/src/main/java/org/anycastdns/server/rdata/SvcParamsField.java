package org.anycastdns.server.rdata;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The parameters of SVCB and HTTPS up to the end of the data, in the order of their keys (RFC 9460
/// sections 2.1 and 2.2). Values of known keys are checked for their syntax.
final class SvcParamsField extends Field {

    /// The key that lists the mandatory parameters (RFC 9460 section 8).
    private static final int MANDATORY = 0;

    private static final int ALPN = 1;
    private static final int NO_DEFAULT_ALPN = 2;
    private static final int PORT = 3;
    private static final int IPV4HINT = 4;
    private static final int ECH = 5;
    private static final int IPV6HINT = 6;
    private static final int DOHPATH = 7;
    private static final int OHTTP = 8;
    private static final int TLS_SUPPORTED_GROUPS = 9;

    /// Reserved: no parameter can use this key (RFC 9460 section 14.3.2).
    private static final int INVALID_KEY = 0xffff;

    private static final String[] KEYS = {
        "mandatory",
        "alpn",
        "no-default-alpn",
        "port",
        "ipv4hint",
        "ech",
        "ipv6hint",
        "dohpath",
        "ohttp",
        "tls-supported-groups"
    };

    private static final int KEY_CHARACTERS_MAX = 63;

    // Text

    @Override
    boolean read(RdataReader in) {
        int start = in.end();
        int first = in.token();
        Map<Integer, byte[]> params = new TreeMap<>();
        while (in.more()) {
            if (!param(in, params)) {
                return false;
            }
        }
        for (Map.Entry<Integer, byte[]> param : params.entrySet()) {
            in.put(param.getKey(), 2);
            in.put(param.getValue().length, 2);
            in.put(param.getValue(), param.getValue().length);
        }
        String objection = in.objection(this, start);
        if (objection != null) {
            in.token(first);
            return in.refuse(objection);
        }
        if ((in.octet(0) | in.octet(1)) == 0 && !params.isEmpty()) {
            in.warn(
                    first,
                    "a record in alias mode (priority 0) has parameters, which clients ignore (RFC"
                            + " 9460 section 2.4.2)");
        } else if (params.containsKey(INVALID_KEY)) {
            in.warn(first, "key65535 is reserved: no client uses it (RFC 9460 section 14.3.2)");
        }
        return true;
    }

    private boolean param(RdataReader in, Map<Integer, byte[]> params) {
        int token = in.token();
        int from = in.word() ? in.start() : 0;
        int to = in.word() ? in.stop() : 0;
        int equals = from;
        while (equals < to && in.character(equals) != '=') {
            equals++;
        }
        int key = key(in, from, equals);
        if (key < 0) {
            return in.expected("a parameter such as alpn=h2 or key65000=text");
        }
        if (params.containsKey(key)) {
            return in.refuse("%s is given twice".formatted(name(key)));
        }
        boolean named = !isNumbered(in, from, equals);
        in.taken();
        int valueFrom = Math.min(to, equals + 1);
        int valueTo = to;
        if (equals == to - 1 && in.isQuotedNext()) {
            valueFrom = in.start();
            valueTo = in.stop();
            in.taken();
            if (in.isAttached()) {
                return in.expected("a space after the quotes");
            }
        } else if (in.isQuotedNext()) {
            return in.expected("a space before the quotes");
        }
        int next = in.token();
        in.token(token);
        byte[] value = value(in, named ? key : INVALID_KEY, valueFrom, valueTo);
        if (value == null) {
            return false;
        }
        in.token(next);
        params.put(key, value);
        return true;
    }

    /// Returns whether a key is written as keyNNNNN; its value is then the wire form.
    private static boolean isNumbered(RdataReader in, int from, int to) {
        return to - from > 3
                && in.character(from) == 'k'
                && in.character(from + 1) == 'e'
                && in.character(from + 2) == 'y';
    }

    /// Returns the number of a key, or -1 if it is not a key.
    private static int key(RdataReader in, int from, int to) {
        if (to == from || to - from > KEY_CHARACTERS_MAX) {
            return -1;
        }
        if (isNumbered(in, from, to)) {
            boolean zeros = in.character(from + 3) == '0' && to - from > 4;
            long number = zeros ? -1 : in.decimal(from + 3, to);
            return number >= 0 && number <= INVALID_KEY ? (int) number : -1;
        }
        for (int key = 0; key < KEYS.length; key++) {
            boolean same = KEYS[key].length() == to - from;
            for (int i = 0; same && i < to - from; i++) {
                same = KEYS[key].charAt(i) == in.character(from + i);
            }
            if (same) {
                return key;
            }
        }
        return -1;
    }

    private static String name(int key) {
        return key < KEYS.length ? KEYS[key] : "key" + key;
    }

    /// Returns the wire form of a value, or null after reporting what is wrong with it.
    private static byte @Nullable [] value(RdataReader in, int key, int from, int to) {
        int mark = in.end();
        boolean read =
                switch (key) {
                    case MANDATORY, IPV4HINT, IPV6HINT, TLS_SUPPORTED_GROUPS ->
                            list(in, key, from, to);
                    case ALPN -> alpn(in, from, to);
                    case NO_DEFAULT_ALPN, OHTTP ->
                            from == to || in.expected(name(key) + " without a value");
                    case PORT -> number(in, from, to) || in.expected("port=0-65535");
                    case ECH -> in.base64(from, to);
                    default -> in.string(from, to, RdataReader.OCTETS_MAX);
                };
        byte[] octets = in.taken(mark);
        if (read && key == MANDATORY) {
            sort(octets);
        }
        return read ? octets : null;
    }

    /// Reads items separated by commas, without escapes (RFC 9460 sections 7.2, 7.3 and 8).
    private static boolean list(RdataReader in, int key, int from, int to) {
        int start = from;
        for (int at = from; at <= to; at++) {
            if (at < to && in.character(at) != ',') {
                continue;
            }
            boolean read =
                    switch (key) {
                        case MANDATORY -> {
                            int listed = key(in, start, at);
                            yield listed >= 0 && in.put(listed, 2);
                        }
                        case IPV4HINT -> in.ipv4(start, at);
                        case IPV6HINT -> in.ipv6(start, at);
                        default -> number(in, start, at);
                    };
            if (!read) {
                String items =
                        switch (key) {
                            case MANDATORY -> "keys";
                            case IPV4HINT -> "IPv4 addresses";
                            case IPV6HINT -> "IPv6 addresses";
                            default -> "numbers 0-65535";
                        };
                return in.expected("%s=%s with commas between".formatted(name(key), items));
            }
            start = at + 1;
        }
        return true;
    }

    private static boolean number(RdataReader in, int from, int to) {
        long number = in.decimal(from, to);
        return number >= 0 && number <= 0xffff && in.put(number, 2);
    }

    private static void sort(byte[] keys) {
        char[] sorted = new char[keys.length / 2];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = (char) ((keys[2 * i] & 0xff) << 8 | (keys[2 * i + 1] & 0xff));
        }
        Arrays.sort(sorted);
        for (int i = 0; i < sorted.length; i++) {
            keys[2 * i] = (byte) (sorted[i] >> 8);
            keys[2 * i + 1] = (byte) sorted[i];
        }
    }

    /// Reads protocols separated by commas. The list has its own escapes, which are decoded after
    /// those of the string: "\," and "\\" do not separate items (RFC 9460 appendix A.1).
    private static boolean alpn(RdataReader in, int from, int to) {
        int mark = in.end();
        if (!in.string(from, to, RdataReader.OCTETS_MAX)) {
            return false;
        }
        byte[] decoded = in.taken(mark);
        in.put(0, 1);
        int length = in.end() - 1;
        for (int i = 0; i <= decoded.length; i++) {
            if (i == decoded.length || decoded[i] == ',') {
                int octets = in.end() - length - 1;
                if (octets == 0 || octets > RdataReader.STRING_OCTETS_MAX) {
                    return in.expected("alpn=PROTOCOLS of 1-255 octets with commas between");
                }
                in.octet(length, octets);
                if (i < decoded.length) {
                    in.put(0, 1);
                    length = in.end() - 1;
                }
            } else {
                boolean escape = decoded[i] == '\\';
                i += escape ? 1 : 0;
                if (i == decoded.length) {
                    return in.expected("a character after the backslash in alpn");
                }
                in.put(decoded[i], 1);
            }
        }
        return true;
    }

    // Wire form

    @Override
    boolean check(RdataOctets in) {
        int before = -1;
        boolean alpn = false;
        // Offset of the next mandatory key that has not appeared yet: the list is sorted, as all
        // keys are.
        int promised = 0;
        int promisesEnd = 0;
        while (in.left() > 0) {
            if (!in.has(4)) {
                return false;
            }
            int key = (int) in.next(2);
            int length = (int) in.next(2);
            if (key <= before) {
                return in.refuse("the keys are out of order");
            }
            before = key;
            if (!in.has(length)) {
                return false;
            }
            if (promised < promisesEnd && in.before(promised, 2) <= key) {
                if (in.before(promised, 2) < key) {
                    break;
                }
                promised += 2;
            }
            alpn |= key == ALPN;
            if (key == NO_DEFAULT_ALPN && !alpn) {
                return in.refuse("no-default-alpn needs alpn");
            }
            if (key == MANDATORY) {
                promised = in.position();
                promisesEnd = promised + length;
            }
            if (!value(in, key, length)) {
                return in.refuse("the value of %s is wrong".formatted(name(key)));
            }
        }
        return promised == promisesEnd
                || in.refuse("%s is mandatory and missing".formatted(name(in.before(promised, 2))));
    }

    /// Moves past a value. Returns false if it does not have the form that its key requires.
    private static boolean value(RdataOctets in, int key, int length) {
        return switch (key) {
            case MANDATORY -> mandatory(in, length);
            case ALPN -> protocols(in, length);
            case NO_DEFAULT_ALPN -> length == 0;
            case PORT -> length == 2 && in.skip(2);
            case IPV4HINT ->
                    length > 0 && length % AddressField.IPV4_OCTETS == 0 && in.skip(length);
            case IPV6HINT ->
                    length > 0 && length % AddressField.IPV6_OCTETS == 0 && in.skip(length);
            case DOHPATH -> length > 0 && in.skip(length);
            default -> in.skip(length);
        };
    }

    private static boolean mandatory(RdataOctets in, int length) {
        boolean sound = length > 0 && length % 2 == 0;
        int before = MANDATORY;
        for (int i = 0; sound && i < length; i += 2) {
            int key = (int) in.next(2);
            sound = key > before;
            before = key;
        }
        return sound;
    }

    private static boolean protocols(RdataOctets in, int length) {
        int left = length;
        while (left > 0) {
            int octets = in.next();
            left -= 1 + octets;
            if (octets == 0 || left < 0) {
                return false;
            }
            in.skip(octets);
        }
        return length > 0;
    }

    @Override
    void print(RdataOctets in, StringBuilder to) {
        while (in.left() > 0) {
            int key = (int) in.next(2);
            int length = (int) in.next(2);
            // Values of later keys are written as octets, because their syntax is unknown.
            to.append(' ').append(key > DOHPATH ? "key" + key : name(key));
            if (length > 0) {
                print(in, key, length, to.append('='));
            }
        }
    }

    private static void print(RdataOctets in, int key, int length, StringBuilder to) {
        int end = in.position() + length;
        switch (key) {
            case PORT -> to.append(in.next(2));
            case ECH -> in.base64(length, to);
            case ALPN -> printProtocols(in, end, to);
            case MANDATORY, IPV4HINT, IPV6HINT -> {
                String comma = "";
                while (in.position() < end) {
                    to.append(comma);
                    comma = ",";
                    switch (key) {
                        case MANDATORY -> to.append(name((int) in.next(2)));
                        case IPV4HINT -> AddressField.ipv4(in, to);
                        default -> AddressField.ipv6(in, to);
                    }
                }
            }
            default -> in.quoted(length, to);
        }
    }

    /// Writes the protocols. Commas and backslashes in a protocol are escaped for the list, and the
    /// backslashes of these escapes again for the string.
    private static void printProtocols(RdataOctets in, int end, StringBuilder to) {
        to.append('"');
        String comma = "";
        while (in.position() < end) {
            to.append(comma);
            comma = ",";
            for (int octets = in.next(); octets > 0; octets--) {
                int octet = in.next();
                boolean special = octet == ',' || octet == '\\';
                RdataOctets.escaped(octet, "\"\\", to.append(special ? "\\\\" : ""));
            }
        }
        to.append('"');
    }
}
