package org.anycastdns.announcer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.anycastdns.daemon.config.Loaded;
import org.anycastdns.daemon.config.Problem;

/// A configuration, and what is said of others like it.
final class ConfigFixture {

    static final String CONTRACT =
            """
            identity: ams1
            router-id: 198.51.100.2
            local-as: 65010
            prefixes: ["192.0.2.0/24", "2001:db8:53::/48"]
            neighbors:
              - address: 198.51.100.1
                remote-as: 65001
            health:
              responder: "192.0.2.53:53"            # probed over UDP and TCP
              lifeline: "http://127.0.0.1:9153/lifeline"
            admin: "127.0.0.1:9179"
            """;

    private ConfigFixture() {}

    static Config valid(String text) {
        return parse(text).config();
    }

    static Loaded<Config> parse(String text) {
        return AnnouncerOptions.SET.parse("a.yaml", text, _ -> null);
    }

    static void assertProblems(String text, String problems) {
        assertEquals(problems, problems(parse(text)));
    }

    static void assertProblems(String text, Consumer<String> expectation) {
        expectation.accept(problems(parse(text)));
    }

    /// Asserts what is said of mistakes in a configuration.
    ///
    /// @param mistakes a paragraph for each: what is replaced and by what, with ` -> ` between,
    ///   then the problems, one a line; `\n` stands for a line end
    static void assertMistakes(String text, String mistakes) {
        for (String mistake : mistakes.stripTrailing().split("\n\n")) {
            String[] parts = mistake.split(" -> |\n", 3);
            String mistaken = text.replace(parts[0], parts[1].replace("\\n", "\n"));
            assertNotEquals(text, mistaken, mistake);
            assertProblems(mistaken, parts[2]);
        }
    }

    static String problems(Loaded<Config> loaded) {
        return loaded.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }
}
