package org.anycastdns.announcer.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.config.HealthConfig;
import org.anycastdns.announcer.config.ServiceConfig;
import org.anycastdns.daemon.Exposure;
import org.anycastdns.daemon.Exposure.SecretFile;
import org.anycastdns.daemon.config.Secret;
import org.jspecify.annotations.Nullable;

/// What a configuration of the announcer exposes to others.
final class Exposures {

    private Exposures() {}

    /// Returns a warning in a sentence for each thing that is exposed.
    ///
    /// @param file the configuration file, which may hold passwords; null if it is not known
    static List<String> of(Config config, @Nullable Path file) {
        List<SecretFile> secrets = new ArrayList<>();
        for (Config.Neighbor neighbor : config.neighbors()) {
            Secret.InFile inFile = neighbor.passwordFile();
            if (inFile != null) {
                secrets.add(SecretFile.of("neighbors[].password-file", inFile.file()));
            }
            Config.Bfd bfd = neighbor.bfd();
            Secret.InFile bfdKey = bfd == null ? null : bfd.keyFile();
            if (bfdKey != null) {
                secrets.add(SecretFile.of("neighbors[].bfd.key-file", bfdKey.file()));
            }
        }
        boolean inConfiguration =
                config.neighbors().stream().anyMatch(neighbor -> neighbor.password() != null);
        if (inConfiguration && file != null) {
            secrets.add(SecretFile.of("neighbors[].password", file));
        }
        Config.Fleet fleet = config.fleet();
        if (fleet != null) {
            secrets.add(SecretFile.of("fleet.secret-file", fleet.secretFile().file()));
        }
        HealthConfig health = config.health();
        List<String> warnings =
                new ArrayList<>(
                        Exposure.warnings(
                                secrets,
                                config.admin(),
                                health == null ? null : health.lifeline()));
        for (ServiceConfig service : config.services()) {
            String prefix = "service " + service.name() + ": ";
            lifelines(service).stream().map(prefix::concat).forEach(warnings::add);
        }
        return warnings;
    }

    /// Returns a warning for each lifeline of a service that others can forge.
    private static List<String> lifelines(ServiceConfig service) {
        List<String> warnings = new ArrayList<>();
        HealthConfig health = service.health();
        if (health != null) {
            warnings.addAll(Exposure.forgeable("health.lifeline", health.lifeline()));
        }
        for (CheckConfig check : service.checks()) {
            CheckConfig.Lifeline lifeline = check.lifeline();
            if (lifeline != null) {
                warnings.addAll(Exposure.forgeable("checks[].lifeline", lifeline.url()));
            }
        }
        return warnings;
    }
}
