package org.anycastdns.announcer.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.anycastdns.announcer.message.Addresses;
import org.anycastdns.daemon.config.Option;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/// One check of a service: exactly one of these keys is set.
public record CheckConfig(
        @Option(
                        value =
                                "Asks a DNS server over UDP, TCP or TLS. Works with any server,"
                                        + " without a lifeline.",
                        byDefault = Option.ABSENT)
                @Nullable Dns dns,
        @Option(
                        value =
                                "Watches the process in a PID file. Its end counts at once, without"
                                        + " waiting for the next run. Linux only.",
                        byDefault = Option.ABSENT)
                @Nullable PidFile process,
        @Option(value = "Connects to a TCP port, with TLS if wanted.", byDefault = Option.ABSENT)
                @Nullable Tcp tcp,
        @Option(value = "Sends an HTTP request.", byDefault = Option.ABSENT) @Nullable Http http,
        @Option(
                        value =
                                "Runs a program with the exit codes of monitoring plugins: 0 is good,"
                                        + " 1 degrades the service, everything else is a failure.",
                        byDefault = Option.ABSENT)
                @Nullable Command command,
        @Option(
                        value =
                                "Follows the lifeline of a `dns-server`, or of anything that sends"
                                        + " the same state records. Its end counts at once; its"
                                        + " silence only degrades.",
                        byDefault = Option.ABSENT,
                        alone = "url")
                @Nullable Lifeline lifeline,
        @Option(
                        value =
                                "Asks addresses beyond the router, to see whether packets of this"
                                        + " PoP leave and their answers return. Soft, unless"
                                        + " `fleet` is configured and `evidence` is `hard`.",
                        byDefault = Option.ABSENT)
                @Nullable Egress egress) {

    /// The most names that a check asks for; each costs two queries.
    static final int NAMES_MAX = 16;

    /// The most addresses that an egress check asks; each costs a packet at each interval.
    static final int TARGETS_MAX = 16;

    /// The most results in a row; more would take minutes.
    static final int ROW_MAX = 100;

    /// Often enough that a dead server is noticed within a second: three failures in a row.
    static final Duration DNS_INTERVAL = Duration.ofMillis(200);

    /// 200 ms for UDP and for TCP each, which no answer on the same host or link takes.
    static final Duration DNS_TIMEOUT = Duration.ofMillis(400);

    /// A program costs a process at each run.
    static final Duration COMMAND_TIME = Duration.ofSeconds(5);

    /// Costs little, and notices a failure within seconds.
    static final Duration USUAL_TIME = Duration.ofSeconds(1);

    /// Whether a check can withdraw the routes of its service.
    public enum Weight {
        /// The service has failed if fewer hard checks are good than it requires.
        HARD,
        /// The service is degraded if the check fails.
        SOFT
    }

    /// How the identity (NSID) of answers is judged.
    public enum Identity {
        /// Every answer must have the right one.
        REQUIRED,
        /// An answer without one is accepted, but another one is not.
        ACCEPTED,
        /// It does not matter.
        IGNORED
    }

    /// The response code that is expected. NXDOMAIN and REFUSED can be right answers to a question
    /// that is chosen so.
    public enum Rcode {
        NOERROR,
        NXDOMAIN,
        REFUSED
    }

    /// The version of HTTP.
    public enum HttpVersion {
        /// HTTP/2 if the server offers it, otherwise HTTP/1.1.
        AUTO,
        HTTP_1,
        HTTP_2
    }

    /// How a DNS server is asked.
    public enum Transport {
        UDP,
        TCP,
        /// RFC 7858.
        TLS
    }

    /// A type of DNS records.
    ///
    /// @param code its number
    public record RecordType(int code) {
        @Override
        public String toString() {
            return org.xbill.DNS.Type.string(code);
        }
    }

    /// The URL of an HTTP check, with an address and no name, because names would need DNS.
    public record Url(URI uri) {
        @Override
        public String toString() {
            return uri.toString();
        }
    }

    /// Something beyond the router that answers.
    ///
    /// @param protocol how it is asked
    /// @param address where it is
    public record Target(Protocol protocol, InetSocketAddress address) {

        /// How a target is asked.
        public enum Protocol {
            /// A DNS query; any response counts.
            DNS,
            /// A connection that is accepted or refused.
            TCP,
            /// An HTTP request; any response counts.
            HTTP
        }

        @Override
        public String toString() {
            return protocol.name().toLowerCase(Locale.ROOT) + "://" + Addresses.text(address);
        }
    }

    /// A kind of check.
    public sealed interface Kind {

        /// Returns the options that all kinds have.
        Terms terms();

        /// Returns the time from the start of a run to the start of the next.
        default Duration interval() {
            Duration given = terms().interval();
            return given != null
                    ? given
                    : switch (this) {
                        case Dns _, Lifeline _ -> DNS_INTERVAL;
                        case Command _ -> COMMAND_TIME;
                        case PidFile _, Tcp _, Http _, Egress _ -> USUAL_TIME;
                    };
        }

        /// Returns how long a run may take.
        default Duration timeout() {
            Duration given = terms().timeout();
            return given != null
                    ? given
                    : switch (this) {
                        case Dns _, Lifeline _ -> DNS_TIMEOUT;
                        case Command _ -> COMMAND_TIME;
                        case PidFile _, Tcp _, Http _, Egress _ -> USUAL_TIME;
                    };
        }

        /// Returns whether the check can withdraw routes. The way out may be lost at every site at
        /// once, so an egress check is soft unless the operator says otherwise.
        default Weight evidence() {
            Weight given = terms().evidence();
            return given != null ? given : this instanceof Egress ? Weight.SOFT : Weight.HARD;
        }

        /// Returns the name of the kind, as it is written in the file.
        default String label() {
            return switch (this) {
                case Dns _ -> "dns";
                case PidFile _ -> "process";
                case Tcp _ -> "tcp";
                case Http _ -> "http";
                case Command _ -> "command";
                case Lifeline _ -> "lifeline";
                case Egress _ -> "egress";
            };
        }

        /// Returns whether a good result shows that clients get answers. A process may run and
        /// hang.
        default boolean serves() {
            return switch (this) {
                case Dns _, Tcp _, Http _, Command _ -> true;
                case PidFile _, Lifeline _, Egress _ -> false;
            };
        }
    }

    /// How many results in a row turn a check, or a transport of `health`, up or down.
    public record Turn(
            @Option(
                            value =
                                    "Good runs in a row until a check is up, or a transport of"
                                            + " `health`.",
                            byDefault = "2",
                            min = "1",
                            max = "" + ROW_MAX)
                    int rise,
            @Option(
                            value =
                                    "Failed runs in a row until a check is down, or a transport of"
                                            + " `health`.",
                            byDefault = "3",
                            min = "1",
                            max = "" + ROW_MAX)
                    int fall) {}

    /// The options that all kinds of checks have.
    public record Terms(
            @Option(
                            value = "The name of the check in the status, the log and the metrics.",
                            byDefault = Option.ABSENT,
                            detected = "the kind of the check, with a number from the second on",
                            max = "" + ServiceConfig.NAME_OCTETS_MAX)
                    @Nullable String name,
            @Option(
                            value = "The time from the start of a run to the start of the next.",
                            byDefault = Option.ABSENT,
                            detected =
                                    "`200ms` for dns and lifeline, `5s` for command, `1s` for others",
                            min = "50ms",
                            max = "1h")
                    @Nullable Duration interval,
            @Option(
                            value = "How long a run may take. Afterwards it has failed.",
                            byDefault = Option.ABSENT,
                            detected =
                                    "`400ms` for dns and lifeline, `5s` for command, `1s` for others",
                            min = "10ms",
                            max = "10m")
                    @Nullable Duration timeout,
            @Option(value = "", inline = true) Turn turn,
            @Option(
                            value =
                                    "Whether the check may withdraw routes (`hard`) or only make"
                                            + " them less attractive (`soft`).",
                            byDefault = Option.ABSENT,
                            detected = "`soft` for egress, `hard` for others")
                    @Nullable Weight evidence) {}

    /// A check of a DNS server.
    public record Dns(
            @Option("Where the server answers.") InetSocketAddress server,
            @Option(
                            value =
                                    "How it is asked, one after the other. All must be good, within"
                                            + " `timeout` together.",
                            byDefault = "udp tcp",
                            entriesMax = 3)
                    List<Transport> transports,
            @Option(
                            value = "The port for the transport `tls`, at the address of `server`.",
                            byDefault = "853",
                            min = "1",
                            max = "65535")
                    int tlsPort,
            @Option(value = "", inline = true) Certificate certificate,
            @Option(
                            value = "The names to ask for. Each must be answered as expected.",
                            entriesMax = NAMES_MAX)
                    List<Name> names,
            @Option(value = "The type to ask for.", byDefault = "SOA") RecordType qtype,
            @Option(
                            value =
                                    "The expected response code. With `noerror` the answer must have"
                                            + " a record of the type.",
                            byDefault = "noerror")
                    Rcode rcode,
            @Option(
                            value =
                                    "Record data that the answer to each name must contain, as in a"
                                            + " zone file, for example `192.0.2.80`.",
                            byDefault = Option.ABSENT,
                            entriesMax = NAMES_MAX)
                    List<String> records,
            @Option(
                            value =
                                    "Whether the server is a resolver. The query asks for recursion,"
                                            + " and the answer need not be authoritative.",
                            byDefault = "false")
                    boolean recursive,
            @Option(
                            value =
                                    "Whether answers must carry the right NSID (`required`), may"
                                            + " lack one (`accepted`), or may carry any"
                                            + " (`ignored`). Another NSID means that another node"
                                            + " answers.",
                            byDefault = "accepted")
                    Identity identity,
            @Option(
                            value = "The NSID of the server.",
                            byDefault = Option.ABSENT,
                            detected = "the `identity` of the PoP")
                    @Nullable String nsid,
            @Option(
                            value =
                                    "Whether names are sent in upper and lower case by chance and"
                                            + " must come back so, against forged answers. `false`"
                                            + " is for servers that change the case.",
                            byDefault = "true")
                    boolean mixedCase,
            @Option(value = "", inline = true) Terms terms)
            implements Kind {}

    /// A watch over a process.
    public record PidFile(
            @Option("The file with the process ID. When it changes, the new process is watched.")
                    Path pidfile,
            @Option(value = "", inline = true) Terms terms)
            implements Kind {}

    /// A check of a TCP port.
    public record Tcp(
            @Option("Where to connect.") InetSocketAddress address,
            @Option(value = "", inline = true) Tls tls,
            @Option(value = "", inline = true) Terms terms)
            implements Kind {}

    /// The TLS options of a TCP check.
    public record Tls(
            @Option(
                            value =
                                    "Whether to make a TLS handshake and to verify the certificate.",
                            byDefault = "false",
                            key = "tls")
                    boolean enabled,
            @Option(value = "", inline = true) Certificate certificate) {}

    /// Whom to believe over TLS.
    public record Trust(
            @Option(
                            value =
                                    "The name in the server's certificate. It is sent to the server"
                                            + " (SNI), and as `Host` by an HTTP check.",
                            byDefault = Option.ABSENT,
                            detected = "the address")
                    @Nullable String tlsName,
            @Option(
                            value = "A PEM file with the certificates to trust.",
                            byDefault = Option.ABSENT,
                            detected = "those of the system's Java")
                    @Nullable Path tlsTrust) {

        /// The address, by the certificates of the system's Java.
        public static final Trust USUAL = new Trust(null, null);

        /// Returns whether a name or certificates are given, which only TLS has a use for.
        boolean isSet() {
            return tlsName != null || tlsTrust != null;
        }
    }

    /// How a certificate is verified.
    public record Certificate(
            @Option(value = "", inline = true) Trust trust,
            @Option(
                            value =
                                    "How many days the certificate must remain valid. Fewer degrade"
                                            + " the service.",
                            byDefault = "3",
                            min = "0",
                            max = "3650")
                    int certificateDaysMin) {}

    /// A check of an HTTP server.
    public record Http(
            @Option("The URL to get, http or https, with an address as its host.") Url url,
            @Option(value = "The expected status.", byDefault = "200", min = "100", max = "599")
                    int status,
            @Option(
                            value = "Text that the first 64 KiB of the response must contain.",
                            byDefault = Option.ABSENT,
                            max = "1000")
                    @Nullable String contains,
            @Option(
                            value = "The version of HTTP: `auto`, `http-1` or `http-2`.",
                            byDefault = "auto")
                    HttpVersion httpVersion,
            @Option(value = "", inline = true) Certificate certificate,
            @Option(value = "", inline = true) Terms terms)
            implements Kind {}

    /// A program that checks something.
    public record Command(
            @Option(value = "The program and its arguments. There is no shell.", entriesMax = 64)
                    List<String> run,
            @Option(value = "", inline = true) Terms terms)
            implements Kind {}

    /// A lifeline to follow.
    public record Lifeline(
            @Option("The URL of the lifeline.") URI url,
            @Option(value = "", inline = true) Trust trust,
            @Option(value = "", inline = true) Terms terms)
            implements Kind {}

    /// A check of the way out.
    public record Egress(
            @Option(
                            value =
                                    "What to ask: `dns://ADDRESS:PORT`, `tcp://ADDRESS:PORT` or"
                                            + " `http://ADDRESS:PORT`. Any response counts, and a"
                                            + " TCP connection that is refused.",
                            entriesMax = TARGETS_MAX)
                    List<Target> targets,
            @Option(
                            value = "How many of them must answer.",
                            byDefault = "1",
                            min = "1",
                            max = "" + TARGETS_MAX)
                    int required,
            @Option(
                            value =
                                    "The address of this host to ask from. An answer to an anycast"
                                            + " address may reach another PoP.",
                            byDefault = Option.ABSENT,
                            detected = "the address that the host's routes choose")
                    @Nullable InetAddress from,
            @Option(value = "", inline = true) Terms terms)
            implements Kind {}

    /// Returns the checks that are set; a valid configuration has exactly one.
    public List<Kind> kinds() {
        return Stream.<@Nullable Kind>of(dns, process, tcp, http, command, lifeline, egress)
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }
}
