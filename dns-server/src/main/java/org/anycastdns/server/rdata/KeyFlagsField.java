package org.anycastdns.server.rdata;

import java.util.Locale;
import java.util.Map;

/// The flags of KEY: a number, or mnemonics separated by "|" (RFC 2535 section 7.1).
final class KeyFlagsField extends UnsignedField {

    private static final int CHARACTERS_MAX = 64;

    private static final Map<String, Integer> FLAGS =
            Map.ofEntries(
                    Map.entry("NOCONF", 0x4000),
                    Map.entry("NOAUTH", 0x8000),
                    Map.entry("NOKEY", 0xc000),
                    Map.entry("FLAG2", 0x2000),
                    Map.entry("EXTEND", 0x1000),
                    Map.entry("FLAG4", 0x0800),
                    Map.entry("FLAG5", 0x0400),
                    Map.entry("USER", 0),
                    Map.entry("ZONE", 0x0100),
                    Map.entry("HOST", 0x0200),
                    Map.entry("NTYP3", 0x0300),
                    Map.entry("FLAG8", 0x0080),
                    Map.entry("FLAG9", 0x0040),
                    Map.entry("FLAG10", 0x0020),
                    Map.entry("FLAG11", 0x0010));

    KeyFlagsField() {
        super("flags", 2);
    }

    @Override
    boolean read(RdataReader in) {
        long flags = in.word() ? in.decimal(in.start(), in.stop()) : -1;
        if (flags < 0) {
            flags = mnemonics(in.word(CHARACTERS_MAX).toUpperCase(Locale.ROOT));
        }
        if (flags < 0 || flags > 0xffff) {
            return in.expected("0-65535 or mnemonics such as NOCONF|ZONE");
        }
        return in.put(flags, 2) && in.taken();
    }

    private static long mnemonics(String text) {
        long flags = 0;
        for (String mnemonic : text.split("\\|", -1)) {
            Integer value = FLAGS.get(mnemonic);
            if (value == null) {
                return -1;
            }
            flags |= value;
        }
        return flags;
    }
}
