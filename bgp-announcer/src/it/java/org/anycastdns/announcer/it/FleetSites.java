package org.anycastdns.announcer.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.anycastdns.announcer.check.TestLifeline;
import org.anycastdns.announcer.check.TestResponder;
import org.anycastdns.announcer.it.Wire.Change;
import org.anycastdns.testkit.Repository;

/// Three announcers as processes on loopback, each with its own responder and router, that exchange
/// their health by heartbeats.
final class FleetSites implements AutoCloseable {

    /// The names of the sites.
    static final List<String> NAMES = List.of("ams1", "fra1", "sin1");

    /// Generous limits for four JVMs on a busy machine: delays are no evidence of a failure here.
    private static final String PATIENT =
            "  status-interval: 200ms\n  timeout: 3s\n  slow: 3s\nlease: 5s";

    private final Path folder;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, TestResponder> responders = new LinkedHashMap<>();
    private final Map<String, TestLifeline> lifelines = new LinkedHashMap<>();
    private final Map<String, Site> sites = new LinkedHashMap<>();

    /// Starts all sites; returns when all are announced.
    ///
    /// @param folder folder for configurations
    FleetSites(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        Files.writeString(folder.resolve("secret"), "sixteen octets at least\n");
        try {
            for (String name : NAMES) {
                ports.put(name, Repository.freePort());
                responders.put(name, new TestResponder(name));
                lifelines.put(name, Site.lifeline(name));
            }
            for (String name : NAMES) {
                start(name);
            }
            for (Site site : sites.values()) {
                site.wire.await(Change.ANNOUNCED, Site.LIMIT);
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /// Starts the announcer of a site, again if it has ended.
    Site start(String name) throws IOException, InterruptedException {
        List<String> others =
                ports.entrySet().stream()
                        .filter(entry -> !entry.getKey().equals(name))
                        .map(entry -> "\"127.0.0.1:" + entry.getValue() + "\"")
                        .toList();
        String fleet =
                """
                fleet: {listen: "127.0.0.1:%d", sites: %s, secret-file: "%s"}
                depreference: {delay: 500ms}
                """
                        .formatted(port(name), others, folder.resolve("secret"));
        Site site =
                new Site(
                        folder,
                        name,
                        responder(name).address(),
                        lifeline(name).uri(),
                        PATIENT,
                        fleet,
                        Site.PROGRAM);
        sites.put(name, site);
        return site;
    }

    /// Returns all sites.
    List<Site> sites() {
        return List.copyOf(sites.values());
    }

    Site site(String name) {
        return Objects.requireNonNull(sites.get(name));
    }

    TestResponder responder(String name) {
        return Objects.requireNonNull(responders.get(name));
    }

    TestLifeline lifeline(String name) {
        return Objects.requireNonNull(lifelines.get(name));
    }

    /// Returns the port of a site's heartbeats.
    int port(String name) {
        return Objects.requireNonNull(ports.get(name));
    }

    @Override
    public void close() throws IOException {
        List<AutoCloseable> all = new ArrayList<>(sites.values());
        all.addAll(lifelines.values());
        all.addAll(responders.values());
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }
}
