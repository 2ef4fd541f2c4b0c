package org.anycastdns.announcer.config;

import static org.anycastdns.announcer.config.ConfigFixture.CONTRACT;
import static org.anycastdns.announcer.config.ConfigFixture.assertMistakes;
import static org.anycastdns.announcer.config.ConfigFixture.assertProblems;
import static org.anycastdns.announcer.config.ConfigFixture.valid;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.anycastdns.announcer.message.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services in the configuration: the long form, the short form beside it, and mistakes.
class ServiceConfigTest {

    private static final String LONG =
            """
            identity: ams1
            router-id: 198.51.100.2
            local-as: 65010
            neighbors:
              - address: 198.51.100.1
                remote-as: 65001
            services:
              - name: dns
                prefixes: ["192.0.2.0/24", "2001:db8:53::/48"]
                checks:
                  - dns: {server: "192.0.2.53:53", names: [example.com], identity: required}
                  - process: {pidfile: /run/nsd.pid}
                  - lifeline: "http://127.0.0.1:9153/lifeline"
              - name: web
                prefixes: ["203.0.113.0/24"]
                required: 2
                hold-down: {first: 30s}
                checks:
                  - http: {url: "https://203.0.113.80/health", status: 200, contains: ok, tls-name: www.example.com, http-version: auto}
                  - tcp: {address: "203.0.113.80:443", tls: true, certificate-days-min: 3}
                  - tcp: {address: "203.0.113.80:80", evidence: soft}
                  - command: {run: [/usr/lib/nagios/plugins/check_ntp, -H, ntp1], timeout: 2s, name: ntp}
            """;

    @Test
    void theLongFormIsReadToTheLetter() {
        List<Service> services = Service.of(valid(LONG));
        assertEquals(List.of("dns", "web"), services.stream().map(Service::name).toList());
        Service dns = services.getFirst();
        assertEquals(
                List.of(Prefix.parse("192.0.2.0/24"), Prefix.parse("2001:db8:53::/48")),
                dns.prefixes());
        assertNull(dns.health());
        assertEquals(3, dns.required());
        assertEquals(List.of("dns", "process", "lifeline"), List.copyOf(dns.checks().keySet()));
        Service web = services.getLast();
        assertEquals(List.of("http", "tcp", "tcp-2", "ntp"), List.copyOf(web.checks().keySet()));
        assertEquals(2, web.required());
        assertEquals(Duration.ofSeconds(30), web.holdDown().first());
        assertEquals(Duration.ofSeconds(10), dns.holdDown().first());
    }

    @Test
    void whatIsLeftOutHasTheDefaultOfItsKind() {
        Service dns = Service.of(valid(LONG)).getFirst();
        CheckConfig.Kind probe = Objects.requireNonNull(dns.checks().get("dns"));
        assertEquals(
                "PT0.2S PT0.4S 2 3 HARD",
                "%s %s %d %d %s"
                        .formatted(
                                probe.interval(),
                                probe.timeout(),
                                probe.terms().turn().rise(),
                                probe.terms().turn().fall(),
                                probe.evidence()));
        Service web = Service.of(valid(LONG)).getLast();
        CheckConfig.Kind command = Objects.requireNonNull(web.checks().get("ntp"));
        assertEquals(Duration.ofSeconds(5), command.interval());
        assertEquals(Duration.ofSeconds(2), command.timeout());
    }

    @Test
    void theShortFormIsAServiceNamedDnsAndMayStandBesideOthers() {
        Service only = Service.of(valid(CONTRACT)).getFirst();
        assertEquals("dns", only.name());
        assertEquals(0, only.required());
        String web = LONG.substring(LONG.indexOf("  - name: web"));
        List<Service> both = Service.of(valid(CONTRACT + "services:\n" + web));
        assertEquals(List.of("dns", "web"), both.stream().map(Service::name).toList());
        assertProblems(
                CONTRACT + LONG.substring(LONG.indexOf("services:"), LONG.indexOf("  - name: web")),
                """
                a.yaml:13:11: services[0].name: 'dns' is listed twice, or is the service of the top-level 'health'
                a.yaml:14:16: services[0].prefixes[0]: 192.0.2.0/24 is in prefixes too: give one service the checks of both
                a.yaml:14:32: services[0].prefixes[1]: 2001:db8:53::/48 is in prefixes too: give one service the checks of both\
                """);
    }

