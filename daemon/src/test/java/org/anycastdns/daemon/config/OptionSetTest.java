package org.anycastdns.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.daemon.config.TestOptions.Color;
import org.anycastdns.daemon.config.TestOptions.Guest;
import org.anycastdns.daemon.config.TestOptions.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reading a configuration.
class OptionSetTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("NAME", "ams1", "KEY", "s3cret", "COUNT", "3", "AGAIN", "${NAME}");

    private static Loaded<TestOptions> parse(String text) {
        return TestOptions.set().parse("a.yaml", text, ENVIRONMENT::get);
    }

    private static List<String> problems(Loaded<TestOptions> loaded) {
        return loaded.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void anOptionThatIsLeftOutHasItsDefaultOrIsAbsent() {
        TestOptions options = parse("name: x").config();
        assertEquals(List.of(Color.RED, Color.BLUE), options.colors());
        assertEquals(List.of(), options.words());
        assertEquals(1, options.count());
        assertEquals(Duration.ofSeconds(10), options.store().waitTime());
        assertNull(options.guest());
        assertEquals(Map.of(), options.ports());
        assertNull(options.secret());
        assertEquals(new Size(64 << 10), options.memory());
    }

    @Test
    void groupsListsAndMapsAreRead() {
        TestOptions options =
                parse(
                                """
                                name: x
                                colors: dark-green          # one item needs no list
                                words: [a, b, a]
                                store: {folder: sub, wait: 250ms}
                                guest: {count: 0}
                                hosts:
                                  - {address: here}
                                  - {address: there, port: 5}
                                ports: {dns: 53, "http": 80}
                                """)
                        .config();
        assertEquals(List.of(Color.DARK_GREEN), options.colors());
        assertEquals(List.of("a", "b", "a"), options.words());
        assertEquals(Path.of("sub").toAbsolutePath(), options.store().folder());
        assertEquals(Duration.ofMillis(250), options.store().waitTime());
        assertEquals(new Guest(0, Duration.ofHours(1)), options.guest());
        String all = "name: x\nguest: true\ncount: 2";
        assertEquals(new Guest(2, Duration.ofHours(1)), parse(all).config().guest());
        assertEquals(List.of(new Host("here", 53), new Host("there", 5)), options.hosts());
        assertEquals(Map.of("dns", 53, "http", 80), options.ports());
        assertNull(parse("name: x\nguest: false").config().guest());
    }

    @Test
    void everyProblemIsReportedAtItsPlaceInTheOrderOfTheFile() {
        assertEquals(
                List.of(
                        "a.yaml:1:1: name: is missing: The name.",
                        "a.yaml:1:8: count: must be 1 to 9, not 10",
                        "a.yaml:2:15: colors[1]: must be red, blue or dark-green, not 'pink'",
                        "a.yaml:2:21: colors[2]: is listed twice",
                        "a.yaml:3:8: words: must have 1 to 3 entries, not 4",
                        "a.yaml:4:8: guest: must be true, false or the keys count, stay, not 'yes'",
                        "a.yaml:5:9: secret: must have 4 to 8 octets",
                        "a.yaml:6:8: store: must be the keys folder, wait",
                        "a.yaml:7:19: hosts[0].address: must not be empty",
                        "a.yaml:8:1: unknown key 'nane'; did you mean 'name'?",
                        "a.yaml:9:1: key 'nane' is given twice",
                        "a.yaml:10:8: ports: must be 'key: value' lines"),
                problems(
                        parse(
                                """
                                count: 10
                                colors: [red, pink, red]
                                words: [a, b, c, d]
                                guest: yes
                                secret: abc
                                store: [a]
                                hosts: [{address: ""}]
                                nane: x
                                nane: y
                                ports: [80]
                                """)));
    }

    @Test
    void aGroupsRulesNameTheOptionThatIsWrong() {
        assertEquals(
                List.of("a.yaml:2:16: guest.count: is more than count"),
                problems(parse("name: x\nguest: {count: 3}\n")));
        assertEquals(
                List.of("a.yaml:2:8: guest.count: is more than count"),
                problems(parse("name: x\nguest: true\n")));
        Loaded<TestOptions> loud = parse("name: x\nloud: true\n");
        Place place = new Place("a.yaml", 2, 7);
        assertEquals(
                new Loaded.Valid<>(
                        loud.config(), List.of(new Problem(place, "loud: disturbs the neighbors"))),
                loud);
    }

    @Test
    void anEmptyFileIsToldWhatItMustSet() {
        assertEquals(List.of("a.yaml: is empty; it must set name"), problems(parse("# nothing\n")));
    }

    @Test
    void aDurationWithoutAUnitIsToldWhatToWrite() {
        assertEquals(
                List.of(
                        "a.yaml:2:15: store.wait: '9' has no unit: write 9s for 9 seconds, or 9ms for"
                                + " milliseconds"),
                problems(parse("name: x\nstore: {wait: 9}\n")));
        assertEquals(
                List.of(
                        "a.yaml:2:15: store.wait: must be a duration such as 250ms, 10s, 5m or 1h, not"
                                + " 'soon'"),
                problems(parse("name: x\nstore: {wait: soon}\n")));
    }

    @Test
    void anOldKeyWithAUnitIsToldItsNewForm() {
        assertEquals(
                List.of(
                        "a.yaml:2:9: unknown key 'store.wait-ms'; did you mean 'store.wait: 10s'?",
                        "a.yaml:3:9: unknown key 'guest.stay-hours'; did you mean 'guest.stay: 2h'?"),
                problems(parse("name: x\nstore: {wait-ms: 10000}\nguest: {stay-hours: 2}\n")));
    }

    @Test
    void valuesComeFromTheEnvironment() {
        TestOptions options =
                parse("name: \"pop-${NAME}-$${NAME}\"\nsecret: ${KEY}\ncount: ${COUNT}\n").config();
        assertEquals("pop-ams1-${NAME}", options.name());
        assertEquals("s3cret", Objects.requireNonNull(options.secret()).text());
        assertEquals(3, options.count());
        assertFalse(options.toString().contains("s3cret"), options.toString());
        assertEquals("${NAME}", parse("name: ${AGAIN}").config().name());
    }

    @Test
    void aVariableThatIsNotSetIsAProblemAtItsPlace() {
        assertEquals(
                List.of(
                        "a.yaml:1:7: environment variable NONE is not set: set it, or write $${NONE}"
                                + " for the characters themselves",
                        "a.yaml:2:8: ${ begins the name of an environment variable, such as ${NAME};"
                                + " write $${ for the characters themselves"),
                problems(parse("name: ${NONE}\ncount: \"${1\"\n")));
    }

    @Test
    void variablesDoNotMakeAShortFileLarge() {
        String large = "x".repeat(Placeholders.CHARACTERS_MAX / 2);
        Loaded<TestOptions> loaded =
                TestOptions.set()
                        .parse("a.yaml", "name: x\nwords: ['${A}', '${A}', '${A}']", _ -> large);
        assertEquals(
                List.of("a.yaml:2:25: environment variables add more than 1,048,576 characters"),
                problems(loaded));
    }

    @Test
    void flagsOverrideTheFileAndTheFileWhatIsDetected(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "name: file\nwords: w\n");
        TestOptions options =
                TestOptions.set()
                        .read(
                                file,
                                Map.of("name", List.of("flag")),
                                Map.of(
                                        "words",
                                        () -> fail("it is set"),
                                        "count",
                                        () -> List.of("7")))
                        .config();
        assertEquals("flag", options.name());
        assertEquals(List.of("w"), options.words());
        assertEquals(7, options.count());
        assertEquals(
                List.of("--name: must have 1 to 20 octets"),
                problems(TestOptions.set().read(null, Map.of("name", List.of("")), Map.of())));
    }

    @Test
    void aSecretInAFileIsReadBesideTheConfiguration(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("key"), "s3cret\n");
        Secret.InFile file = Secret.InFile.read("key", folder);
        assertEquals(folder.resolve("key"), file.file());
        assertEquals("s3cret", file.secret().text());
        assertFalse(file.toString().contains("s3cret"), file.toString());
    }
}
