package org.anycastdns.announcer;

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

/// The anycast addresses that we put on an interface: before anything is announced, and for as long
/// as the program runs, however the responder does. Those that were there already stay.
final class LoopbackAddresses implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopbackAddresses.class);

    /// For one `ip` command, which takes milliseconds.
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final String link;
    private final List<InetAddress> added = new ArrayList<>();

    /// Puts those on the interface that are on none.
    ///
    /// @throws IOException says which could not be put there, and why; none is left behind then
    LoopbackAddresses(Config.Loopback option) throws IOException {
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

    /// Takes off what was put on.
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
            command.add("nodad"); // usable at once; nobody else has it on this link
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
