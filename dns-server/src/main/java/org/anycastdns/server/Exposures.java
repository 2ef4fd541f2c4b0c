package org.anycastdns.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.anycastdns.daemon.Exposure;
import org.anycastdns.server.config.Config;
import org.anycastdns.server.config.CookieSecret;
import org.anycastdns.server.config.TlsConfig;
import org.jspecify.annotations.Nullable;

/// What a configuration of the responder exposes to others.
final class Exposures {

    private Exposures() {}

    /// Returns a warning in a sentence for each thing that is exposed.
    ///
    /// @param file the configuration file, which may hold cookie secrets; null if there is none
    static List<String> of(Config config, @Nullable Path file) {
        Config.Cookies cookies = config.cookies();
        boolean secret =
                Stream.of(cookies.secret(), cookies.previous(), cookies.next())
                        .anyMatch(CookieSecret::isSet);
        List<Exposure.SecretFile> files = new ArrayList<>();
        if (secret && file != null) {
            files.add(Exposure.SecretFile.of("cookies", file));
        }
        config.keys()
                .forEach((name, key) ->
                        files.add(
                                Exposure.SecretFile.of(
                                        Config.keyPath(name) + ".secret-file",
                                        key.secretFile().file())));
        TlsConfig tls = config.tls();
        if (tls != null) {
            files.add(Exposure.SecretFile.of("tls.private-key", tls.privateKey()));
        }
        return Exposure.warnings(files, config.admin(), null);
    }
}
