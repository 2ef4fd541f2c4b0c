package org.anycastdns.announcer.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.config.Config;
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
        return Exposure.warnings(secrets, config.admin(), config.health().lifeline());
    }
}
