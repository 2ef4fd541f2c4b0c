package org.anycastdns.announcer.it;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.anycastdns.testkit.Namespaces;
import org.anycastdns.testkit.Program;

/// Two PoPs, ams1 (198.51.100.2, left) and fra1 (198.51.100.130, third), behind one router (right,
/// `.1` and `.129`) that forwards to them by the routes that BIRD learns. The PoPs reach everything
/// else by a default route.
final class TwoPops {

    static final String NEAR = "198.51.100.2";
    static final String NEAR_ROUTER = "198.51.100.1";
    static final String FAR = "198.51.100.130";
    static final String FAR_ROUTER = "198.51.100.129";

    private final Namespaces network;
    private final Programs programs;

    TwoPops(Namespaces network, Programs programs) {
        this.network = network;
        this.programs = programs;
    }

    /// Sets up the network, and BIRD, which installs its routes in the kernel of the router.
    ///
    /// @param kernel options of BIRD's protocol `kernel`; may be empty
    Program router(String kernel) throws IOException, InterruptedException {
        String router = network.right();
        network.address(network.left(), NEAR + "/25");
        network.address(router, NEAR_ROUTER + "/25");
        network.address(network.third(), FAR + "/25");
        network.address(router, network.third(), FAR_ROUTER + "/25");
        for (String key : List.of("ip_forward=1", "conf.all.rp_filter=0")) {
            programs.run(router, "sysctl", "-q", "-w", "net.ipv4." + key);
        }
        programs.run(network.left(), "ip", "route", "add", "default", "via", NEAR_ROUTER);
        programs.run(network.third(), "ip", "route", "add", "default", "via", FAR_ROUTER);
        return programs.bird(
                router,
                "protocol kernel { %s ipv4 { import none; export all; }; }\n".formatted(kernel)
                        + RouterNetwork.session("ams1", NEAR_ROUTER, NEAR, "")
                        + RouterNetwork.session("fra1", FAR_ROUTER, FAR, ""));
    }

    /// Starts a program of these tests on the router, in a JVM of its own.
    Program java(Class<?> program, String... arguments) throws IOException {
        try {
            Path classes =
                    Path.of(program.getProtectionDomain().getCodeSource().getLocation().toURI());
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    classes.toString(),
                                    program.getName()));
            command.addAll(List.of(arguments));
            return programs.start(network.right(), command);
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
