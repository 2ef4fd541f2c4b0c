package org.anycastdns.server.zonefile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.anycastdns.server.wire.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// File names to zones and back.
class ZoneFileNamesTest {

    private static final long SEED = 26;
    private static final List<String> PATTERNS =
            List.of("{origin}.zone", "db.{origin}", "{origin}", "zone-{origin}.txt", "%{origin}%");

    private static String reason(Runnable what) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, what::run).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "{origin}.zone, example.com.zone, example.com.",
        "{origin}.zone, Example.COM.zone, example.com.",
        "{origin}.zone, example.com..zone, example.com.",
        "{origin}.zone, some/where/example.com.zone, example.com.",
        "{origin}.zone, root.zone, .",
        "{origin}.zone, root..zone, root.",
        "{origin}.zone, zone.zone, zone.",
        "{origin}.zone, 0%2f25.2.0.192.in-addr.arpa.zone, 0/25.2.0.192.in-addr.arpa.",
        "{origin}.zone, 0%2F25.2.0.192.in-addr.arpa.zone, 0/25.2.0.192.in-addr.arpa.",
        "{origin}.zone, 0\\04725.2.0.192.in-addr.arpa.zone, 0/25.2.0.192.in-addr.arpa.",
        "{origin}.zone, 0-127.2.0.192.in-addr.arpa.zone, 0-127.2.0.192.in-addr.arpa.",
        "{origin}.zone, a%2eb.example.zone, a\\.b.example.",
        "db.{origin}, db.example.com, example.com.",
        "db.{origin}, db.root, .",
        "db.{origin}, db.., .",
        "db.{origin}, db.db.example, db.example.",
        "{origin}, example.com, example.com.",
        "{origin}.hosts.signed, example.com.hosts.signed, example.com.",
    })
    void aFileNameTellsItsZone(String pattern, String file, String zone) {
        assertEquals(Name.of(zone), ZoneFileNames.of(pattern).origin(file));
    }

    @ParameterizedTest
    @CsvSource({
        "{origin}.zone, example.com.zone, example.com.",
        "{origin}.zone, root.zone, .",
        "{origin}.zone, root..zone, root.",
        "db.{origin}, db.0%2f25.2.0.192.in-addr.arpa, 0/25.2.0.192.in-addr.arpa.",
        "db.{origin}, db.example.com, Example.COM.",
        "{origin}.zone, a%2eb.example.zone, a\\.b.example.",
        "{origin}.zone, %25%5c%00%fc.example.zone, %\\\\\\000\\252.example.",
    })
    void aZoneTellsItsFileName(String pattern, String file, String zone) {
        assertEquals(file, ZoneFileNames.of(pattern).fileName(Name.of(zone)));
    }

    @Test
    void everyZoneIsFoundInTheFileThatIsNamedAfterIt() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < 20_000; i++) {
            Name zone = name(random);
            ZoneFileNames names = ZoneFileNames.of(PATTERNS.get(random.nextInt(PATTERNS.size())));
            String file = names.fileName(zone);
            String shown = "%s in %s as %s, seed %d, turn %d".formatted(zone, names, file, SEED, i);
            assertTrue(names.matches(file), shown);
            assertEquals(zone, names.origin(file), shown);
            assertEquals(file, names.fileName(names.origin(file)), shown);
            assertTrue(file.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/'), shown);
        }
    }

    private static Name name(SplittableRandom random) {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (int label = random.nextInt(5); label > 0; label--) {
            int length = 1 + random.nextInt(random.nextInt(10) == 0 ? 63 : 4);
            wire.write(length);
            boolean plain = random.nextBoolean();
            for (int i = 0; i < length; i++) {
                wire.write(plain ? 'a' + random.nextInt(26) : random.nextInt(256));
            }
        }
        wire.write(0);
        return random.nextInt(20) == 0 ? Name.of("root.") : Name.read(wire.toByteArray(), 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com", ".zone", ".example.com.zone", "example.com.zone~", "zone", "a/.zone",
                "a%2.zone", "a%.zone", "a%zz.zone", "a..b.zone", "a b.zone", "\u00fc.zone"
            })
    void whatIsNoZoneFileIsRefused(String file) {
        assertThrows(
                IllegalArgumentException.class, () -> ZoneFileNames.DEFAULT.origin(file), file);
    }

    @Test
    void aFileThatIsCalledOtherwiseIsToldHowFilesAreCalled() {
        assertEquals(
                "'example.com.zone' is not named db.ORIGIN, such as db.example.com",
                reason(() -> ZoneFileNames.of("db.{origin}").origin("x/example.com.zone")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "db", "db.origin", "{origin}{origin}", "a/{origin}", ".{origin}", "{}"})
    void aPatternHoldsTheOriginOnce(String pattern) {
        assertThrows(IllegalArgumentException.class, () -> ZoneFileNames.of(pattern), pattern);
    }

    @Test
    void aFileThatIsNamedIsNoOtherZones() {
        ZoneFileNames names =
                ZoneFileNames.DEFAULT.with(
                        Map.of(
                                Name.of("example.com"), "example.net.zone",
                                Name.of("example.org"), "customers/a.db"));
        assertFalse(names.matches("example.net.zone"));
        assertTrue(names.matches("example.com.zone"), "the folder's look leaves it out");
        assertEquals("example.net.zone", names.fileName(Name.of("EXAMPLE.com.")));
        assertEquals("customers/a.db", names.fileName(Name.of("example.org")));
        assertEquals("example.edu.zone", names.fileName(Name.of("example.edu")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "..", "a/../..", "../a", "", ".", "a/..", "a/"})
    void aPathStaysInTheFolder(String path) {
        assertThrows(IllegalArgumentException.class, () -> ZoneFileNames.inside(path), path);
    }

    @Test
    void aPathHasNoDetours() {
        assertEquals("a/b.db", ZoneFileNames.inside("./a//x/../b.db"));
    }
}
