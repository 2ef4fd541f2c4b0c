package org.anycastdns.announcer.host;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.announcer.config.Config;
import org.anycastdns.announcer.message.Addresses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Adds anycast addresses to an interface. They are added before anything is announced, and stay as
/// long as the program runs, regardless of the responder's health. Addresses that already exist are
/// left alone.
public final class LoopbackAddresses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackAddresses.class);

    /// The time limit for one `ip` command, which takes milliseconds.
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final String link;
    private final List<InetAddress> added = new ArrayList<>();

    /// Adds the addresses that are not on any interface.
    ///
    /// @throws IOException when an address cannot be added; the message says which and why. No
    ///   added address is left behind.
    public LoopbackAddresses(Config.Loopback option) throws IOException {
        this.link = option.link();
        try {
            for (InetAddress address : option.addresses()) {
                if (NetworkInterface.getByInetAddress(address) == null) {
                    ip("add", address);
                    added.add(address);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /// Removes the addresses that were added.
    @Override
    public void close() {
        for (InetAddress address : added) {
            try {
                ip("del", address);
            } catch (IOException e) {
                LOG.warn("{}", e.getMessage());
            }
        }
        added.clear();
    }

    private void ip(String verb, InetAddress address) throws IOException {
        boolean six = address instanceof Inet6Address;
        String host = Addresses.text(address) + (six ? "/128" : "/32");
        List<String> command = new ArrayList<>(List.of("ip", "addr", verb, host, "dev", link));
        if (six && verb.equals("add")) {
            command.add("nodad"); // usable at once; no other host on this link has it
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT)) {
                throw new IOException(String.join(" ", command) + ": no end in " + LIMIT);
            }
            if (process.exitValue() != 0) {
                String why =
                        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                throw new IOException(String.join(" ", command) + ": " + why.strip());
            }
            LOG.info("{}", String.join(" ", command));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
