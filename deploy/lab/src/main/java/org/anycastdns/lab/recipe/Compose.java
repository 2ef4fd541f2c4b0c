package org.anycastdns.lab.recipe;

import java.util.Locale;
import java.util.Map;
import org.anycastdns.lab.topology.Addresses;
import org.anycastdns.lab.topology.Addresses.Network;
import org.anycastdns.lab.topology.Topology;
import org.anycastdns.lab.topology.Topology.Client;
import org.anycastdns.lab.topology.Topology.Link;
import org.anycastdns.lab.topology.Topology.Pop;
import org.anycastdns.lab.topology.Topology.Primary;
import org.anycastdns.lab.topology.Topology.Router;

/// The Compose file of a topology, in the subset that docker-compose 1.29 and Compose 2 share.
public final class Compose {

    /*
     * A PoP is three containers. The machine (NAME) owns the network namespace, so that it outlives the
     * responder. dns-server (NAME-dns) and bgp-announcer (NAME-bgp) run in it. The hidden primary is
     * a machine with a dns-server. The state folder of a PoP is a volume of its container: it outlives
     * the process and ends with the lab.
     *
     * The networks are bridges without masquerading, because the engine would otherwise rewrite the
     * addresses of packets that pass through a router. Every container drops the engine's default
     * route.
     */

    /// The name of the Compose project, and the prefix of all container names.
    public static final String PROJECT = "anycast-lab";

    /// The label of all containers and networks. Its value is their kind.
    public static final String LABEL = "org.anycastdns.lab";

    private static final String ROUTER =
            """
              router-${name}:
                image: anycast-dns/router-${software}
                container_name: anycast-lab-router-${name}
                hostname: ${name}
                labels: {org.anycastdns.lab: router}
                cap_drop: [ALL]
                cap_add: [NET_ADMIN, NET_RAW, NET_BROADCAST, NET_BIND_SERVICE, SETUID, SETGID, CHOWN, DAC_OVERRIDE, FOWNER${extra}]
                sysctls:
                  net.ipv4.ip_forward: "1"
                  net.ipv4.conf.all.rp_filter: "0"
                  net.ipv4.conf.default.rp_filter: "0"
                  net.ipv4.icmp_ratelimit: "0"
                  net.ipv6.conf.all.disable_ipv6: "0"
                  net.ipv6.conf.all.forwarding: "1"
                  net.ipv6.conf.default.accept_dad: "0"
                volumes: ["./router-${name}:/etc/router:ro"]
                stop_grace_period: 1s
                networks:
            """;

    private static final String HOST =
            """
              ${service}:
                image: anycast-dns/lab-node
                container_name: anycast-lab-${service}
                hostname: ${name}
                labels: {org.anycastdns.lab: ${kind}}
                init: true
                cap_drop: [ALL]
                cap_add: [NET_ADMIN, NET_RAW]
                environment: {GATEWAY4: "${gateway4}", GATEWAY6: "${gateway6}", ANYCAST: "${anycast}"}
                sysctls:
                  net.ipv4.conf.all.rp_filter: "0"
                  net.ipv4.conf.default.rp_filter: "0"
                  net.ipv4.ip_unprivileged_port_start: "0"
                  net.ipv6.conf.all.disable_ipv6: "0"
                  net.ipv6.conf.default.accept_dad: "0"
                stop_grace_period: 1s
                networks:
            """;

    private static final String PROGRAM =
            """
              ${machine}-${short}:
                image: anycast-dns/${program}
                container_name: anycast-lab-${machine}-${short}
                labels: {org.anycastdns.lab: ${program}}
                network_mode: "service:${machine}"
                depends_on: [${machine}]
                cap_drop: [ALL]
                cpu_shares: 4096
                security_opt: ["no-new-privileges"]
                environment: {JAVA_OPTS: "-XX:AOTCache=/opt/${program}/aot -Xmx${heap} -XX:TieredStopAtLevel=1"}
            """;

    private static final String RESPONDER =
            """
                command: ["run", "--config", "/etc/anycast-dns/server.yaml"]
                volumes: ["./${machine}:/etc/anycast-dns:ro", "./${machine}/zones:/var/lib/zones:ro", "/var/lib/anycast-dns/state"]
                stop_grace_period: 5s
            """;

    private static final String ANNOUNCER =
            """
                volumes: ["./${machine}:/etc/anycast-dns:ro"]
                stop_grace_period: 5s
            """;

    private static final String MONITORING =
            """
              ${service}:
                image: ${image}
                container_name: anycast-lab-${service}
                labels: {org.anycastdns.lab: monitoring}
                profiles: [monitoring]
                network_mode: host
            """;

    private static final String PROMETHEUS =
            """
                command: ["--config.file=/etc/prometheus/prometheus.yml", "--web.listen-address=127.0.0.1:9090"]
                volumes: ["./monitoring/prometheus.yml:/etc/prometheus/prometheus.yml:ro"]
            """;

