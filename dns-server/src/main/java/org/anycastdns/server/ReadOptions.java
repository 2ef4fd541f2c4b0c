package org.anycastdns.server;

import org.anycastdns.server.config.Config;
import org.anycastdns.server.zonefile.ReadRules;
import org.anycastdns.server.zonefile.ZonePolicy;
import org.anycastdns.server.zonefile.ZonemdPolicy;
import picocli.CommandLine.Option;

/// Options of the commands that read zone files without a configuration, and the rules that follow
/// from them.
final class ReadOptions {

    @Option(
            names = "--zone-policy",
            paramLabel = "strict|lenient",
            defaultValue = "strict",
            description =
                    "Whether contradictions that other servers refuse, such as CNAME beside other"
                            + " data, are errors or warnings. Default: ${DEFAULT-VALUE}.")
    private ZonePolicy policy = ZonePolicy.STRICT;

    @Option(
            names = "--zonemd",
            paramLabel = "verify|warn|ignore",
            defaultValue = "warn",
            description =
                    "Whether a zone that its ZONEMD records do not verify is an error, a warning or"
                            + " not looked at. Default: ${DEFAULT-VALUE}.")
    private ZonemdPolicy zonemd = ZonemdPolicy.WARN;

    ReadRules rules() {
        return new ReadRules(policy, zonemd);
    }

    /// The same rules as a configuration has them.
    static ReadRules of(Config config) {
        return new ReadRules(
                ZonePolicy.valueOf(config.zonePolicy().name()),
                ZonemdPolicy.valueOf(config.zonemd().name()));
    }
}
