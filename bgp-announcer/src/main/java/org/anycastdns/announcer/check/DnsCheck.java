package org.anycastdns.announcer.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.Outcome;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Asks a DNS server for some names, over each of its transports in turn. Any server will do.
/// Without TLS, [DnsQueries] asks without a thread.
final class DnsCheck implements Check {

    private final CheckConfig.Dns config;
    private final byte[] nsid;
    private final List<Asked> questions;
    private final Certificates certificates;
    private final SecureRandom random = new SecureRandom();

    /// Creates a check.
    ///
    /// @param identity the identity of the PoP, which is the server's NSID unless the check has its
    ///   own
    DnsCheck(CheckConfig.Dns config, String identity) {
        String own = config.nsid();
        this.config = config;
        this.nsid = (own == null ? identity : own).getBytes(StandardCharsets.UTF_8);
        this.questions = config.names().stream().map(name -> Asked.of(name, config)).toList();
        this.certificates = new Certificates(config.certificate());
    }

    @Override
    public CheckResult run(Duration timeout) {
        long start = System.nanoTime();
        Duration share = timeout.dividedBy(config.transports().size());
        String warning = null;
        for (CheckConfig.Transport transport : config.transports()) {
            Round round = round();
            Exchange exchange = exchange(transport, share);
            switch (exchange.run(round)) {
                case Outcome.Right _ -> warning = warning == null ? exchange.warning() : warning;
                case Outcome.Wrong(var what) -> {
                    return failed(what, transport);
                }
                case Outcome.Unanswered(var what, _) -> {
                    return failed(what, transport);
                }
            }
        }
        return warning == null
                ? new CheckResult.Good(System.nanoTime() - start)
                : new CheckResult.Warned(warning);
    }

    /// Returns the questions of a run over one transport, with random parts of their own.
    Round round() {
        return new Round(questions, questions.size(), nsid, random);
    }

    /// Returns the result of a run that failed over a transport.
    static CheckResult failed(String what, CheckConfig.Transport transport) {
        return new CheckResult.Failed(what + " over " + transport);
    }

    private Exchange exchange(CheckConfig.Transport transport, Duration limit) {
        InetSocketAddress server = config.server();
        return switch (transport) {
            case UDP -> new Exchange(new Way.Udp(null), server, limit);
            case TCP -> new Exchange(new Way.Tcp(), server, limit);
            case TLS ->
                    new Exchange(
                            new Way.Tls(certificates),
                            new InetSocketAddress(server.getAddress(), config.tlsPort()),
                            limit);
        };
    }

    /// A question with the answer that the operator expects.
    ///
    /// @param expected the records that the answer must contain, as far as they can be read
    /// @param query the request with ID 0
    private record Asked(Name name, CheckConfig.Dns config, List<Expected> expected, byte[] query)
            implements Question {

        static Asked of(Name name, CheckConfig.Dns config) {
            return new Asked(
                    name,
                    config,
                    config.records().stream().map(text -> Expected.of(text, config)).toList(),
                    Query.request(0, name, config.qtype().code(), DClass.IN, config.recursive()));
        }

        @Override
        public boolean mixesCase() {
            return config.mixedCase();
        }

        @Override
        public byte[] request(int id) {
            byte[] wire = query.clone();
            ByteBuffer.wrap(wire).putShort((short) id); // the first field (RFC 1035 section 4.1.1)
            return wire;
        }

        @Override
        public @Nullable String fault(Message reply, byte[] nsid) {
            String code = Rcode.string(reply.getRcode());
            if (!code.equals(config.rcode().name())) {
                return code + " for " + this;
            }
            String stranger = stranger(reply, nsid);
            if (stranger != null) {
                return stranger;
            }
            if (config.rcode() != CheckConfig.Rcode.NOERROR) {
                return null;
            }
            if (!config.recursive() && !reply.getHeader().getFlag(Flags.AA)) {
                return "an answer without authority (AA) for " + this;
            }
            return missing(reply.getSection(Section.ANSWER));
        }

        /// Returns what is missing in the answer section, or null when nothing is.
        private @Nullable String missing(List<Record> answer) {
            List<Record> data = new ArrayList<>(answer.size());
            for (Record record : answer) {
                if (record.getType() == config.qtype().code()) {
                    data.add(record);
                }
            }
            if (data.isEmpty()) {
                return "no %s record in the answer for %s"
                        .formatted(Type.string(config.qtype().code()), this);
            }
            for (Expected one : expected) {
                if (data.stream().noneMatch(one::matches)) {
                    return "no record \"%s\" in the answer for %s".formatted(one.text(), this);
                }
            }
            return null;
        }

        @Override
        public @Nullable String stranger(Message reply, byte[] nsid) {
            byte[] actual = Query.nsid(reply);
            return switch (config.identity()) {
                case IGNORED -> null;
                case ACCEPTED -> actual == null ? null : Query.other(actual, nsid);
                case REQUIRED ->
                        actual == null
                                ? "an answer without NSID: its identity cannot be checked"
                                : Query.other(actual, nsid);
            };
        }

        @Override
        public String toString() {
            return name + " " + config.qtype();
        }
    }

    /// Record data that an answer must contain.
    ///
    /// @param text as the operator wrote it
    /// @param record the same as a record; null if it cannot be read as one of its type
    private record Expected(String text, @Nullable Record record) {

        static Expected of(String text, CheckConfig.Dns config) {
            Record record = null;
            try {
                record =
                        Record.fromString(
                                Name.root, config.qtype().code(), DClass.IN, 0, text, Name.root);
            } catch (IOException | IllegalArgumentException _) {
                // No answer has it, and the failed check says so.
            }
            return new Expected(text, record);
        }

        /// Returns whether a record has this data. The case of the names in it does not matter,
        /// because servers shorten them with the name in the question.
        boolean matches(Record actual) {
            Record wanted = record;
            return actual.rdataToString().equals(text)
                    || (wanted != null
                            && Arrays.equals(
                                    wanted.rdataToWireCanonical(), actual.rdataToWireCanonical()));
        }
    }
}
