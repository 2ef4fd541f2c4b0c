package org.anycastdns.announcer.command;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.ops.Controls;
import org.anycastdns.daemon.config.Loaded;
import org.jspecify.annotations.Nullable;

/// A running announcer, as the command `run` starts and stops it.
public interface RunningAnnouncer {

    /// Starts announcers. The composition root implements it, so that the commands need not know
    /// what an announcer is made of.
    @FunctionalInterface
    interface Starter {

        /// Starts an announcer.
        ///
        /// @param file reads the configuration again
        /// @param record the file for a recording of all inputs; null without one
        /// @param onDeath runs when a bug ends the health loop; all prefixes are withdrawn by then
        /// @throws IOException when an address, a port or a permission cannot be had; the message
        ///   says which, and nothing is left running
        RunningAnnouncer start(
                Config config,
                Supplier<Loaded<Config>> file,
                @Nullable Path record,
                Runnable onDeath)
                throws IOException;
    }

    /// Shows in the status what a configuration exposes to others.
    ///
    /// @param finder finds it, in sentences
    void exposures(Function<Config, List<String>> finder);

    /// Returns in words what the neighbors have been sent, and if that is nothing, why.
    String sent();

    /// Returns the address on which the admin HTTP server listens.
    InetSocketAddress adminAddress();

    /// Reads the configuration again and applies it if that is safe.
    Controls.Answer reload(boolean allowWithdraw);

    /// Drains the site within the configured time, then withdraws, ends all sessions and stops.
    ///
    /// @param text the shutdown text for the neighbors (RFC 9003)
    void drainAndClose(String text);

    /// Makes [#drainAndClose] stop waiting for clients.
    void hurry();

    /// Withdraws, ends all sessions and stops, within a few seconds. Does nothing the second time.
    ///
    /// @param text the shutdown text for the neighbors (RFC 9003)
    void close(String text);
}
