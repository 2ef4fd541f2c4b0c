package org.anycastdns.announcer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
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
        return switch (parse(text)) {
            case Loaded.Valid<Config>(Config config, _) -> config;
            case Loaded.Invalid<Config> invalid -> fail(invalid.toString());
        };
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

    static String problems(Loaded<Config> loaded) {
        return switch (loaded) {
            case Loaded.Valid<Config> valid -> fail(valid.toString());
            case Loaded.Invalid<Config>(List<Problem> problems) ->
                    problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
        };
    }
}