    private static final String GRAFANA =
            """
                environment: {GF_SERVER_HTTP_ADDR: 127.0.0.1, GF_AUTH_ANONYMOUS_ENABLED: "true"}
                volumes:
                  - ./monitoring/grafana/provisioning:/etc/grafana/provisioning:ro
                  - ./monitoring/grafana/anycast-dns.json:/var/lib/grafana/dashboards/anycast-dns.json:ro
            """;

    private static final String NETWORK =
            """
              ${network}:
                driver: bridge
                enable_ipv6: true
                labels: {org.anycastdns.lab: network}
                driver_opts: {com.docker.network.bridge.enable_ip_masquerade: "false"}
                ipam:
                  config:
                    - {subnet: "${subnet4}", gateway: "${bridge4}"}
                    - {subnet: "${subnet6}", gateway: "${bridge6}"}
            """;

    private final Topology topology;
    private final Addresses addresses;

    private Compose(Topology topology) {
        this.topology = topology;
        addresses = new Addresses(topology);
    }

    /// Returns the Compose file.
    public static String text(Topology topology) {
        Compose compose = new Compose(topology);
        StringBuilder text = new StringBuilder("# Made by `lab` from topology.yaml.\nservices:\n");
        topology.routers().forEach(router -> text.append(compose.router(router)));
        topology.clients().forEach(client -> text.append(compose.client(client)));
        topology.primary().ifPresent(_ -> text.append(compose.primary()));
        topology.running().forEach(pop -> text.append(compose.pop(pop)));
        text.append(monitoring("prometheus", "PROMETHEUS", "prom", PROMETHEUS));
        text.append(monitoring("grafana", "GRAFANA", "grafana", GRAFANA));
        text.append("networks:\n");
        compose.addresses.networks().forEach(network -> text.append(network(network)));
        return text.toString();
    }

    private String router(Router router) {
        String software = router.software().name().toLowerCase(Locale.ROOT);
        // zebra needs SYS_ADMIN for namespaces and ends without it.
        String extra = router.software() == Topology.Software.FRR ? ", SYS_ADMIN" : "";
        StringBuilder text =
                new StringBuilder(
                        Template.fill(
                                ROUTER,
                                Map.of(
                                        "name",
                                        router.name(),
                                        "software",
                                        software,
                                        "extra",
                                        extra)));
        text.append(attachment(addresses.pops(router.name()), 1));
        if (topology.clients().stream().anyMatch(c -> c.router().equals(router.name()))) {
            text.append(attachment(addresses.clients(router.name()), 1));
        }
        if (topology.primary().filter(p -> p.router().equals(router.name())).isPresent()) {
            text.append(attachment(addresses.primary(), 1));
        }
        for (Link link : topology.links()) {
            if (link.other(router.name()).isPresent()) {
                text.append(attachment(addresses.link(link), addresses.end(link, router.name())));
            }
        }
        return text.toString();
    }

    private String client(Client client) {
        Network network = addresses.clients(client.router());
        return host("client-" + client.name(), client.name(), "client", network, "")
                + attachment(network, addresses.host(client));
    }

    private String primary() {
        Network network = addresses.primary();
        return host(Primary.NAME, Primary.NAME, "primary", network, "")
                + attachment(network, addresses.primaryHost())
                + program(Primary.NAME, "dns-server", "dns", "128m", RESPONDER);
    }

    private String pop(Pop pop) {
        Network network = addresses.pops(pop.router());
        return host(pop.name(), pop.name(), "pop", network, String.join(" ", Topology.ANYCAST))
                + attachment(network, addresses.host(pop))
                + program(pop.name(), "dns-server", "dns", "128m", RESPONDER)
                + program(pop.name(), "bgp-announcer", "bgp", "96m", ANNOUNCER);
    }

    private static String program(
            String machine, String program, String shortName, String heap, String rest) {
        return Template.fill(
                PROGRAM + rest,
                Map.of("machine", machine, "program", program, "short", shortName, "heap", heap));
    }

    private static String host(
            String service, String name, String kind, Network network, String anycast) {
        return Template.fill(
                HOST,
                Map.of(
                        "service",
                        service,
                        "name",
                        name,
                        "kind",
                        kind,
                        "gateway4",
                        network.host4(1),
                        "gateway6",
                        network.host6(1),
                        "anycast",
                        anycast));
    }

    private static String monitoring(
            String service, String variable, String publisher, String rest) {
        String image = "${%s_IMAGE:-%s/%s:latest}".formatted(variable, publisher, service);
        return MONITORING.replace("${service}", service).replace("${image}", image) + rest;
    }

    private static String attachment(Network network, int host) {
        return "      %s: {ipv4_address: \"%s\", ipv6_address: \"%s\"}%n"
                .formatted(network.name(), network.host4(host), network.host6(host));
    }

    private static String network(Network network) {
        return Template.fill(
                NETWORK,
                Map.of(
                        "network",
                        network.name(),
                        "subnet4",
                        network.subnet4(),
                        "subnet6",
                        network.subnet6(),
                        "bridge4",
                        network.bridge4(),
                        "bridge6",
                        network.bridge6()));
    }
}
