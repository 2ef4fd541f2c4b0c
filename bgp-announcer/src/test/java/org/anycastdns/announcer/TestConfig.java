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

    /// A site with a prefix of each family, whose sessions run over IPv4.
    public static final String BOTH_FAMILIES =
            """
            identity: ams1
            router-id: 198.51.100.2
            local-as: 65010
            prefixes: ["192.0.2.0/24", "2001:db8:53::/48"]
            next-hop-v6: "2001:db8:ffff::2"
            """;

    /// The part `health` of a site beside its responder at 192.0.2.53.
    public static final String HEALTH =
            """
            health:
              responder: "192.0.2.53:53"
              lifeline: "http://127.0.0.1:9153/lifeline"
            """;

    /// The same with patience: what a busy machine does to probes is not the subject.
    public static final String PATIENT_HEALTH =
            HEALTH
                    + """
                      timeout: 10s
                      fall: 10
                    lease: 10s
                    """;

    /// The part `health` of a site that has no responder.
    public static final String NO_RESPONDER = HEALTH.replace("192.0.2.53:53", "127.0.0.1:53");

    private TestConfig() {}

    /// Returns the part `neighbors` with the router at 198.51.100.1.
    ///
    /// @param options further options of the neighbor, with commas between
    public static String router(int remoteAs, String options) {
        return "neighbors: [{address: 198.51.100.1, remote-as: %d, %s}]\n"
                .formatted(remoteAs, options);
    }

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
