package org.anycastdns.announcer.check;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.anycastdns.announcer.config.CheckConfig;
import org.anycastdns.announcer.health.CheckResult;
import org.anycastdns.announcer.health.Outcome;
import org.anycastdns.announcer.health.ProbeTransport;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/// Asks a DNS server for some names, over UDP and then over TCP. Any server will do.
final class DnsCheck implements Check {

    private final InetSocketAddress server;
    private final byte[] nsid;
    private final List<Asked> questions;
    private final SecureRandom random = new SecureRandom();

    /// Creates a check.
    ///
    /// @param identity the identity of the PoP, which is the server's NSID unless the check has its
    ///   own
    DnsCheck(CheckConfig.Dns config, String identity) {
        String own = config.nsid();
        this.server = config.server();
        this.nsid = (own == null ? identity : own).getBytes(StandardCharsets.UTF_8);
        this.questions = config.names().stream().map(name -> new Asked(name, config)).toList();
    }

    @Override
    public CheckResult run(Duration timeout) {
        long start = System.nanoTime();
        Duration half = timeout.dividedBy(2);
        for (ProbeTransport transport : ProbeTransport.values()) {
            Round round = new Round(questions, questions.size(), nsid, random);
            switch (new Exchange(transport, server, half).run(round)) {
                case Outcome.Right _ -> {}
                case Outcome.Wrong(var what) -> {
                    return new CheckResult.Failed(what + " over " + transport);
                }
                case Outcome.Unanswered(var what, _) -> {
                    return new CheckResult.Failed(what + " over " + transport);
                }
            }
        }
        return new CheckResult.Good(System.nanoTime() - start);
    }

    /// A question with the answer that the operator expects.
    private record Asked(Name name, CheckConfig.Dns config) implements Question {

        @Override
        public byte[] request(int id) {
            return Query.request(id, name, config.qtype().code(), DClass.IN, config.recursive());
        }

        @Override
        public @Nullable String fault(Message reply, byte[] nsid) {
            if (!reply.getHeader().getFlag(Flags.QR)
                    || reply.getHeader().getOpcode() != Opcode.QUERY) {
                return "not a reply to \"" + name + "\"";
            }
            String code = Rcode.string(reply.getRcode());
            if (!code.equals(config.rcode().name())) {
                return code + " for " + this;
            }
            Record question = reply.getQuestion();
            if (question == null
                    || !question.getName().equals(name)
                    || question.getType() != config.qtype().code()) {
                return "a reply to another question than " + this;
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
            List<String> data =
                    answer.stream()
                            .filter(record -> record.getType() == config.qtype().code())
                            .map(Record::rdataToString)
                            .toList();
            if (data.isEmpty()) {
                return "no %s record in the answer for %s"
                        .formatted(Type.string(config.qtype().code()), this);
            }
            for (String expected : config.records()) {
                if (!data.contains(expected)) {
                    return "no record \"%s\" in the answer for %s".formatted(expected, this);
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
}
