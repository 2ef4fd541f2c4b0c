package org.anycastdns.announcer.config;

import static org.anycastdns.announcer.config.ConfigFixture.CONTRACT;
import static org.anycastdns.announcer.config.ConfigFixture.assertProblems;
import static org.anycastdns.announcer.config.ConfigFixture.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import org.anycastdns.announcer.message.Prefix;
import org.anycastdns.announcer.session.Scope;
import org.anycastdns.daemon.config.Loaded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The options `only` and `except`: which neighbor gets which prefixes.
class NeighborScopeTest {

    private static final List<String> PREFIXES =
            List.of("192.0.2.0/24", "192.0.0.0/16", "203.0.113.0/24", "2001:db8:53::/48");

    /// A PoP with the service `dns`, the service `web` and a backstop, and two neighbors. The
    /// second gets everything.
    private static String site(String options) {
        return CONTRACT.replace(
                "health:",
                """
                    %s
                  - {address: 198.51.100.9, remote-as: 65001}
                backstop: ["192.0.0.0/16"]
                services:
                  - name: web
                    prefixes: ["203.0.113.0/24"]
                    checks: [{tcp: {address: "203.0.113.80:443"}}]
                health:\
                """
                        .formatted(options));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "med: 1 | 192.0.2.0/24 192.0.0.0/16 203.0.113.0/24 2001:db8:53::/48",
                "only: [dns] | 192.0.2.0/24 2001:db8:53::/48",
                "only: dns | 192.0.2.0/24 2001:db8:53::/48",
                "only: [web, ipv6] | 203.0.113.0/24 2001:db8:53::/48",
                "only: ['192.0.0.0/16'] | 192.0.2.0/24 192.0.0.0/16",
                "only: ['192.0.2.0/24'] | 192.0.2.0/24",
                "except: [ipv4] | 2001:db8:53::/48",
                "except: [web, '2001:db8::/32'] | 192.0.2.0/24 192.0.0.0/16",
                "'{only: [ipv4], except: [dns]}' | 192.0.0.0/16 203.0.113.0/24"
            })
    void aNeighborGetsWhatOnlySelectsAndExceptDoesNot(String options, String expected) {
        String keys = options.replaceAll("[{}]", "").replace(", except", "\n    except");
        Config config = valid(site(keys));
        Scope scope = config.neighbors().getFirst().scope().of(config);
        assertEquals(
                List.of(expected.split(" ", -1)),
                PREFIXES.stream().filter(one -> scope.includes(Prefix.parse(one))).toList());
    }

    @Test
    void aNameThatDoesNotExistIsAProblemWithItsPlace() {
        assertProblems(
                site("only: [ipv4, wbe]"),
                "a.yaml:8:18: neighbors[0].only[1]: 'wbe' is no service (dns, web), no family"
                        + " (ipv4, ipv6) and no prefix");
        assertProblems(
                site("except: [\"192.0.2.0/99\"]"),
                problems ->
                        assertEquals(
                                "a.yaml:8:14: neighbors[0].except[0]: must be a prefix, e.g."
                                        + " \"192.0.2.0/24\" or \"2001:db8:53::/48\", not"
                                        + " '192.0.2.0/99': prefix length 99 is not within 0 to"
                                        + " 32",
                                problems));
    }

    @Test
    void aServiceThatIsNamedLikeAFamilyIsAmbiguous() {
        assertProblems(
                site("only: [ipv6]").replace("name: web", "name: ipv6"),
                "a.yaml:8:12: neighbors[0].only[0]: 'ipv6' is a service and a family: give the"
                        + " service another name");
    }

    @Test
    void everyPrefixNeedsANeighbor() {
        assertProblems(
                CONTRACT.replace("65001", "65001\n    only: [ipv6]"),
                "a.yaml:6:3: neighbors: no router gets 192.0.2.0/24: 'only' and 'except' leave it"
                        + " out everywhere");
    }

    @Test
    void aSelectionOfNothingIsSuspicious() {
        assertEquals(
                "a.yaml:8:14: neighbors[0].except[0]: 198.51.100.0/24 selects no announced prefix",
                warning(site("except: [\"198.51.100.0/24\"]")));
        assertEquals(
                "a.yaml:8:13: neighbors[0].except: this router gets no prefix",
                warning(site("except: [ipv4, ipv6]")));
    }

    private static String warning(String text) {
        Loaded.Valid<?> valid = assertInstanceOf(Loaded.Valid.class, ConfigFixture.parse(text));
        return String.join("\n", valid.warnings().stream().map(Object::toString).toList());
    }
}
