package org.anycastdns.server.config;

import org.anycastdns.daemon.config.Report;
import org.anycastdns.daemon.config.Rules;
import org.anycastdns.server.transfer.tsig.TsigKey;
import org.anycastdns.server.wire.Name;

/// The file of each key holds that key. Weak algorithms are a warning.
final class KeyRules implements Rules<Config> {

    @Override
    public void check(Config config, Report report) {
        config.keys().forEach((name, key) -> check(name, key, report));
    }

    private static void check(Name name, Config.Key key, Report report) {
        String path = Config.keyPath(name);
        try {
            TsigKey made = key.named(name);
            if (made.algorithm().isWeak()) {
                report.warning(
                        path,
                        "%s is weak; use hmac-sha256 where the other side knows it"
                                .formatted(made.algorithm().word()));
            }
        } catch (IllegalArgumentException e) {
            report.problem(
                    path + ".secret-file",
                    "'%s' %s".formatted(key.secretFile().file(), e.getMessage()));
        }
    }
}
