package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.anycastdns.announcer.fleet.Beacon;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.daemon.config.Report;

/// Validates the services, for problems that a type or a range cannot express.
final class ServiceRules {

    /// What a name may be made of: it is a metric label and a word on the command line.
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?");

    private static final String KINDS = "dns, process, tcp, http, command, lifeline, egress";

    private ServiceRules() {}

    /// Adds a problem for every violated rule, and warnings.
    static void check(Config config, Report report) {
        shortForm(config, report);
        Set<String> names = new HashSet<>();
        if (config.health() != null) {
            names.add(Service.SHORT_FORM);
        }
        for (int i = 0; i < config.services().size(); i++) {
            ServiceConfig service = config.services().get(i);
            String path = "services[" + i + "]";
            name(service.name(), path + ".name", names, report);
            if (config.fleet() != null) {
                heartbeat(config, service, path, report);
            }
            service(config, service, path, report);
        }
    }

    private static void shortForm(Config config, Report report) {
        HealthConfig health = config.health();
        if (health == null && !config.prefixes().isEmpty()) {
            report.problem("prefixes", "needs 'health': how the responder is judged");
        } else if (health != null && config.prefixes().isEmpty()) {
            report.problem("health", "needs 'prefixes': what is announced while it is good");
        } else if (health == null && config.services().isEmpty()) {
            report.problem(
                    "", "announces nothing: set prefixes and health, or services with checks");
        }
        if (health != null) {
            health(health, "health", report);
        }
    }

    private static void health(HealthConfig health, String path, Report report) {
        Long required = health.namesRequired();
        if (required != null && required > health.names().size()) {
            report.problem(
                    path + ".names-required",
                    "is %d of %d names".formatted(required, health.names().size()));
        }
        plain(health.lifeline(), health.trust(), path, report);
    }

    private static void plain(URI lifeline, CheckConfig.Trust trust, String path, Report report) {
        if ("http".equals(lifeline.getScheme()) && trust.isSet()) {
            report.problem(path, "has keys for TLS, and the URL of its lifeline is no https://");
        }
    }

    private static void name(String name, String path, Set<String> names, Report report) {
        if (!NAME.matcher(name).matches()) {
            report.problem(
                    path, "must be lower-case letters, digits and dashes, not '" + name + "'");
        } else if (!names.add(name)) {
            report.problem(
                    path,
                    name.equals(Service.SHORT_FORM)
                            ? "'dns' is listed twice, or is the service of the top-level 'health'"
                            : "'" + name + "' is listed twice");
        }
    }

    /// Validates the name under which the other sites hear of a service.
    private static void heartbeat(
            Config config, ServiceConfig service, String path, Report report) {
        String name = Beacon.name(config.identity(), service.name());
        if (name.getBytes(StandardCharsets.UTF_8).length > Beacon.NAME_OCTETS_MAX) {
            report.problem(path + ".name", "is too long for a heartbeat with the identity");
        }
    }

    private static void service(Config config, ServiceConfig service, String path, Report report) {
        HealthConfig health = service.health();
        if (health == null && service.checks().isEmpty()) {
            report.problem(path, "needs 'checks' or 'health': nothing says whether it works");
        }
        if (health != null) {
            health(health, path + ".health", report);
        }
        Config.Depreference depreference = service.depreference();
        if (depreference != null) {
            ConfigRules.usual(depreference.communities(), path + ".depreference", config, report);
        }
        Config.HoldDown holdDown = service.holdDown();
        if (holdDown != null) {
            ConfigRules.holdDown(holdDown, path + ".hold-down", report);
        }
        checks(config, service, path, report);
    }

    /// Returns whether a check is one of those of which `required` must be good. The way out says
    /// nothing about the service: it is needed beside them if it is hard.
    static boolean isCounted(CheckConfig.Kind check) {
        return check.evidence() == CheckConfig.Weight.HARD
                && !(check instanceof CheckConfig.Egress);
    }

    private static void checks(Config config, ServiceConfig service, String path, Report report) {
        Set<String> names = new HashSet<>();
        int hard = 0;
        for (int i = 0; i < service.checks().size(); i++) {
            List<CheckConfig.Kind> kinds = service.checks().get(i).kinds();
            String at = path + ".checks[" + i + "]";
            if (kinds.size() != 1) {
                report.problem(at, "must be exactly one of " + KINDS);
                return;
            }
            CheckConfig.Kind check = kinds.getFirst();
            String key = at + "." + check.label();
            CheckConfig.Terms terms = check.terms();
            hard += isCounted(check) ? 1 : 0;
            String name = terms.name();
            if (name != null) {
                name(name, key + ".name", names, report);
            }
            kind(config, check, key, report);
        }
        Long required = service.required();
        if (required != null && required > hard) {
            report.problem(path + ".required", "is %d of %d hard checks".formatted(required, hard));
        }
        if (service.health() == null && !service.checks().isEmpty() && hard == 0) {
            report.problem(
                    path + ".checks",
                    "are all soft or egress: nothing says that the service has failed; make one"
                            + " hard");
        }
    }

    private static void kind(Config config, CheckConfig.Kind check, String path, Report report) {
        switch (check) {
            case CheckConfig.Dns dns -> {
                if (dns.rcode() != CheckConfig.Rcode.NOERROR && !dns.records().isEmpty()) {
                    report.problem(path + ".records", "needs 'rcode: noerror'");
                }
                if (!dns.transports().contains(CheckConfig.Transport.TLS)
                        && dns.certificate().trust().isSet()) {
                    report.problem(path, "has keys for TLS: add tls to 'transports'");
                }
            }
            case CheckConfig.Tcp tcp -> {
                if (!tcp.tls().enabled() && tcp.tls().certificate().trust().isSet()) {
                    report.problem(path, "has keys for TLS: add 'tls: true'");
                }
            }
            case CheckConfig.Http http -> {
                if (http.url().uri().getScheme().equals("http")
                        && http.certificate().trust().isSet()) {
                    report.problem(path, "has keys for TLS, and its URL is no https://");
                }
            }
            case CheckConfig.Egress egress -> egress(config, egress, path, report);
            case CheckConfig.Lifeline lifeline ->
                    plain(lifeline.url(), lifeline.trust(), path, report);
            case CheckConfig.PidFile _, CheckConfig.Command _ -> {}
        }
    }

    private static void egress(
            Config config, CheckConfig.Egress egress, String path, Report report) {
        if (egress.evidence() == CheckConfig.Weight.HARD && config.fleet() == null) {
            report.problem(
                    path + ".evidence",
                    "needs 'fleet': without it, every PoP could withdraw at once");
        }
        int targets = egress.targets().size();
        if (egress.required() > targets) {
            report.problem(
                    path + ".required",
                    "is %d of %d targets".formatted(egress.required(), targets));
        }
        InetAddress from = egress.from();
        for (int i = 0; from != null && i < targets; i++) {
            if (egress.targets().get(i).address().getAddress().getClass() != from.getClass()) {
                report.problem(
                        path + ".targets[" + i + "]",
                        "cannot be asked from %s: one is IPv4, the other IPv6"
                                .formatted(Addresses.text(from)));
                return;
            }
        }
    }
}
