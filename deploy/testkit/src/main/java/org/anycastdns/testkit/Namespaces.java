package org.anycastdns.testkit;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Two Linux network namespaces joined by a cable, a small network that only the test sees. Names
/// carry the process id, so that runs side by side do not meet; {@link #close} deletes all of it.
public final class Namespaces implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final String left;
    private final String right;
    private final String third;
    private final List<String> made = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();
    private final Runnable closer = this::close;

    /// Makes the two namespaces with loopback and cable up and no addresses. Where this is not
    /// allowed (no root), the test is skipped, or fails under `CI=true`.
    public Namespaces() throws IOException, InterruptedException {
        // An interface name has at most 15 bytes (IFNAMSIZ - 1); a process id at most 7 digits.
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

    /// The namespace at the cable's one end; its end of the cable has the same name.
    public String left() {
        return left;
    }

    /// The namespace at the cable's other end; its end of the cable has the same name.
    public String right() {
        return right;
    }

    /// A third namespace, made when it is first asked for, with a cable to the right one; both ends
    /// of that cable have its name.
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

    /// Gives the cable's end in a namespace an address; `nodad` makes an IPv6 one usable at once.
    ///
    /// @param address with its prefix length, e.g. `198.51.100.1/24`
    public void address(String namespace, String address) throws IOException, InterruptedException {
        address(namespace, namespace, address);
    }

    /// Gives the end of a cable in a namespace an address.
    ///
    /// @param cable its name
    public void address(String namespace, String cable, String address)
            throws IOException, InterruptedException {
        boolean v6 = address.contains(":");
        ip("-n " + namespace + " addr add " + address + " dev " + cable + (v6 ? " nodad" : ""));
    }

    /// Gives a namespace's loopback an address, such as the anycast address.
    public void loopbackAddress(String namespace, String address)
            throws IOException, InterruptedException {
        ip("-n " + namespace + " addr add " + address + " dev lo");
    }

    /// A command line that runs another one inside a namespace; its process id is the program's.
    public List<String> inside(String namespace, List<String> command) {
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        line.addAll(command);
        return line;
    }

    /// Has [#close] run something before it deletes the namespaces, the last such thing first: what
    /// runs in them must end before them.
    public void beforeClose(Runnable ending) {
        endings.add(ending);
    }

    /// Ends what runs in the namespaces and deletes them, and with them the cables.
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