    @Test
    void mistakesAreNamedWithTheirPlace() {
        assertMistakes(
                LONG,
                """
                identity: required -> identiti: required
                a.yaml:11:62: unknown key 'services[0].checks[0].dns.identiti'; did you mean 'services[0].checks[0].dns.identity'?

                required: 2 -> required: 4
                a.yaml:16:15: services[1].required: is 4 of 3 hard checks

                - process: ->   process:
                a.yaml:11:9: services[0].checks[0]: must be exactly one of dns, process, tcp, http, command, lifeline, egress

                name: web -> name: Web
                a.yaml:14:11: services[1].name: must be lower-case letters, digits and dashes, not 'Web'

                tls: true, certificate-days-min: 3 -> tls-name: www.example.com
                a.yaml:20:14: services[1].checks[1].tcp: has keys for TLS: add 'tls: true'
                """);
        assertProblems(
                LONG.replace("https://203.0.113.80", "https://www.example.com"),
                problem ->
                        assertEquals(
                                true,
                                problem.startsWith(
                                        "a.yaml:19:21: services[1].checks[0].http.url: must be"
                                                + " http:// or https:// with an address"),
                                problem));
        assertProblems(
                LONG.substring(0, LONG.indexOf("    checks:")),
                "a.yaml:8:5: services[0]: needs 'checks' or 'health': nothing says whether it works");
        assertProblems(
                LONG.substring(0, LONG.indexOf("services:")),
                "a.yaml:1:1: announces nothing: set prefixes and health, or services with checks");
        assertProblems(
                LONG.substring(0, LONG.indexOf("services:")) + "prefixes: 192.0.2.0/24\n",
                "a.yaml:7:11: prefixes: needs 'health': how the responder is judged");
    }

    @Test
    void aServiceWithSoftChecksAloneCouldNeverBeWithdrawn() {
        assertProblems(
                LONG.substring(0, LONG.indexOf("    checks:"))
                        + "    checks: [{tcp: {address: \"192.0.2.53:53\", evidence: soft}}]\n",
                "a.yaml:10:13: services[0].checks: are all soft or egress: nothing says that the"
                        + " service has failed; make one hard");
    }

    private static final String EGRESS =
            """
            identity: ams1
            router-id: 198.51.100.2
            local-as: 65010
            neighbors: [{address: 198.51.100.1, remote-as: 65001}]
            services:
              - name: dns
                prefixes: ["192.0.2.0/24"]
                checks:
                  - dns: {server: "192.0.2.53:53", names: [example.com]}
                  - egress: {targets: ["dns://203.0.113.53:53", "tcp://203.0.113.9:443", "http://198.51.100.7:9179"], required: 2, from: 198.51.100.2}
            """;

    @Test
    void theWayOutIsSoftAndNotCounted(@TempDir Path folder) throws IOException {
        Service service = Service.of(valid(EGRESS)).getFirst();
        CheckConfig.Egress egress =
                assertInstanceOf(CheckConfig.Egress.class, service.checks().get("egress"));
        assertEquals(CheckConfig.Weight.SOFT, egress.evidence());
        assertEquals(
                "[dns://203.0.113.53:53, tcp://203.0.113.9:443, http://198.51.100.7:9179]",
                egress.targets().toString());
        assertEquals(1, service.required());
        Path secret = Files.writeString(folder.resolve("secret"), "sixteen octets at least\n");
        String hard =
                EGRESS.replace("required: 2", "evidence: hard")
                        + "fleet: {listen: \"198.51.100.2:7179\", sites: [\"198.51.100.7:7179\"],"
                        + " secret-file: %s}\n".formatted(secret);
        Service fleet = Service.of(valid(hard)).getFirst();
        assertEquals(1, fleet.required());
        assertEquals(
                CheckConfig.Weight.HARD,
                Objects.requireNonNull(fleet.checks().get("egress")).evidence());
    }

    @Test
    void mistakesOfTheWayOutAreNamedWithTheirPlace() {
        assertMistakes(
                EGRESS,
                """
                required: 2 -> required: 4
                a.yaml:10:117: services[0].checks[1].egress.required: is 4 of 3 targets

                from: 198.51.100.2 -> evidence: hard
                a.yaml:10:130: services[0].checks[1].egress.evidence: needs 'fleet': without it, every PoP could withdraw at once

                from: 198.51.100.2 -> from: 2001:db8::2
                a.yaml:10:28: services[0].checks[1].egress.targets[0]: cannot be asked from 2001:db8::2: one is IPv4, the other IPv6

                tcp:// -> ftp://
                a.yaml:10:53: services[0].checks[1].egress.targets[1]: must be dns://ADDRESS:PORT, tcp://ADDRESS:PORT or http://ADDRESS:PORT, e.g. "dns://203.0.113.53:53", not 'ftp://203.0.113.9:443'

                203.0.113.9:443 -> www.example.com:443
                a.yaml:10:53: services[0].checks[1].egress.targets[1]: must be dns://ADDRESS:PORT, tcp://ADDRESS:PORT or http://ADDRESS:PORT, e.g. "dns://203.0.113.53:53", not 'tcp://www.example.com:443'
                """);
    }

    @Test
    void aDifferenceNamesTheServiceAndTheCheck() {
        String changed =
                LONG.replace("status: 200", "status: 204").replace("first: 30s", "first: 20s");
        assertEquals(
                """
                ~ services[web].checks[http].status: 200 -> 204
                ~ services[web].hold-down.first: 30s -> 20s\
                """,
                String.join("\n", Difference.lines(valid(LONG), valid(changed))));
    }
}
