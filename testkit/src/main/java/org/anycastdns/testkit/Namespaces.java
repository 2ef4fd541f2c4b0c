package org.anycastdns.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Two Linux network namespaces joined by a veth pair: a small network that only the test sees.
/// Names include the process ID, so that parallel runs do not conflict. {@link #close} deletes
/// everything.
public final class Namespaces implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final String left;
    private final String right;
    private final String third;
    private final List<String> made = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();
    private final Runnable closer = this::close;

    /// Creates the two namespaces. Loopback and veth pair are up and have no addresses. Without the
    /// permission (no root), the test is skipped, or fails under `CI=true`.
    public Namespaces() throws IOException, InterruptedException {
        // An interface name has at most 15 bytes (IFNAMSIZ - 1); a process ID at most 7 digits.
        String id = ProcessHandle.current().pid() + "x" + COUNTER.incrementAndGet();
        left = "adns" + id + "a";
        right = "adns" + id + "b";
        third = "adns" + id + "c";
        Tools.require("ip");
        Leftovers.remember(closer);
        try {
            for (String name : List.of(left, right)) {
                make(name);
            }
            ip(
                    "link add "
                            + left
                            + " netns "
                            + left
                            + " type veth peer name "
                            + right
                            + " netns "
                            + right);
            for (String name : made) {
                ip("-n " + name + " link set lo up");
                ip("-n " + name + " link set " + name + " up");
            }
        } catch (IOException | InterruptedException | RuntimeException | Error failure) {
            close();
            throw failure;
        }
    }

    /// Returns the namespace at one end of the veth pair. The interface there has the same name.
    public String left() {
        return left;
    }

    /// Returns the namespace at the other end of the veth pair. The interface there has the same
    /// name.
    public String right() {
        return right;
    }

    /// Returns a third namespace, created on first use, with a veth pair to the right one. Both
    /// ends of that pair have the third namespace's name.
    public String third() throws IOException, InterruptedException {
        if (!made.contains(third)) {
            make(third);
            ip(
                    "link add "
                            + third
                            + " netns "
                            + third
                            + " type veth peer name "
                            + third
                            + " netns "
                            + right);
            ip("-n " + third + " link set lo up");
            ip("-n " + third + " link set " + third + " up");
            ip("-n " + right + " link set " + third + " up");
        }
        return third;
    }

    private void make(String name) throws IOException, InterruptedException {
        Program add = Program.run(LIMIT, List.of("ip", "netns", "add", name));
        if (add.awaitExit(LIMIT) != 0) {
            Tools.missing("cannot make network namespaces (not root?)" + add.tail());
        }
        made.add(name);
    }

    /// Adds an address to the veth interface in a namespace. `nodad` makes an IPv6 address usable
    /// at once.
    ///
    /// @param address address with prefix length, e.g. `198.51.100.1/24`
    public void address(String namespace, String address) throws IOException, InterruptedException {
        address(namespace, namespace, address);
    }

    /// Adds an address to a veth interface in a namespace.
    ///
    /// @param cable name of the interface
    public void address(String namespace, String cable, String address)
            throws IOException, InterruptedException {
        boolean v6 = address.contains(":");
        ip("-n " + namespace + " addr add " + address + " dev " + cable + (v6 ? " nodad" : ""));
    }

    /// Adds an address to a namespace's loopback interface, such as the anycast address.
    public void loopbackAddress(String namespace, String address)
            throws IOException, InterruptedException {
        ip("-n " + namespace + " addr add " + address + " dev lo");
    }

    /// Returns a command line that runs another one inside a namespace. Its process ID is that of
    /// the program.
    public List<String> inside(String namespace, List<String> command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        line.addAll(command);
        return line;
    }

    /// Adds an action that [#close] runs before it deletes the namespaces, in reverse order.
    /// Programs must end before their namespace is deleted.
    public void beforeClose(Runnable ending) {
        endings.add(ending);
    }

    /// Ends everything that runs in the namespaces and deletes them, together with the veth pairs.
    @Override
    public void close() {
        Leftovers.forget(closer);
        endings.reversed().forEach(Runnable::run);
        endings.clear();
        for (String name : List.copyOf(made)) {
            try {
                Program.run(LIMIT, List.of("ip", "netns", "del", name));
            } catch (IOException failure) {
                throw new AssertionError("cannot delete namespace " + name, failure);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        made.clear();
    }

    private static void ip(String arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of("ip"));
        line.addAll(List.of(arguments.split(" ")));
        Program ip = Program.run(LIMIT, line);
        if (ip.awaitExit(LIMIT) != 0) {
            throw new AssertionError("ip failed" + ip.tail());
        }
    }
}
