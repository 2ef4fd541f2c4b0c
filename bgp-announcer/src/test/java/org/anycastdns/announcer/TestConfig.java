package org.anycastdns.announcer;

/// Configurations of announcers under test.
public final class TestConfig {

    /// The site that most tests run.
    public static final String SITE =
            """
            identity: ams1
            router-id: 198.51.100.2
            local-as: 65010
            prefixes: ["192.0.2.0/24"]
            """;

    private TestConfig() {}

    /// Returns the configuration of a site whose neighbor and responder are on loopback.
    ///
    /// @param health further lines of its part `health`, indented; may be empty
    public static String onLoopback(
            int neighbor, int responder, Object lifeline, String health, int admin) {
        return SITE
                + """
                neighbors:
                  - address: 127.0.0.1
                    port: %d
                    remote-as: 65001
                health:
                  responder: "127.0.0.1:%d"
                  lifeline: "%s"
                %sadmin: "127.0.0.1:%d"
                """
                        .formatted(neighbor, responder, lifeline, health, admin);
    }
}
