package org.anycastdns.server.config;

import java.nio.file.Path;
import java.time.Clock;
import org.anycastdns.daemon.config.Report;
import org.anycastdns.daemon.config.Rules;
import org.anycastdns.server.tls.PeerTls;
import org.anycastdns.server.tls.ServerTls;
import org.anycastdns.server.tls.TlsFileException;
import org.jspecify.annotations.Nullable;

/// Certificates and keys can be used, and belong together. Options of other servers do not
/// contradict each other.
final class TlsRules implements Rules<Config> {

    @Override
    public void check(Config config, Report report) {
        config.remotes()
                .forEach((name, remote) -> {
                    RemoteTlsConfig tls = remote.tls();
                    if (tls != null) {
                        check("remotes." + name + ".tls", tls, report);
                    }
                });
        TlsConfig listener = config.tls();
        if (listener != null) {
            check(config, listener, report);
        }
    }

    private static void check(Config config, TlsConfig tls, Report report) {
        for (int i = 0; i < tls.listen().size(); i++) {
            if (tls.listen().get(i).getPort() != 0
                    && config.listen().contains(tls.listen().get(i))) {
                report.problem(
                        "tls.listen[" + i + "]",
                        "is in 'listen' too, for plain TCP: use another port, normally 853");
            }
        }
        try {
            String expiry = new ServerTls("tls", tls.files(), Clock.systemUTC()).expiryWarning();
            if (!expiry.isEmpty()) {
                report.warning("tls.certificate", expiry);
            }
        } catch (TlsFileException e) {
            report.problem(
                    "tls." + option(e, tls.privateKey(), tls.clientAuthorities(), "client-"),
                    text(e));
        }
    }

    /// Returns which option names the file that is to blame.
    private static String option(
            TlsFileException fault,
            @Nullable Path privateKey,
            @Nullable Path authorities,
            String prefix) {
        if (fault.file().equals(authorities)) {
            return prefix + "authorities";
        }
        return fault.file().equals(privateKey) ? "private-key" : "certificate";
    }

    private static String text(TlsFileException fault) {
        return String.valueOf(fault.getMessage());
    }

    /// Checks how a remote is spoken to.
    ///
    /// @param path of the group, such as `remotes.hidden.tls`
    private static void check(String path, RemoteTlsConfig tls, Report report) {
        boolean strict = tls.profile() == RemoteTlsConfig.Profile.STRICT;
        if (strict && tls.name() == null && tls.pins().isEmpty()) {
            report.problem(
                    path,
                    "nothing proves who the server is: set 'name' or 'pins', or write 'profile: opportunistic' to believe any");
        } else if (!strict && (!tls.pins().isEmpty() || tls.authorities() != null)) {
            report.problem(
                    path, "'opportunistic' believes any server: remove 'pins' and 'authorities'");
        } else if (tls.authorities() != null && tls.name() == null) {
            report.problem(path + ".authorities", "vouch for a name: set 'name' too");
        } else if ((tls.certificate() == null) != (tls.privateKey() == null)) {
            report.problem(path, "'certificate' and 'private-key' need each other");
        } else {
            checkFiles(path, tls, report);
        }
    }

    private static void checkFiles(String path, RemoteTlsConfig tls, Report report) {
        try {
            PeerTls _ = new PeerTls(path, tls.settings());
        } catch (TlsFileException e) {
            String option = option(e, tls.privateKey(), tls.authorities(), "");
            report.problem(path + "." + option, text(e));
        }
    }
}
