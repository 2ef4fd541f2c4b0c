package org.anycastdns.server.zonefile;

import java.io.IOException;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.ResourceRecord;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Generator;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/// The numbers of a $GENERATE (BIND's extension of the master file): FIRST-LAST or FIRST-LAST/STEP.
record GenerateRange(int first, int last, int step) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,9})-(\\d{1,9})(?:/(\\d{1,9}))?");

    /// The longest a template may become: the text of a name, 255 octets written as \DDD.
    static final int EXPANDED_CHARACTERS_MAX = 4 * Name.OCTETS_MAX;

    /// The width in `${OFFSET,WIDTH,BASE}`: a number is padded to it.
    private static final Pattern WIDTH = Pattern.compile("\\$\\{[^,}]*,(\\d+)");

    /// Reads the range; null when the text is none.
    static @Nullable GenerateRange of(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        int first = Integer.parseInt(matcher.group(1));
        int last = Integer.parseInt(matcher.group(2));
        int step = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
        return first > last || step == 0 ? null : new GenerateRange(first, last, step);
    }

    /// How many numbers it has.
    int count() {
        return (last - first) / step + 1;
    }

    /// Whether records of this type can be made.
    static boolean supports(int type) {
        return Generator.supportedType(type);
    }

    /// Makes all records; returns why not, or null when all is well.
    ///
    /// @param owner template of the owner names
    /// @param data template of the data
    @Nullable String expand(
            String owner,
            int type,
            int ttlSeconds,
            String data,
            Name origin,
            Consumer<ResourceRecord> to) {
        if (isTooLong(owner) || isTooLong(data)) {
            return "names and addresses are no longer than %d characters"
                    .formatted(EXPANDED_CHARACTERS_MAX);
        }
        try {
            Generator generator =
                    new Generator(
                            first,
                            last,
                            step,
                            owner,
                            type,
                            DClass.IN,
                            ttlSeconds,
                            data,
                            new org.xbill.DNS.Name(origin.wire()));
            for (Record record = generator.nextRecord();
                    record != null;
                    record = generator.nextRecord()) {
                Name name = Name.read(record.getName().toWire(), 0);
                to.accept(new ResourceRecord(name, type, ttlSeconds, wire(record)));
            }
            return null;
        } catch (IOException | RuntimeException e) {
            return String.valueOf(e.getMessage()).replaceFirst("^<none>:\\d+: ", "");
        }
    }

    private static byte[] wire(Record record) {
        byte[] whole = record.toWire(Section.ANSWER);
        return Arrays.copyOfRange(whole, 10 + record.getName().length(), whole.length);
    }

    /// Whether a template cannot become a name or an address, by its length alone. Padding to a
    /// width of hundreds of millions would fill the memory.
    private static boolean isTooLong(String template) {
        long length = template.length();
        Matcher widths = WIDTH.matcher(template);
        while (length <= EXPANDED_CHARACTERS_MAX && widths.find()) {
            String width = widths.group(1);
            length += width.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(width);
        }
        return length > EXPANDED_CHARACTERS_MAX;
    }
}
