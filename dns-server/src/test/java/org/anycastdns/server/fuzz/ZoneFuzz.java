package org.anycastdns.server.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zonefile.Source;

/// Any octets as a zone file, taken the {@link WholeWay} to its answers.
///
/// ```
///   text of "example." | form feed | included file "1" | form feed | included file "2" ...
///   0    | zone | { owner | data }    octets that choose among the lines of ZoneLines
/// ```
public final class ZoneFuzz {

    private static final Name ORIGIN = Name.of("example.");
    private static final String ZONE = "0";

    /// Record sets asked for: a file of a few kilobytes seldom has more, but for $GENERATE.
    private static final int QUESTIONS_MAX = 64;

    private ZoneFuzz() {}

    /// Reads once.
    public static void fuzzerTestOneInput(byte[] data) {
        boolean chooses = data.length > 0 && data[0] == 0;
        String text =
                chooses ? ZoneLines.text(data, 1) : new String(data, StandardCharsets.ISO_8859_1);
        String[] files = text.split("\f", -1);
        boolean _ =
                WholeWay.check(
                        chooses ? ZoneLines.origin(data, 1) : ORIGIN,
                        ZONE,
                        name -> read(files, name),
                        Arrays.hashCode(data),
                        QUESTIONS_MAX);
    }

    private static Source.Content read(String[] files, String name) {
        return name.length() == 1 && name.charAt(0) >= '0' && name.charAt(0) - '0' < files.length
                ? new Source.Content.Text(files[name.charAt(0) - '0'])
                : new Source.Content.Unreadable("there is no such file");
    }
}
