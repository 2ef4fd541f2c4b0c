package org.anycastdns.server.config;

import java.util.List;
import org.anycastdns.daemon.config.Report;
import org.anycastdns.daemon.config.Rules;

/// All rules for options together.
final class ConfigRules implements Rules<Config> {

    private static final List<Rules<Config>> ALL = List.of(new KeyRules(), new TransferRules());

    @Override
    public void check(Config config, Report report) {
        ALL.forEach(rules -> rules.check(config, report));
    }
}
