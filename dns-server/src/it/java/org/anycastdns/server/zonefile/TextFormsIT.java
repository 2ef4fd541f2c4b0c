package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.anycastdns.server.wire.Name;
import org.anycastdns.server.zone.build.ResourceRecord;
import org.anycastdns.testkit.Program;
import org.anycastdns.testkit.Tools;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that {@link TextForms} agrees with at least two of BIND, NSD and Knot, and that $GENERATE
/// expands as in BIND.
class TextFormsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ZONE = "example.com";

    @TempDir private Path folder;

    private Path write(String text) throws IOException {
        return Files.write(
                folder.resolve(ZONE + ".zone"), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean accepts(String... command) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command));
        line.set(0, Tools.require(command[0]));
        return Program.run(LIMIT, line).awaitExit(LIMIT) == 0;
    }

    /// Writes the zone as BIND understands it. Returns false if BIND refuses it.
    private boolean bind(Path file, Path plain) throws IOException, InterruptedException {
        return accepts(
                "named-compilezone",
                "-i",
                "none",
                "-k",
                "ignore",
                "-r",
                "ignore",
                "-o",
                plain.toString(),
                ZONE,
                file.toString());
    }

    /// Returns the records sorted, with owner names in lower case. Records outside the zone are
    /// omitted, as BIND omits them too.
    private static List<String> records(ZoneFile file) {
        TreeSet<String> lines = new TreeSet<>();
        for (ResourceRecord record : file.records()) {
            if (record.owner().isAtOrBelow(Texts.ORIGIN)) {
                Name owner =
                        Name.read(
                                new String(record.owner().wire(), StandardCharsets.ISO_8859_1)
                                        .toLowerCase(Locale.ROOT)
                                        .getBytes(StandardCharsets.ISO_8859_1),
                                0);
                lines.addAll(
                        Texts.lines(
                                List.of(
                                        new ResourceRecord(
                                                owner,
                                                record.type(),
                                                record.ttlSeconds(),
                                                record.rdata()))));
            }
        }
        return List.copyOf(lines);
    }

    private static ZoneFile read(String text) {
        return ZoneFile.read(Texts.ORIGIN, "t.zone", _ -> new Source.Content.Text(text));
    }

    @Test
    void twoOfThreeServersAgreeWithEveryForm() throws IOException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        Path plain = folder.resolve("plain");
        for (TextForms.Form form : TextForms.all()) {
            Path file = write(TextForms.HEAD + form.entries());
            boolean bind = bind(file, plain);
            boolean nsd = accepts("nsd-checkzone", ZONE, file.toString());
            boolean knot = accepts("kzonecheck", "-o", ZONE, file.toString());
            boolean accepted = (bind ? 1 : 0) + (nsd ? 1 : 0) + (knot ? 1 : 0) >= 2;
            if (accepted == form.isRefused() == form.exception().isEmpty()) {
                wrong.add("%s: BIND %s, NSD %s, Knot %s".formatted(form.name(), bind, nsd, knot));
            }
            if (bind && !form.isRefused()) {
                String text = Files.readString(plain, StandardCharsets.ISO_8859_1);
                List<String> theirs = records(read(text));
                List<String> ours = records(read(TextForms.HEAD + form.entries()));
                if (!ours.equals(theirs)) {
                    wrong.add("%s: %s, BIND %s".formatted(form.name(), ours, theirs));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    /// $GENERATE directives without their name. Malformed ones that BIND accepts and this server
    /// refuses are not included.
    private static final List<String> GENERATE =
            List.of(
                    "0-3 ${0,3,n} PTR host-${0,2,x}.example.",
                    "1-2 m$ MX \"10 mail$.example.\"",
                    "1-3/2 a$ A 192.0.2.$",
                    "3-1 a$ A 192.0.2.$",
                    "1-1 a$ A 192.0.2.$",
                    "1-3/0 a$ A 192.0.2.$",
                    "1-3/5 a$ A 192.0.2.$",
                    "1 a$ A 192.0.2.$",
                    "-1-3 a$ A 192.0.2.$",
                    "01-03 a$ A 192.0.2.$",
                    "2147483646-2147483647 a$ A 192.0.2.1",
                    "2147483647-2147483648 a$ A 192.0.2.1",
                    "1-2 a$ 60 A 192.0.2.$",
                    "1-2 a$ IN 60 A 192.0.2.$",
                    "1-2 a$ 60 IN A 192.0.2.$",
                    "1-2 a$ 1h A 192.0.2.$",
                    "1-2 a$ CH A 192.0.2.$",
                    "1-2 a$ IN IN A 192.0.2.$",
                    "1-2 a$ 60 60 A 192.0.2.$",
                    "1-2 a$$ A 192.0.2.$",
                    "1-2 a$$$ A 192.0.2.$",
                    "1-2 a\\$ A 192.0.2.$",
                    "1-2 a$ TXT $$",
                    "1-2 a$ TXT \\$",
                    "1-2 a$ TXT \"a \\$ $\"",
                    "1-2 a$ TXT \"\\\"a $\\\"\"",
                    "1-2 a$ TXT \\\\$",
                    "1-2 a$ TXT \\065$",
                    "1-2 a$ TXT a\\ b$",
                    "1-2 a$ TXT \"a;b $\"",
                    "1-2 a$ TXT ${",
                    "1-2 a$ TXT ${}",
                    "1-2 a$ TXT ${0}",
                    "1-2 a$ TXT \"${ 0, 5,d}\"",
                    "1-2 a$ TXT ${-2,4,d}",
                    "1-2 a$ TXT ${-2,4,x}",
                    "1-2 a$ TXT ${-2,4,n}",
                    "1-2 a$ TXT ${+2}",
                    "1-2 a$ TXT ${0,2,}",
                    "1-2 a$ TXT ${0,,d}",
                    "1-2 a$ TXT ${0,2,z}",
                    "1-2 a$ TXT ${0,2,dd}",
                    "1-2 a$ TXT ${0,2,d}x",
                    "1-2 a$ TXT ${0x10}",
                    "1-2 a$ TXT $x}",
                    "10-11 a$ TXT ${0,5,o}",
                    "10-11 a$ TXT ${0,4,X}",
                    "15-16 a$ TXT ${0,0,n}",
                    "15-16 a$ TXT ${0,1,n}",
                    "15-16 a$ TXT ${0,2,n}",
                    "15-16 a$ TXT ${0,3,n}",
                    "254-256 a$ TXT ${0,4,N}",
                    "254-256 a$ TXT ${0,7,N}",
                    "0-0 a$ TXT ${0,2,n}",
                    "0-1 a$ TXT ${0,127,d}",
                    "0-1 a$ TXT ${0,128,d}",
                    "0-1 a$ TXT ${0,100,d}${0,100,d}",
                    "0-1 ${0,63,d} TXT x",
                    "0-1 ${0,64,d} TXT x",
                    "0-1 a${0,3}.b${1,2} A 192.0.$.$",
                    "1-2 @ A 192.0.2.$",
                    "1-2 a$.example.com. A 192.0.2.$",
                    "1-2 a$.example.net. A 192.0.2.$",
                    "1-2 a$..b A 192.0.2.$",
                    "255-257 a$ A 192.0.2.$",
                    "1-2 a$ A",
                    "1-2 a$",
                    "1-2 a$ AAAA 2001:db8::${0,4,x}",
                    "1-2 a$ SRV \"0 0 5$ host$\"",
                    "1-2 a$ TYPE65280 \"\\# 1 0$\"",
                    "1-2 a$ A \"\\# 4 c000020$\"",
                    "1-2 a$ TYPE1 192.0.2.$",
                    "1-2 a$ CAA \"0 issue \\\"ca$.example\\\"\"",
                    "1-2 a$ HINFO \"\\\"cpu $\\\" os\"",
                    "1-2 a$ DNAME b$",
                    "1-2 \"a$\" A 192.0.2.$",
                    "1-2 a$ CNAME \"b$ \"",
                    "\"1-2\" a$ A 192.0.2.$",
                    "1-2 a$ \"A\" 192.0.2.$",
                    "1-2 a$ A 192.0.2.$ ; c",
                    "1-2 a\\.$ A 192.0.2.$",
                    "1-2 a$ TXT \"a ( b\"",
                    "1-2 a$ TXT \"( a b$ )\"",
                    "1-2 a$ TXT \"\"",
                    "1-2 a$ MX \"10 mail$.example. x\"",
                    "1-2 a$ TXT \u00fc$",
                    "1-2 \u00fc$ A 192.0.2.$",
                    "1-3 a A 192.0.2.$",
                    "1-2 a$ NULL \"\\# 0\"",
                    "1-2 a$ OPT \"x\"",
                    "1-2 a$ FOO \"x\"",
                    "1-2 a$ DS \"$ 13 2 ${0,64,x}\"",
                    "2147483646-2147483647 a$ TXT ${1}",
                    "1-2 *.$ A 192.0.2.$");

    @Test
    void generateMakesWhatBindMakes() throws IOException, InterruptedException {
        List<String> wrong = new ArrayList<>();
        Path plain = folder.resolve("plain");
        for (String directive : GENERATE) {
            String text =
                    TextForms.HEAD + "o A 192.0.2.1\n$GENERATE " + directive + "\n TXT after\n";
            ZoneFile ours = read(text);
            boolean taken = bind(write(text), plain);
            if (taken == ours.hasErrors()) {
                wrong.add("%s: BIND %s, ours %s".formatted(directive, taken, ours.problems()));
            } else if (taken) {
                List<String> theirs =
                        records(read(Files.readString(plain, StandardCharsets.ISO_8859_1)));
                if (!theirs.equals(records(ours))) {
                    wrong.add("%s: %s, BIND %s".formatted(directive, records(ours), theirs));
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void theFormsAreMany() {
        assertTrue(TextForms.all().size() > 250, "" + TextForms.all().size());
        assertEquals(
                TextForms.all().size(),
                TextForms.all().stream().map(TextForms.Form::name).distinct().count(),
                () ->
                        Arrays.toString(
                                TextForms.all().stream()
                                        .map(TextForms.Form::name)
                                        .sorted()
                                        .toArray()));
    }
}
